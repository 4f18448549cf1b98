package x509read

import (
	"slices"
	"strings"
	"testing"
)

func nameOf(t testing.TB, raw []byte) Name {
	t.Helper()
	n, _ := ParseName(raw)
	return n
}

func cnName(id byte, s string) []byte { return seq(rdn(OIDCommonName, id, s)) }

func TestNameComparison(t *testing.T) {
	const printable, utf8 = TagPrintableString, TagUTF8String
	multi := func(a, b []byte) []byte { return seq(tlv(idSet, a, b)) }
	attr := func(o OID, s string) []byte { return seq(oidTLV(o), str(utf8, s)) }
	two := func(a, b string) []byte { return seq(rdn(OIDOrganization, utf8, a), rdn(OIDCommonName, utf8, b)) }
	for _, tc := range []struct {
		name             string
		a, b             []byte
		key, rfc, apple5 bool
	}{
		{"same", cnName(utf8, "Acme"), cnName(utf8, "Acme"), true, true, true},
		{"other", cnName(utf8, "Acme"), cnName(utf8, "Acmf"), false, false, false},
		{"case, PrintableString", cnName(printable, "Acme"), cnName(printable, "ACME"), true, true, true},
		{"case, UTF8String", cnName(utf8, "Acme"), cnName(utf8, "ACME"), true, true, false},
		{"blanks, PrintableString", cnName(printable, " Ac  me "), cnName(printable, "Ac me"), true, true, true},
		{"blanks, UTF8String", cnName(utf8, " Ac  me "), cnName(utf8, "Ac me"), true, true, false},
		{"blank inside", cnName(printable, "Ac me"), cnName(printable, "Acme"), false, false, false},
		{"string types", cnName(utf8, "Acme"), cnName(printable, "Acme"), true, true, false},
		{"BMPString", cnName(TagBMPString, "\x00A\x00c"), cnName(utf8, "ac"), true, true, false},
		{"UniversalString", cnName(TagUniversalString, "\x00\x00\x00A"), cnName(utf8, "a"), true, true, false},
		{"TeletexString", cnName(TagTeletexString, "B\xfccher"), cnName(utf8, "bücher"), true, true, false},
		{"composition", cnName(utf8, "u\u0308"), cnName(utf8, "Ü"), true, true, false},
		{"sharp s", cnName(utf8, "STRASSE"), cnName(utf8, "straße"), true, true, false},
		{"full width", cnName(utf8, "Ａcme"), cnName(utf8, "acme"), true, true, false},
		{"no-break space", cnName(utf8, "A\u00a0B"), cnName(utf8, "a b"), true, true, false},
		{"soft hyphen", cnName(utf8, "Ac\u00adme"), cnName(utf8, "acme"), true, true, false},
		{"NUL", cnName(utf8, "a\x00b"), cnName(utf8, "ab"), false, false, false},
		{"attribute type", seq(rdn(OIDOrganization, utf8, "a")), cnName(utf8, "a"), false, false, false},
		{"RDN order", two("a", "b"), seq(rdn(OIDCommonName, utf8, "b"), rdn(OIDOrganization, utf8, "a")), false, false, false},
		{"a prefix", two("a", "b"), seq(rdn(OIDOrganization, utf8, "a")), false, false, false},
		{"order inside an RDN", multi(attr(OIDCommonName, "a"), attr(OIDOrganization, "b")),
			multi(attr(OIDOrganization, "B"), attr(OIDCommonName, "A")), true, true, false},
		{"other inside an RDN", multi(attr(OIDCommonName, "a"), attr(OIDOrganization, "b")),
			multi(attr(OIDOrganization, "B"), attr(OIDCommonName, "b")), false, false, false},
		{"one RDN or two", multi(attr(OIDOrganization, "a"), attr(OIDCommonName, "b")), two("a", "b"), false, false, false},
		{"empty", seq(), seq(), true, true, true},
		{"not a name, same", ints(1), ints(1), true, true, true},
		{"not a name, other", ints(1), ints(2), false, false, false},
		{"not a string", cnName(idInteger, "\x41"), cnName(idInteger, "\x61"), true, false, false},
		{"shifted boundary", two("a", "b"), two("ab", ""), false, false, false},
	} {
		a, b := nameOf(t, tc.a), nameOf(t, tc.b)
		for _, swap := range []bool{false, true} {
			if swap {
				a, b = b, a
			}
			if got := a.Key() == b.Key(); got != tc.key {
				t.Errorf("%s: keys equal %v", tc.name, got)
			}
			if got := a.Equal5280(b); got != tc.rfc {
				t.Errorf("%s: Equal5280 %v", tc.name, got)
			}
			if got := a.EqualApple(b); got != tc.apple5 {
				t.Errorf("%s: EqualApple %v", tc.name, got)
			}
		}
		if NameKey(tc.a) != nameOf(t, tc.a).Key() {
			t.Errorf("%s: NameKey differs", tc.name)
		}
	}
	base, longer := nameOf(t, seq(rdn(OIDOrganization, utf8, "A"))), nameOf(t, two("a", "b"))
	within := func(n, base Name) bool {
		key, ok := n.Key5280()
		prefix, ok2 := base.Key5280()
		return ok && ok2 && strings.HasPrefix(key, prefix)
	}
	if !within(longer, base) || within(base, longer) || !within(base, nameOf(t, seq())) || within(nameOf(t, ints(1)), base) ||
		within(nameOf(t, two("x", "A")), base) || within(nameOf(t, seq(rdn(OIDOrganization, utf8, "AB"))), base) {
		t.Error("Key5280 answers wrong")
	}
}

func TestNameString(t *testing.T) {
	unknown := OID("\x2a\x03\x04")
	for _, tc := range []struct {
		raw  []byte
		want string
	}{
		{seq(rdn(OIDCountry, 19, "US"), rdn(OIDOrganization, 12, "Example, Inc."), rdn(OIDCommonName, 12, "www.example.com")),
			`CN=www.example.com,O=Example\, Inc.,C=US`},
		{seq(rdn(OIDDomainComponent, 22, "com"), rdn(OIDDomainComponent, 22, "example"), rdn(OIDUserID, 12, "a"),
			rdn(OIDEmailAddress, 22, "a@example.com")), `E=a@example.com,UID=a,DC=example,DC=com`},
		{seq(tlv(idSet, seq(oidTLV(OIDState), str(12, "x")), seq(oidTLV(OIDSerialNumber), str(19, "1")))), `ST=x+SERIALNUMBER=1`},
		{cnName(12, ` #a"+;<>\ `), `CN=\ #a\"\+\;\<\>\\\ `},
		{cnName(12, "#a"), `CN=\#a`},
		{cnName(12, "a b"), "CN=a b"},
		{cnName(12, " "), `CN=\ `},
		{cnName(12, "a\nb\x00\x1b[31m"), `CN=a\0Ab\00\1B[31m`},
		{cnName(12, "a\u202eb"), `CN=a\E2\80\AEb`},
		{cnName(12, "Zürich"), "CN=Zürich"},
		{cnName(12, "a\xff"), "CN=a\uFFFD"},
		{seq(rdn(unknown, 12, "a")), "1.2.3.4=#0c0161"},
		{seq(), ""},
		{ints(1), "#020101"},
	} {
		if got := nameOf(t, tc.raw).String(); got != tc.want {
			t.Errorf("%x: %s, want %s", tc.raw, got, tc.want)
		}
	}
	if got := (Name{}).String(); got != "" {
		t.Errorf("zero name: %q", got)
	}
}

func TestNameAccessors(t *testing.T) {
	n := nameOf(t, seq(rdn(OIDCommonName, 12, "first"), rdn(OIDEmailAddress, 22, "a@b"), rdn(OIDCommonName, 12, "last"), rdn(OIDEmailAddress, 12, "c@d")))
	if n.CommonName() != "last" || !slices.Equal(n.EmailAddresses(), []string{"a@b", "c@d"}) || n.Empty() {
		t.Errorf("%s, %v, %v", n.CommonName(), n.EmailAddresses(), n.Empty())
	}
	if got := n.RDNs[0][0].String(); got != "CN=first" {
		t.Errorf("attribute %s", got)
	}
	if !nameOf(t, seq()).Empty() || nameOf(t, ints(1)).Empty() || nameOf(t, seq()).CommonName() != "" {
		t.Error("Empty or CommonName answers wrong")
	}
	if _, faults := ParseName([]byte{0x30, 9}); len(faults) != 1 {
		t.Errorf("a name that is cut off: %v", faults)
	}
	if _, ok := SubjectRaw([]byte("hello")); ok {
		t.Error("SubjectRaw reads text")
	}
	p := goodParts(t)
	p.subject = ints(1)
	if _, ok := SubjectRaw(p.der()); ok {
		t.Error("SubjectRaw takes an integer for a name")
	}
}
