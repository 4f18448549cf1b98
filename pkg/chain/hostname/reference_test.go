package hostname

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestReferenceName(t *testing.T) {
	for _, tt := range []struct {
		typed, name string
		kind        chain.NameKind
		err         string // a part of the message; "" none
	}{
		{"www.Example.com", "www.example.com", chain.NameDNS, ""},
		{"www.example.com.", "www.example.com", chain.NameDNS, ""},
		{"B\u00fccher.example", "xn--bcher-kva.example", chain.NameDNS, ""},
		{"stra\u00dfe.de", "xn--strae-oqa.de", chain.NameDNS, ""},
		{"a_b.example.com", "a_b.example.com", chain.NameDNS, ""},
		{"localhost", "localhost", chain.NameDNS, ""},
		{"192.0.2.1", "192.0.2.1", chain.NameIP, ""},
		{"[2001:DB8::1]", "2001:db8::1", chain.NameIP, ""},
		{"2001:db8::1", "2001:db8::1", chain.NameIP, ""},
		{"me@example.com", "me@example.com", chain.NameEmail, ""},
		{"spiffe://example.org/a", "spiffe://example.org/a", chain.NameURI, ""},
		{"urn:uuid:1", "urn:uuid:1", chain.NameURI, ""},
		{"", "", chain.NameNone, "empty"},
		{"https://www.example.com/path", "", chain.NameNone, "write its host, www.example.com"},
		{"www.example.com/path", "", chain.NameNone, "path"},
		{"www.example.com:443", "", chain.NameNone, "port \"443\""},
		{"[2001:db8::1]:443", "", chain.NameNone, "after the address"},
		{"[2001:db8::1", "", chain.NameNone, "closing bracket"},
		{"fe80::1%en0", "", chain.NameNone, "zone"},
		{"1:2:3", "", chain.NameNone, "no IPv6 address"},
		{"a\xffb.test", "", chain.NameNone, "not UTF-8 at position 2"},
		{"a\ufffdb.test", "", chain.NameNone, "not UTF-8 at position 2"},
		{"two words", "", chain.NameNone, "space"},
		{"a..b", "", chain.NameNone, "empty label at position 2"},
		{"*.example.com", "", chain.NameNone, "wildcard"},
		{"192.0.2.256", "", chain.NameNone, "no IPv4 address"},
		{"a!b", "", chain.NameNone, "letters, digits"},
		{strings.Repeat("a", 63) + ".test", strings.Repeat("a", 63) + ".test", chain.NameDNS, ""},
		{strings.Repeat("a", 64) + ".test", "", chain.NameNone, "64 octets, 63"},
		{strings.Repeat("a.", 126) + "a", strings.Repeat("a.", 126) + "a", chain.NameDNS, ""},
		{strings.Repeat("a.", 126) + "ab", "", chain.NameNone, "254 octets, 253"},
		{"a@b@c", "", chain.NameNone, "no mailbox"},
		{strings.Repeat("a", 3000), "", chain.NameNone, "3000 octets"},
	} {
		name, kind, err := ReferenceName(tt.typed)
		if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
			t.Errorf("ReferenceName(%q): error %v, want %q", tt.typed, err, tt.err)
		}
		if name != tt.name || kind != tt.kind {
			t.Errorf("ReferenceName(%q) = %q, %s, want %q, %s", tt.typed, name, kind, tt.name, tt.kind)
		}
	}
}

// FuzzNames asks for any name of a certificate with any dNSName: nothing
// panics, what matches is well-formed on both sides, and exactly one rule of the
// profile without Apple's says why something does not.
func FuzzNames(f *testing.F) {
	for _, s := range [][2]string{{"*.example.com", "a.example.com"}, {"*", "com"}, {"xn--*", "xn--a"},
		{"b\u00fccher.example", "xn--bcher-kva.example"}, {"1.2.3.4", "1.2.3.4"}, {"\xff", "::1"}, {"0", "-"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, entry, name string) {
		if matchDNS(entry, name) == matched && (!validPresented(entry) || !validReference(name)) {
			t.Fatalf("%q matches %q", entry, name)
		}
		registrableDomain(name)
		if typed, kind, err := ReferenceName(name); err == nil {
			if again, kind2, err := ReferenceName(typed); err != nil || again != typed || kind2 != kind {
				t.Fatalf("ReferenceName(%q) = %q, %s; again %q, %s, %v", name, typed, kind, again, kind2, err)
			}
		}
		if len(entry) > 1000 {
			return
		}
		c := caseOf(leafWith(t, "x", dns(entry, "other.test")), name, chain.NameDNS)
		n := 0
		for _, id := range fired(t, c) {
			if strings.HasPrefix(id, "hostname-") && id != unusual.ID { // which is of other clients
				n++
			}
		}
		if want := 0; name != "" && Reason(c) == "" {
			if want = 1; n != want {
				t.Fatalf("%q for %q: %d errors, want %d", entry, name, n, want)
			}
		} else if n != 0 {
			t.Fatalf("%q for %q: %d errors though it is covered", entry, name, n)
		}
	})
}
