package apple

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

func general(tag int, value string) x509read.GeneralName {
	return x509read.GeneralName{Tag: tag, Value: []byte(value)}
}

func directory(parts ...string) x509read.GeneralName {
	var n pkix.RDNSequence
	for _, p := range parts {
		n = append(n, pkix.RelativeDistinguishedNameSET{{Type: asn1.ObjectIdentifier{2, 5, 4, 10}, Value: p}})
	}
	name := encodedName(n)
	return x509read.GeneralName{Tag: x509read.TagDirectoryName, Value: name.Raw, Name: &name}
}

func named(names ...x509read.GeneralName) edit {
	return func(c *x509read.Certificate) { c.SubjectAltName = names }
}

func constrained(critical bool, permitted, excluded []x509read.GeneralName) edit {
	trees := func(list []x509read.GeneralName) (out []x509read.Subtree) {
		for _, g := range list {
			out = append(out, x509read.Subtree{Base: g, Maximum: -1})
		}
		return out
	}
	return func(c *x509read.Certificate) {
		c.NameConstraints = &x509read.NameConstraints{Permitted: trees(permitted), Excluded: trees(excluded), Critical: critical}
	}
}

func TestNameConstraints(t *testing.T) {
	const id = "apple-name-constraints"
	dns := func(s string) x509read.GeneralName { return general(x509read.TagDNS, s) }
	list := func(g ...x509read.GeneralName) []x509read.GeneralName { return g }
	permit := func(tree, name x509read.GeneralName) *chain.Case {
		return asked(chain.App, leaf(named(name)), authority("CA", "Root", constrained(true, list(tree), nil)), authority("Root", "Root"))
	}
	exclude := func(tree, name x509read.GeneralName) *chain.Case {
		return asked(chain.App, leaf(named(name)), authority("CA", "Root", constrained(true, nil, list(tree))), authority("Root", "Root"))
	}
	twice := func(upper, lower x509read.GeneralName, name string) *chain.Case {
		return asked(chain.App, leaf(named(dns(name))), authority("CA", "Root", constrained(true, list(lower), nil)),
			authority("Root", "Root", constrained(true, list(upper), nil)))
	}
	subject := func(parts ...string) edit {
		return func(c *x509read.Certificate) { c.Subject = *directory(parts...).Name }
	}
	org := func(tree x509read.GeneralName, parts ...string) *chain.Case {
		return asked(chain.App, leaf(subject(parts...)), authority("CA", "Root", constrained(true, list(tree), nil)), authority("Root", "Root"))
	}
	ip4, mask := "\xc0\x00\x02\x00", "\xff\xff\xff\x00"
	many := func(n int) *chain.Case {
		trees := make([]x509read.GeneralName, n)
		for i := range trees {
			trees[i] = dns("example.com")
		}
		return asked(chain.App, leaf(named(dns("www.example.com"))), authority("CA", "Root", constrained(true, trees, nil)), authority("Root", "Root"))
	}
	other := constrained(true, list(general(x509read.TagOtherName, "x")), nil)
	tell(t, []story{
		{"domain itself", id, permit(dns("example.com"), dns("example.com")), ""},
		{"sub-domain, case", id, permit(dns("Example.com"), dns("www.eXample.com")), ""},
		{"no label boundary", id, permit(dns("example.com"), dns("badexample.com")), "error"},
		{"leading dot, sub-domain", id, permit(dns(".example.com"), dns("www.example.com")), ""},
		{"leading dot, domain itself", id, permit(dns(".example.com"), dns("example.com")), "error"},
		{"permitted empty name blocks all", id, permit(dns(""), dns("www.example.com")), "error"},
		{"excluded empty name excludes nothing", id, exclude(dns(""), dns("www.example.com")), ""},
		{"excluded", id, exclude(dns("example.com"), dns("www.example.com")), "error"},
		{"wildcard is not caught", id, exclude(dns("foo.example.com"), dns("*.example.com")), ""},
		{"wildcard is not inside", id, permit(dns("foo.example.com"), dns("*.example.com")), "error"},
		{"other types are not limited", id, permit(dns("example.com"), general(x509read.TagIP, ip4)), ""},

		{"longer name", id, org(directory("Acme"), "Acme", "Sales"), ""},
		{"equal name does not match", id, org(directory("Acme"), "Acme"), "error"},
		{"another case", id, org(directory("ACME"), "Acme", "Sales"), "error"},
		{"empty constraint", id, org(directory(), "Acme"), ""},

		{"address inside", id, permit(general(x509read.TagIP, ip4+mask), general(x509read.TagIP, "\xc0\x00\x02\x09")), ""},
		{"address outside", id, permit(general(x509read.TagIP, ip4+mask), general(x509read.TagIP, "\xc0\x00\x03\x09")), "error"},
		{"mask of a wrong length", id, permit(general(x509read.TagIP, ip4), general(x509read.TagIP, ip4)), "error"},
		{"host of a URI", id, permit(general(x509read.TagURI, ".example.com"), general(x509read.TagURI, "https://a.example.com/x")), ""},
		{"host of a URI outside", id, permit(general(x509read.TagURI, "example.com"), general(x509read.TagURI, "https://a.example.com/x")), "error"},
		{"mailbox", id, permit(general(x509read.TagEmail, "me@example.com"), general(x509read.TagEmail, "me@Example.com")), ""},
		{"another mailbox", id, permit(general(x509read.TagEmail, "me@example.com"), general(x509read.TagEmail, "you@example.com")), "error"},
		{"mail host", id, permit(general(x509read.TagEmail, "example.com"), general(x509read.TagEmail, "me@example.com")), ""},
		{"mail sub-domain", id, permit(general(x509read.TagEmail, ".example.com"), general(x509read.TagEmail, "me@example.com")), "error"},

		{"unrelated sets add up", id, twice(dns("a.example"), dns("b.example"), "www.a.example"), ""},
		{"narrower replaces", id, twice(dns("example"), dns("a.example"), "b.example"), "error"},
		{"wider is dropped", id, twice(dns("a.example"), dns("example"), "b.example"), "error"},

		{"constraints of the anchor", id,
			asked(chain.App, leaf(named(dns("www.other.com"))), authority("Root", "Root", constrained(true, list(dns("example.com")), nil))), "error"},
		{"anchored leaf", id, asked(chain.App, leaf(named(dns("www.other.com")), constrained(true, list(dns("example.com")), nil))), ""},
		{"unsupported type, critical", id, middle(chain.App, other), "error"},
		{"unsupported type, not critical", id, middle(chain.App, constrained(false, list(general(x509read.TagOtherName, "x")), nil)), ""},
		{"unsupported type of the anchor", id, root(chain.App, other), ""},
		{"1023 subtrees", id, many(1023), ""},
		{"1024 subtrees", id, many(1024), "error"},
	})
}

func TestNameConstraintsAreBounded(t *testing.T) {
	names := make([]x509read.GeneralName, 2000)
	trees := make([]x509read.GeneralName, 1000)
	for i := range names {
		names[i] = general(x509read.TagDNS, "www.example.com")
	}
	for i := range trees {
		trees[i] = general(x509read.TagDNS, "example.org")
	}
	c := asked(chain.App, leaf(named(names...)), authority("CA", "Root", constrained(true, nil, trees)), authority("Root", "Root"))
	if got := outcome(fire(t, "apple-name-constraints", c)); got != "error" {
		t.Errorf("two million comparisons: %q", got)
	}
}
