package hostname

import (
	"slices"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

func dns(names ...string) []san {
	out := []san{}
	for _, n := range names {
		out = append(out, san{2, n})
	}
	return out
}

const mismatch = "hostname-mismatch"

func TestRules(t *testing.T) {
	ip4, ip6 := "\xc0\x00\x02\x01", "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"
	for _, tt := range []struct {
		label string
		cn    string
		names []san
		name  string
		kind  chain.NameKind
		want  []string
	}{
		{"exact", "x", dns("www.example.com"), "www.example.com", chain.NameDNS, nil},
		{"case", "x", dns("WWW.example.COM"), "www.EXAMPLE.com", chain.NameDNS, nil},
		{"final dot of the reference", "x", dns("www.example.com"), "www.example.com.", chain.NameDNS, nil},
		{"final dot of the entry", "x", dns("www.example.com."), "www.example.com", chain.NameDNS, []string{"hostname-malformed"}},
		{"blank at the end", "www.example.com", dns("www.example.com "), "www.example.com", chain.NameDNS, []string{"hostname-malformed"}},
		{"blank at the front", "x", dns("\twww.example.com"), "www.example.com", chain.NameDNS, []string{"hostname-malformed"}},
		{"DNS: in it", "x", dns("DNS:www.example.com"), "www.example.com", chain.NameDNS, []string{"hostname-malformed"}},
		{"URL", "x", dns("https://www.example.com/"), "www.example.com", chain.NameDNS, []string{"hostname-malformed"}},
		{"port", "x", dns("www.example.com:443"), "www.example.com", chain.NameDNS, []string{"hostname-malformed"}},
		{"several names in one", "x", dns("example.com, www.example.com"), "www.example.com", chain.NameDNS, []string{"hostname-malformed"}},
		{"wildcard with a blank", "x", dns("*.example.com "), "www.example.com", chain.NameDNS, []string{"hostname-malformed"}},
		{"blank, another name", "x", dns("www.example.org "), "www.example.com", chain.NameDNS, []string{mismatch}},
		{"blank and the name itself", "x", dns("www.example.com ", "www.example.com"), "www.example.com", chain.NameDNS, nil},
		{"leading hyphen", "x", dns("-a.example.com"), "-a.example.com", chain.NameDNS, []string{mismatch, "hostname-unusual"}},
		{"wildcard", "x", dns("*.example.com"), "www.example.com", chain.NameDNS, nil},
		{"wildcard over an A-label", "x", dns("*.example.com"), "xn--bcher-kva.example.com", chain.NameDNS, nil},
		{"wildcard at the apex", "x", dns("*.example.com"), "example.com", chain.NameDNS, []string{"hostname-wildcard"}},
		{"wildcard and apex", "x", dns("*.example.com", "example.com"), "example.com", chain.NameDNS, nil},
		{"wildcard over two labels", "x", dns("*.example.com"), "a.b.example.com", chain.NameDNS, []string{"hostname-wildcard"}},
		{"wildcard inside", "x", dns("foo.*.example.com"), "foo.bar.example.com", chain.NameDNS, []string{"hostname-wildcard"}},
		{"partial wildcard", "x", dns("f*.example.com"), "foo.example.com", chain.NameDNS, []string{"hostname-wildcard"}},
		{"wildcard in an A-label", "x", dns("xn--*-1b3c148a.example.com"), "xn--bliss-1b3c148a.example.com", chain.NameDNS, []string{"hostname-wildcard"}},
		{"wildcard under a TLD", "x", dns("*.com"), "example.com", chain.NameDNS, []string{"hostname-wildcard"}},
		{"wildcard alone", "x", dns("*"), "com", chain.NameDNS, []string{"hostname-wildcard"}},
		{"two wildcards", "x", dns("*.*.example.com"), "a.b.example.com", chain.NameDNS, []string{"hostname-wildcard"}},
		{"wildcard elsewhere", "x", dns("*.example.org"), "www.example.com", chain.NameDNS, []string{mismatch}},
		{"wildcard under a public suffix", "x", dns("*.co.uk"), "example.co.uk", chain.NameDNS, []string{"apple-hostname-wildcard-suffix", "hostname-unusual"}},
		{"wildcard under a private suffix", "x", dns("*.github.io"), "me.github.io", chain.NameDNS,
			[]string{"apple-hostname-wildcard-suffix", "hostname-unusual"}},
		{"wildcard under a public suffix and the name", "x", dns("*.co.uk", "example.co.uk"), "example.co.uk", chain.NameDNS, nil},
		{"other name", "x", dns("example.com"), "example2.com", chain.NameDNS, []string{mismatch}},
		{"CN and no extension", "www.example.com", nil, "www.example.com", chain.NameDNS, []string{"hostname-cn-only"}},
		{"CN and other names", "www.example.com", dns("example.com"), "www.example.com", chain.NameDNS, []string{"hostname-cn-only"}},
		{"no extension", "other", nil, "www.example.com", chain.NameDNS, []string{"hostname-no-san"}},
		{"empty extension", "other", dns(), "www.example.com", chain.NameDNS, []string{mismatch}},
		{"U-label", "x", dns("b\u00fccher.example"), "xn--bcher-kva.example", chain.NameDNS, []string{"hostname-idna"}},
		{"U-label asked for", "x", dns("xn--bcher-kva.example"), "b\u00fccher.example", chain.NameDNS, nil},
		{"NUL", "x", dns("www.example.com\x00.evil.test"), "www.example.com", chain.NameDNS, []string{mismatch}},
		{"single label", "x", dns("localhost"), "localhost", chain.NameDNS, nil},
		{"underscore", "x", dns("a_b.example.com"), "a_b.example.com", chain.NameDNS, []string{"hostname-unusual"}},
		{"last label without letter", "x", dns("host._1"), "host._1", chain.NameDNS, []string{"apple-hostname-label", "hostname-unusual"}},
		{"last label with letter", "x", dns("host._a1"), "host._a1", chain.NameDNS, []string{"hostname-unusual"}},
		{"not UTF-8 beside the name", "x", dns("b\xfccher.example", "www.example.com"), "www.example.com", chain.NameDNS, []string{"apple-hostname-non-utf8"}},
		{"UTF-8 beside the name", "x", dns("b\u00fccher.example", "www.example.com"), "www.example.com", chain.NameDNS, nil},
		{"no host name", "x", dns("www.example.com"), "not a name", chain.NameDNS, []string{mismatch}},
		{"DNS name given as an address", "x", dns("www.example.com"), "www.example.com", chain.NameIP, []string{mismatch}},
		{"IPv4", "x", []san{{7, ip4}}, "192.0.2.1", chain.NameIP, nil},
		{"IPv4 given as DNS name", "x", []san{{7, ip4}}, "192.0.2.1", chain.NameDNS, nil},
		{"IPv4 other", "x", []san{{7, ip4}}, "192.0.2.2", chain.NameIP, []string{mismatch}},
		{"IPv4 as dNSName", "x", dns("192.0.2.1"), "192.0.2.1", chain.NameIP, []string{"hostname-ip-as-dns"}},
		{"IPv4 in the CN", "192.0.2.1", nil, "192.0.2.1", chain.NameIP, []string{"hostname-cn-only"}},
		{"IPv4 against mapped", "x", []san{{7, ip4}}, "::ffff:192.0.2.1", chain.NameIP, []string{mismatch}},
		{"IPv6", "x", []san{{7, ip6}}, "2001:db8::1", chain.NameIP, nil},
		{"IPv6 in brackets", "x", []san{{7, ip6}}, "[2001:db8::1]", chain.NameIP, nil},
		{"IPv6 with dotted tail", "x", []san{{7, ip6}}, "2001:db8::0.0.0.1", chain.NameIP, []string{"apple-hostname-ip-text"}},
		{"bad iPAddress beside the address", "x", []san{{7, ip4 + "\xff\xff\xff\x00"}, {7, ip4}}, "192.0.2.1", chain.NameIP,
			[]string{"apple-hostname-ip-length"}},
		{"subnet instead of address", "x", []san{{7, ip4 + "\xff\xff\xff\x00"}}, "192.0.2.1", chain.NameIP, []string{mismatch}},
		{"mailbox", "x", []san{{1, "me@Example.com"}}, "me@example.com", chain.NameEmail, nil},
		{"mailbox, other case of the local part", "x", []san{{1, "Me@example.com"}}, "me@example.com", chain.NameEmail, []string{mismatch}},
		{"mailbox with two @", "x", []san{{1, "a@b@example.com"}}, "a@b@example.com", chain.NameEmail, []string{mismatch}},
		{"URI", "x", []san{{6, "spiffe://Example.org/a"}}, "spiffe://example.org/a", chain.NameURI, nil},
		{"URI, other path", "x", []san{{6, "spiffe://example.org/A"}}, "spiffe://example.org/a", chain.NameURI, []string{mismatch}},
		{"SPIFFE with two URIs", "x", []san{{6, "spiffe://example.org/a"}, {6, "https://example.org"}}, "spiffe://example.org/a", chain.NameURI,
			[]string{"hostname-spiffe"}},
		{"two URIs, none of SPIFFE", "x", []san{{6, "https://a.example/"}, {6, "https://b.example/"}}, "https://a.example/", chain.NameURI, nil},
		{"no name asked", "x", nil, "", chain.NameNone, nil},
	} {
		c := caseOf(leafWith(t, tt.cn, tt.names), tt.name, tt.kind)
		if got := fired(t, c); !slices.Equal(got, tt.want) {
			t.Errorf("%s: fired %v, want %v", tt.label, got, tt.want)
		}
	}
}

func TestReason(t *testing.T) {
	for _, tt := range []struct{ entry, name, want string }{
		{"*.example.com", "www.example.com", "*.example.com covers www.example.com"},
		{"www.example.com", "www.example.com", "www.example.com is in subjectAltName"},
		{"example.com", "www.example.com", ""},
	} {
		if got := Reason(caseOf(leafWith(t, "x", dns(tt.entry)), tt.name, chain.NameDNS)); got != tt.want {
			t.Errorf("Reason(%s for %s) = %q, want %q", tt.entry, tt.name, got, tt.want)
		}
	}
}

func TestMismatchNamesTheNearest(t *testing.T) {
	for _, tt := range []struct {
		names []string
		name  string
		near  string
	}{
		{[]string{"mail.example.org", "api.example.com", "other.test"}, "www.example.com", "api.example.com"},
		{[]string{"example.org", "exmaple.com"}, "example.com", "exmaple.com"},
		{[]string{"a.b.example.com", "x.example.com"}, "y.b.example.com", "a.b.example.com"},
		{[]string{"unrelated.test"}, "www.example.com", ""},
	} {
		hits := checkMismatch(caseAndLeaf(caseOf(leafWith(t, "x", dns(tt.names...)), tt.name, chain.NameDNS)))
		if len(hits) != 1 {
			t.Fatalf("%v for %s: %d hits", tt.names, tt.name, len(hits))
		}
		_, near, _ := strings.Cut(hits[0].Message, "the nearest is ")
		if near != tt.near {
			t.Errorf("%v for %s: nearest %q, want %q", tt.names, tt.name, near, tt.near)
		}
		for _, n := range tt.names {
			if !strings.Contains(hits[0].Evidence[0].Got, n) {
				t.Errorf("%v for %s: evidence lacks %s: %s", tt.names, tt.name, n, hits[0].Evidence[0].Got)
			}
		}
	}
}

// Who connects by address or as localhost is told the name that would do.
func TestMismatchNamesAnotherWayToConnect(t *testing.T) {
	for _, tt := range []struct {
		names []string
		name  string
		kind  chain.NameKind
		want  string // "": no such advice
	}{
		{[]string{"*.shop.test", "www.shop.test"}, "127.0.0.1", chain.NameIP, "connect as www.shop.test,"},
		{[]string{"www.shop.test"}, "localhost", chain.NameDNS, "--name www.shop.test)"},
		{[]string{"*.shop.test"}, "localhost", chain.NameDNS, ""},
		{[]string{"a b", "--anchor=x"}, "localhost", chain.NameDNS, ""},
		{[]string{"api.shop.test"}, "www.shop.test", chain.NameDNS, ""}, // the nearest is named
	} {
		hits := checkMismatch(caseAndLeaf(caseOf(leafWith(t, "x", dns(tt.names...)), tt.name, tt.kind)))
		if len(hits) != 1 || strings.Contains(testpki.Steps(hits[0].Advice), "or connect as") != (tt.want != "") ||
			!strings.Contains(testpki.Steps(hits[0].Advice), tt.want) {
			t.Errorf("%v for %s: %+v", tt.names, tt.name, hits)
		}
	}
}

func caseAndLeaf(c *chain.Case) (*chain.Case, *chain.Item) { return c, c.Leaf() }

func TestManyNamesAreShortened(t *testing.T) {
	var names []string
	for i := range 3000 {
		names = append(names, strings.Repeat("a", i%60+1)+".example.test")
	}
	hits := checkMismatch(caseAndLeaf(caseOf(leafWith(t, "x", dns(names...)), "www.example.com", chain.NameDNS)))
	if len(hits) != 1 || !strings.HasSuffix(hits[0].Evidence[0].Got, "and 2988 more") {
		t.Errorf("hits %+v", hits)
	}
}

func TestRepairsCoverTheName(t *testing.T) {
	for _, tt := range []struct {
		name string
		kind chain.NameKind
	}{{"www.example.com", chain.NameDNS}, {"192.0.2.9", chain.NameIP}, {"me@example.com", chain.NameEmail}, {"spiffe://example.org/a", chain.NameURI}} {
		c := caseOf(leafWith(t, "x", dns("other.test")), tt.name, tt.kind)
		hits := checkMismatch(caseAndLeaf(c))
		in := chain.Input{Capture: c.Capture, Question: c.Question, Anchors: c.Anchors}
		fixed, ok := hits[0].Advice[0].Repair(in)
		if !ok {
			t.Fatalf("%s: repair cannot be applied", tt.name)
		}
		if got := fired(t, chain.Build(fixed, chain.DefaultBudget(), chain.NewMemory(4))); got != nil {
			t.Errorf("%s: after the repair %v fires", tt.name, got)
		}
	}
}

func TestRulesAreComplete(t *testing.T) {
	seen := map[string]string{}
	for _, r := range Rules() {
		if r.Level != chain.LevelName || r.Title == "" || len(r.Title) > 60 || len(r.Sources) == 0 || r.Explain == "" || len(r.Advice) == 0 || r.Check == nil {
			t.Errorf("%s is incomplete", r.ID)
		}
		if other, ok := seen[r.Explain]; ok {
			t.Errorf("%s and %s share an explanation", r.ID, other)
		}
		seen[r.Explain] = r.ID
	}
}

// TestNearestWildcard: of several wildcards that do not reach the name, the one
// that spells out most of it is explained, wherever it stands.
func TestNearestWildcard(t *testing.T) {
	for _, tt := range []struct {
		names []san
		by    string
	}{
		{dns("*.com", "*", "w*.eyes.example", "*.*.eyes.example"), "w*.eyes.example"},
		{dns("w*.eyes.example", "*"), "w*.eyes.example"},
		{dns("*", "*.org"), "*"},
		{dns("w*.eyes.example", "ww*.eyes.example"), "ww*.eyes.example"},
	} {
		j := judge(caseOf(leafWith(t, "x", tt.names), "www.eyes.example", chain.NameDNS))
		if j.cause != causeWildcard || j.by != tt.by {
			t.Errorf("%v: cause %d, %s; want %s", tt.names, j.cause, j.by, tt.by)
		}
	}
}
