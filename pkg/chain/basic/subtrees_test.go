package basic

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

func tree(tag int, value string) x509read.Subtree {
	return x509read.Subtree{Base: x509read.GeneralName{Tag: tag, Value: []byte(value)}, Maximum: -1}
}

func nameOf(tag int, value string) constrainedName {
	return alternativeName(&x509read.GeneralName{Tag: tag, Value: []byte(value)})
}

func fits(base x509read.Subtree, name string, excluded bool) fit {
	n := nameOf(base.Base.Tag, name)
	return within(&subtreesOf([]x509read.Subtree{base})[0], &n, excluded)
}

// TestWithin: one name against one subtree (RFC 5280 section 4.2.1.10).
func TestWithin(t *testing.T) {
	const dns, mail, uri, ip = x509read.TagDNS, x509read.TagEmail, x509read.TagURI, x509read.TagIP
	for _, c := range []struct {
		tag        int
		base, name string
		excluded   bool
		want       fit
	}{
		{dns, "example.com", "example.com", false, matched},
		{dns, "example.com", "www.EXAMPLE.com", false, matched},
		{dns, "example.com", "badexample.com", false, outside},
		{dns, "example.com", "com", false, outside},
		{dns, ".example.com", "example.com", false, outside},
		{dns, ".example.com", "www.example.com", false, matched},
		{dns, "", "anything", false, matched},
		{dns, "example.com", "*.example.com", false, matched},
		{dns, "foo.example.com", "*.example.com", false, outside},
		{dns, "foo.example.com", "*.example.com", true, matched},
		{dns, "a.foo.example.com", "*.example.com", true, outside},
		{dns, "example.com", "a..b", false, undecidable},
		{dns, "*.example.com", "www.example.com", true, undecidable},
		{mail, "user@example.com", "user@EXAMPLE.com", false, matched},
		{mail, "user@example.com", "USER@example.com", false, outside},
		{mail, "example.com", "any@example.com", false, matched},
		{mail, "example.com", "any@mail.example.com", false, outside},
		{mail, ".example.com", "any@mail.example.com", false, matched},
		{mail, ".example.com", "any@example.com", false, outside},
		{mail, "example.com", "example.com", false, undecidable},
		{mail, "example.com", "@example.com", false, undecidable},
		{mail, "example.com", "a b@example.com", false, undecidable},
		{mail, "example.com", `"a b"@example.com`, false, matched},
		{mail, `"a b"@example.com`, `"a b"@example.com`, false, matched},
		{mail, "a b@example.com", "ab@example.com", true, undecidable},
		{mail, "a@b@example.com", "b@example.com", true, undecidable},
		{uri, "example.com", "https://example.com/path", false, matched},
		{uri, "example.com", "https://user:pw@example.com:8443/?q", false, matched},
		{uri, "example.com", "https://www.example.com", false, outside},
		{uri, ".example.com", "https://www.example.com", false, matched},
		{uri, ".example.com", "https://example.com", false, outside},
		{uri, "example.com", "urn:example.com", false, undecidable},
		{uri, "example.com", `https://example.org\@example.com/`, false, undecidable},
		{uri, "example.com", "https://a@b@example.com/", false, undecidable},
		{uri, "example.com", "https://a b@example.com/", false, undecidable},
		{uri, "example.com", "https://example.com:80:90/", false, undecidable},
		{uri, "example.com", "https://example.com:/", false, matched},
		{uri, "example.com", "https://192.0.2.1/", false, undecidable},
		{uri, "example.com", "https://[2001:db8::1]/", false, undecidable},
		{ip, "\xc0\x00\x02\x00\xff\xff\xff\x00", "\xc0\x00\x02\xff", false, matched},
		{ip, "\xc0\x00\x02\x00\xff\xff\xff\x00", "\xc0\x00\x03\x00", false, outside},
		{ip, "\xc0\x00\x02\x00\xff\xff\xff\x00", "\xc0\x00\x03", false, undecidable},
		{ip, "\xc0\x00\x02\x00\xff\xff\xff\x00", "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01", false, outside},
		{x509read.TagX400, "", "", false, undecidable},
	} {
		if got := fits(tree(c.tag, c.base), c.name, c.excluded); got != c.want {
			t.Errorf("%q within %q (tag %d, excluded %v): %d, want %d", c.name, c.base, c.tag, c.excluded, got, c.want)
		}
	}
	limited := tree(dns, "example.com")
	limited.Maximum = 0
	if fits(limited, "example.com", false) != undecidable {
		t.Error("a subtree with a maximum was compared")
	}
}

// TestBreach: permitted and excluded together, and kinds that do not meet.
func TestBreach(t *testing.T) {
	const dns, ip, other = x509read.TagDNS, x509read.TagIP, x509read.TagOtherName
	typed := func(oid x509read.OID) x509read.Subtree {
		return x509read.Subtree{Base: x509read.GeneralName{Tag: other, OtherName: oid}, Maximum: -1}
	}
	upn := constrainedName{tag: other, general: &x509read.GeneralName{Tag: other, OtherName: x509read.OIDOtherNameUPN}}
	for _, c := range []struct {
		about string
		nc    x509read.NameConstraints
		name  constrainedName
		bad   bool
	}{
		{"no constraint of the kind", x509read.NameConstraints{Permitted: []x509read.Subtree{tree(ip, "\x00\x00\x00\x00\x00\x00\x00\x00")}},
			nameOf(dns, "a.example"), false},
		{"second of two permitted", x509read.NameConstraints{Permitted: []x509read.Subtree{tree(dns, "b.example"), tree(dns, "a.example")}},
			nameOf(dns, "a.example"), false},
		{"none of two permitted", x509read.NameConstraints{Permitted: []x509read.Subtree{tree(dns, "b.example"), tree(dns, "c.example")}},
			nameOf(dns, "a.example"), true},
		{"permitted and excluded",
			x509read.NameConstraints{Permitted: []x509read.Subtree{tree(dns, "example")},
				Excluded: []x509read.Subtree{tree(dns, "a.example")}}, nameOf(dns, "a.example"), true},
		{"other name of another type", x509read.NameConstraints{Excluded: []x509read.Subtree{typed(x509read.OIDOtherNameKRB5)}}, upn, false},
		{"other name of the type", x509read.NameConstraints{Excluded: []x509read.Subtree{typed(x509read.OIDOtherNameUPN)}}, upn, true},
	} {
		if got := constraintsOf(&c.nc).breach([]constrainedName{c.name}); (got != nil) != c.bad {
			t.Errorf("%s: %+v", c.about, got)
		}
	}
}

// FuzzWithin: names and constraints from certificates are hostile.
func FuzzWithin(f *testing.F) {
	f.Add(2, "example.com", "*.example.com", true)
	f.Add(6, ".example.com", "https://u@www.example.com:1/", false)
	f.Add(1, "a@b", "\"@\"@b", false)
	f.Add(7, "\x00\x00\x00\x00\x00\x00\x00\x00", "\x7f\x00\x00\x01", true)
	f.Fuzz(func(t *testing.T, tag int, base, name string, excluded bool) {
		got := fits(tree(tag, base), name, excluded)
		if got == matched && base == "" && tag == x509read.TagIP {
			t.Error("an address matched an empty subtree")
		}
		if tag == x509read.TagDNS && got == matched && base != "" && fits(tree(tag, "x."+name), name, false) == matched {
			t.Errorf("%q lies within its own sub-domain", name)
		}
	})
}
