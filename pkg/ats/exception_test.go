package ats

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// ability is a server as a set of what it can do, for the property test.
type ability struct {
	versions                  []tlsname.Version
	suites                    []tlsname.Suite
	untrustedByDefault, clear bool
}

func (a ability) takes(d requirement) bool {
	if a.clear {
		return d.HTTP
	}
	if a.untrustedByDefault && d.Required {
		return false
	}
	for _, v := range a.versions {
		for _, id := range a.suites {
			if v >= d.Floor && slices.Contains(d.Suites, id) && (id.Exchange() == tlsname.KeyShare) == (v == tlsname.TLS13) {
				return true
			}
		}
	}
	return false
}

// subsets lists the entries that remain when keys are removed.
func subsets(entry map[string]any) []map[string]any {
	list := []map[string]any{{}}
	for _, k := range sortedKeys(entry) {
		for _, s := range list[:len(list):len(list)] {
			e := map[string]any{k: entry[k]}
			maps.Copy(e, s)
			list = append(list, e)
		}
	}
	return list
}

func TestSmallestExceptionIsSmallest(t *testing.T) {
	versions := [][]tlsname.Version{{tlsname.TLS10}, {tlsname.TLS11}, {tlsname.TLS12}, {tlsname.TLS13}, {tlsname.TLS10, tlsname.TLS12},
		{tlsname.TLS10, tlsname.TLS11}}
	suites := [][]tlsname.Suite{{0x1302}, {0xc02f}, {0x009c}, {0x0005}, {0x000a}, {0xc013, 0x009c}}
	plists := []*chain.AppSettings{nil, atsSettings(dict{keyArbitraryLoads: true}),
		atsSettings(domain("com", dict{keyMinimumTLS: "TLSv1.3", keySubdomains: true})),
		atsSettings(domain("www.example.com", dict{keyMinimumTLS: "TLSv1.0"}))}
	helped := 0
	for _, host := range []string{"www.example.com", "192.0.2.1"} {
		for _, v := range versions {
			for _, s := range suites {
				for flags := 0; flags < 4; flags++ {
					for _, p := range plists {
						a := ability{v, s, flags&1 != 0, flags&2 != 0}
						label := fmt.Sprintf("%s %+v", host, a)
						e, ok := smallestException(p, host, "ios26", a.takes)
						try := func(entry map[string]any) bool { return a.takes(decideFor(withEntry(p, host, entry), host, "ios26")) }
						if !ok {
							for _, c := range candidates() {
								if try(c.entry) {
									t.Errorf("%s: %v helps and was not found", label, c.entry)
								}
							}
							continue
						}
						helped++
						if !try(e.Keys) {
							t.Errorf("%s: %v does not help", label, e.Keys)
						}
						for _, less := range subsets(e.Keys) {
							if len(less) < len(e.Keys) && try(less) {
								t.Errorf("%s: %v has a key too many, %v is enough", label, e.Keys, less)
							}
						}
						for _, c := range candidates() {
							if c.weakening < harmOf(e.Keys) && try(c.entry) {
								t.Errorf("%s: %v is cheaper than %v", label, c.entry, e.Keys)
							}
						}
						for k := range e.Keys {
							if _, perHost := exceptionKeys()[k]; !perHost {
								t.Errorf("%s: %s is not a per-host key", label, k)
							}
						}
					}
				}
			}
		}
	}
	if helped == 0 {
		t.Error("no server was helped")
	}
}

func harmOf(entry map[string]any) int {
	for _, c := range candidates() {
		if reflect.DeepEqual(c.entry, entry) {
			return c.weakening
		}
	}
	return -1
}

func TestSmallestExceptionTable(t *testing.T) {
	for _, tc := range []struct {
		name string
		a    ability
		want map[string]any // nil: nothing helps
	}{
		{"TLS 1.1", ability{versions: []tlsname.Version{tlsname.TLS11}, suites: []tlsname.Suite{0xc013}}, dict{keyMinimumTLS: "TLSv1.1"}},
		{"TLS 1.0", ability{versions: []tlsname.Version{tlsname.TLS10}, suites: []tlsname.Suite{0xc013}}, dict{keyMinimumTLS: "TLSv1.0"}},
		{"static RSA", ability{versions: []tlsname.Version{tlsname.TLS12}, suites: []tlsname.Suite{0x002f}}, dict{keyForwardSecrecy: false}},
		{"TLS 1.0, static RSA", ability{versions: []tlsname.Version{tlsname.TLS10}, suites: []tlsname.Suite{0x002f}},
			dict{keyMinimumTLS: "TLSv1.0", keyForwardSecrecy: false}},
		{"3DES", ability{versions: []tlsname.Version{tlsname.TLS12}, suites: []tlsname.Suite{0x000a}}, dict{keyForwardSecrecy: false, keyInsecureHTTP: true}},
		{"RC4", ability{versions: []tlsname.Version{tlsname.TLS12}, suites: []tlsname.Suite{0x0005}}, nil},
		{"loosened trust", ability{versions: []tlsname.Version{tlsname.TLS13}, suites: []tlsname.Suite{0x1302}, untrustedByDefault: true},
			dict{keyInsecureHTTP: true}},
		{"clear text", ability{clear: true}, dict{keyInsecureHTTP: true}},
	} {
		e, ok := smallestException(nil, "example.com", "ios26", tc.a.takes)
		if ok != (tc.want != nil) || ok && !reflect.DeepEqual(e.Keys, tc.want) {
			t.Errorf("%s: %v %v, want %v", tc.name, ok, e.Keys, tc.want)
		}
	}
}

func TestExceptionXML(t *testing.T) {
	a := ability{versions: []tlsname.Version{tlsname.TLS10}, suites: []tlsname.Suite{0x002f}}
	e, _ := smallestException(nil, "Example.com", "ios26", a.takes)
	want := `<key>NSAppTransportSecurity</key>
<dict>
	<key>NSExceptionDomains</key>
	<dict>
		<key>example.com</key>
		<dict>
			<key>NSExceptionMinimumTLSVersion</key>
			<string>TLSv1.0</string>
			<key>NSExceptionRequiresForwardSecrecy</key>
			<false/>
		</dict>
	</dict>
</dict>
`
	if e.XML != want || e.Host != "example.com" {
		t.Errorf("host %q, XML:\n%s", e.Host, e.XML)
	}
	s, err := ReadInfoPlist("f", []byte(`<plist version="1.0"><dict>`+e.XML+`</dict></plist>`))
	if err != nil || !a.takes(decideFor(s, "example.com", "ios26")) {
		t.Errorf("the XML read back does not help: %v", err)
	}
	if x := exceptionXML("a<b&c", dict{}); !strings.Contains(x, "a&lt;b&amp;c") || !strings.Contains(x, "<dict/>") {
		t.Errorf("not escaped: %s", x)
	}
}

func TestNoExceptionBeforeAddressesWereKnown(t *testing.T) {
	a := ability{clear: true}
	if e, ok := smallestException(nil, "192.0.2.1", "ios16", a.takes); ok {
		t.Errorf("iOS 16 reads no address keys, got %v", e)
	}
	if _, ok := smallestException(nil, "", "ios26", a.takes); ok {
		t.Error("an exception without a host")
	}
}

// An exception is printed only where a hello that the app would then send was
// seen to work, or one that leaves no doubt about it.
func TestExceptionsRestOnHandshakes(t *testing.T) {
	static := hello("apple-rsa", "TLS 1.2", 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", "", 0)
	old := hello("apple-default", "TLS 1.1", 0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA", "", 0)
	small := static
	small.Hello = "apple-rsa-small"
	quiet := refusal("apple-ats", 120)
	for _, tc := range []struct {
		name string
		obs  []chain.Observation
		want dict // nil: none
	}{
		{"static RSA", []chain.Observation{noHello, static}, dict{keyForwardSecrecy: false}},
		{"static RSA in TLS 1.1", []chain.Observation{noHello, refusal("apple-rsa", 70), refusal("apple-tls10", 40), old},
			dict{keyForwardSecrecy: false, keyMinimumTLS: "TLSv1.1"}},
		{"static RSA, seen with everything on the table",
			[]chain.Observation{noHello, hello("wide-tlsname.TLS12", "TLS 1.2", 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", "", 0)}, nil},
		{"static RSA, without ML-KEM", []chain.Observation{noHello, small}, nil},
		{"no application protocols",
			[]chain.Observation{quiet, hello("apple-ats-no-alpn", "TLS 1.3", 0x1302, "TLS_AES_256_GCM_SHA384", "X25519", 0x0403)}, nil},
		{"a P-521 key", []chain.Observation{noHello, refusal("apple-rsa", 40), refusal("apple-default", 40),
			hello("wide-tlsname.TLS13", "TLS 1.3", 0x1302, "TLS_AES_256_GCM_SHA384", "X25519", 0x0603)}, nil},
	} {
		f := neededException(caseOf(nil, tc.obs...))
		if f.ok != (tc.want != nil) || f.ok && !reflect.DeepEqual(dict(f.exception.Keys), tc.want) {
			t.Errorf("%s: %v %v, want %v", tc.name, f.ok, f.exception.Keys, tc.want)
		}
	}
}

// A hello limited to one old version is no device's: what it brings proves nothing.
func TestNarrowHellosProveNothing(t *testing.T) {
	only := hello("apple-only-tlsname.TLS12", "TLS 1.2", 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "X25519", 0x0804)
	if got, _ := serverOf(caseOf(nil, silence("apple-ats"), only)).answers(decideFor(nil, "example.com", "ios26")); got != unseen {
		t.Errorf("answer %d", got)
	}
}

// An entry that was meant for the host and does not reach it is mended, if that would do.
func TestEntryThatDoesNotReach(t *testing.T) {
	static := hello("apple-rsa", "TLS 1.2", 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", "", 0)
	for _, tc := range []struct {
		name    string
		domains dict
		host    string
		keys    dict
	}{
		{"it would do", dict{"com": dict{keyForwardSecrecy: uint64(0)}}, "com", dict{keyForwardSecrecy: false, keySubdomains: true}},
		{"it would not", dict{"com": dict{keyMinimumTLS: "TLSv1.0"}}, "example.com", dict{keyForwardSecrecy: false}},
		{"it reaches already", dict{"com": dict{keySubdomains: true}}, "example.com", dict{keyForwardSecrecy: false}},
		{"no dictionary", dict{"com": "x"}, "example.com", dict{keyForwardSecrecy: false}},
	} {
		f := neededException(caseOf(settings(dict{keyDomains: tc.domains}), noHello, static))
		if !f.ok || f.exception.Host != tc.host || !reflect.DeepEqual(dict(f.exception.Keys), tc.keys) {
			t.Errorf("%s: %+v", tc.name, f)
		}
	}
}
