package ats

import (
	"reflect"
	"slices"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

type dict = map[string]any

// ats makes settings with this NSAppTransportSecurity.
func atsSettings(d dict) *chain.AppSettings {
	return &chain.AppSettings{Source: "Info.plist", Root: dict{keyATS: d}}
}

// domain makes settings with one entry of NSExceptionDomains.
func domain(host string, entry any) dict { return dict{keyDomains: dict{host: entry}} }

func full() requirement {
	return requirement{Basis: basisDefault, Required: true, Floor: tlsname.TLS12, Suites: tlsname.ATSSuites(), Listed: true, Strength: true, Forward: true}
}

func off(b basis, floor tlsname.Version) requirement {
	return requirement{Basis: b, HTTP: true, Floor: floor, Suites: tlsname.DefaultSuites()}
}

// exception is full ATS, by an entry, with changes.
func exception(key string, change func(*requirement)) requirement {
	d := full()
	d.Basis, d.Entry = basisException, key
	if change != nil {
		change(&d)
	}
	return d
}

func insecure(d *requirement) { d.Required, d.HTTP = false, true }

func TestDecide(t *testing.T) {
	h := "www.example.com"
	noPFS := func(d *requirement) {
		d.Forward, d.Suites = false, append(tlsname.ATSSuites(), tlsname.StaticRSASuites()...)
	}
	builtinFor := func(key string) requirement {
		return requirement{Basis: basisBuiltin, Entry: key, HTTP: true, Floor: tlsname.TLS10, Suites: tlsname.DefaultSuites(), Strength: true}
	}
	for _, tc := range []struct {
		row      string
		ats      any
		host     string
		platform string
		want     requirement
	}{
		// 6a, 6b: defaults and global keys
		{"ATS-02 default", nil, h, "ios26", full()},
		{"ATS-25 empty dictionary", dict{}, h, "ios26", full()},
		{"ATS-21 not a dictionary", "x", h, "ios26", full()},
		{"ATS-20 off", dict{keyArbitraryLoads: true}, h, "ios26", off(basisArbitrary, tlsname.TLS12)},
		{"ATS-20 NO", dict{keyArbitraryLoads: false}, h, "ios26", full()},
		{"ATS-20 ignored beside local = NO", dict{keyArbitraryLoads: true, keyLocal: false}, h, "ios26", full()},
		{"ATS-20 ignored beside local = YES", dict{keyArbitraryLoads: true, keyLocal: true}, h, "ios26", full()},
		{"ATS-20 ignored beside web content = NO", dict{keyArbitraryLoads: true, keyWebContent: false}, h, "ios26", full()},
		{"ATS-20 ignored beside media", dict{keyArbitraryLoads: true, keyMedia: true}, h, "ios26", full()},
		{"ATS-20 a string is not present", dict{keyArbitraryLoads: true, keyLocal: "NO"}, h, "ios26", off(basisArbitrary, tlsname.TLS12)},
		{"ATS-20 a number is present", dict{keyArbitraryLoads: true, keyMedia: uint64(7)}, h, "ios26", full()},
		{"ATS-21 string YES", dict{keyArbitraryLoads: "YES"}, h, "ios26", full()},
		{"ATS-21 number 1", dict{keyArbitraryLoads: uint64(1)}, h, "ios26", off(basisArbitrary, tlsname.TLS12)},
		{"ATS-21 real 1", dict{keyArbitraryLoads: 1.0}, h, "ios26", off(basisArbitrary, tlsname.TLS12)},
		{"ATS-21 number 2", dict{keyArbitraryLoads: uint64(2)}, h, "ios26", full()},
		{"ATS-21 domains not a dictionary", dict{keyArbitraryLoads: true, keyDomains: []any{}}, h, "ios26", off(basisArbitrary, tlsname.TLS12)},
		{"ATS-21 entry not a dictionary", dict{keyArbitraryLoads: true, keyDomains: dict{h: "x"}}, h, "ios26", off(basisArbitrary, tlsname.TLS12)},
		{"ATS-22 web content is not URLSession's", dict{keyWebContent: true}, h, "ios26", full()},
		{"ATS-22 media is not URLSession's", dict{keyMedia: true}, h, "ios26", full()},
		{"ATS-23 insecure", domain(h, dict{keyInsecureHTTP: true}), h, "ios26", exception(h, insecure)},
		{"ATS-24 empty entry", dict{keyArbitraryLoads: true, keyDomains: dict{h: dict{}}}, h, "ios26", exception(h, nil)},
		{"ATS-24 other host", dict{keyArbitraryLoads: true, keyDomains: dict{h: dict{}}}, "example.com", "ios26", off(basisArbitrary, tlsname.TLS12)},
		{"ATS-24 local host with entry", domain("localhost", dict{}), "localhost", "ios26", exception("localhost", nil)},
		{"ATS-09 older SDK's floor", dict{keyArbitraryLoads: true}, h, "ios18", off(basisArbitrary, tlsname.TLS10)},
		{"ATS-09 macOS 15", dict{keyArbitraryLoads: true}, h, "macos15", off(basisArbitrary, tlsname.TLS10)},
		{"ATS-09 macOS 26", dict{keyArbitraryLoads: true}, h, "macos26", off(basisArbitrary, tlsname.TLS12)},
		{"ATS-26 apple.com", nil, "apple.com", "ios26", builtinFor("apple.com")},
		{"ATS-26 sub-domain", nil, "gs.apple.com", "ios26", builtinFor("gs.apple.com")},
		{"ATS-26 below", nil, "a.setup.icloud.com", "ios26", builtinFor("setup.icloud.com")},
		{"ATS-26 not its parent", nil, "icloud.com", "ios26", full()},
		{"ATS-26 overridden", domain("apple.com", dict{}), "apple.com", "ios26", exception("apple.com", nil)},
		// 6c: local networking
		{"ATS-30 local", nil, "localhost", "ios26", off(basisLocal, tlsname.TLS12)},
		{"ATS-30 explicit NO", dict{keyLocal: false}, "localhost", "ios26", full()},
		{"ATS-30 string NO is absent", dict{keyLocal: "NO"}, "localhost", "ios26", off(basisLocal, tlsname.TLS12)},
		{"ATS-30 explicit YES", dict{keyLocal: true}, "printer.local", "ios26", off(basisLocal, tlsname.TLS12)},
		{"ATS-32 address, key YES", dict{keyLocal: true}, "192.168.1.2", "ios26", off(basisLocal, tlsname.TLS12)},
		{"ATS-32 address, no key", nil, "192.168.1.2", "ios17", full()},
		{"ATS-32 address, iOS 16", nil, "192.168.1.2", "ios16", off(basisLocal, tlsname.TLS10)},
		{"ATS-32 address, macOS 13", nil, "192.168.1.2", "macos13", off(basisLocal, tlsname.TLS10)},
		{"ATS-32 address, macOS 14", nil, "192.168.1.2", "macos14", full()},
		{"ATS-33 100.64.0.1", nil, "100.64.0.1", "ios26", full()},
		{"ATS-33 with a range", domain("100.64/10", dict{keyInsecureHTTP: true}), "100.64.0.1", "ios26", exception("100.64/10", insecure)},
		{"ATS-33 127.0.0.1", nil, "127.0.0.1", "ios26", off(basisLocal, tlsname.TLS12)},
		// 6d: per-domain keys
		{"ATS-40 parent without key", domain("example.com", dict{keyInsecureHTTP: true}), h, "ios26", full()},
		{"ATS-40 parent with key", domain("example.com", dict{keyInsecureHTTP: true, keySubdomains: true}), h, "ios26", exception("example.com", insecure)},
		{"ATS-40 three labels above", domain("example.com", dict{keyInsecureHTTP: true, keySubdomains: true}), "a.b.c.example.com", "ios26",
			exception("example.com", insecure)},
		{"ATS-40 up to the top-level domain", domain("com", dict{keyInsecureHTTP: true, keySubdomains: true}), h, "ios26", exception("com", insecure)},
		{"ATS-40 skipped over", dict{keyDomains: dict{"b.example.com": dict{}, "example.com": dict{keyInsecureHTTP: true, keySubdomains: true}}},
			"a.b.example.com", "ios26", exception("example.com", insecure)},
		{"ATS-40 the nearest wins",
			dict{keyDomains: dict{"b.example.com": dict{keySubdomains: true},
				"example.com": dict{keyInsecureHTTP: true, keySubdomains: true}}}, "a.b.example.com", "ios26", exception("b.example.com", nil)},
		{"ATS-40 not a suffix of a label", domain("ample.com", dict{keySubdomains: true}), "example.com", "ios26", full()},
		{"ATS-41 upper case", domain("Example.com", dict{keyInsecureHTTP: true}), "example.com", "ios26", full()},
		{"ATS-41 port", domain("example.com:443", dict{keyInsecureHTTP: true}), "example.com", "ios26", full()},
		{"ATS-41 wildcard", domain("*.example.com", dict{keyInsecureHTTP: true}), h, "ios26", full()},
		{"ATS-41 trailing dot", domain("example.com", dict{keyInsecureHTTP: true}), "example.com.", "ios26", full()},
		{"ATS-42 NO", domain(h, dict{keyInsecureHTTP: false}), h, "ios26", exception(h, nil)},
		{"ATS-42 string", domain(h, dict{keyInsecureHTTP: "YES"}), h, "ios26", exception(h, nil)},
		{"ATS-43 1.0", domain(h, dict{keyMinimumTLS: "TLSv1.0"}), h, "ios26", exception(h, func(d *requirement) { d.Floor = tlsname.TLS10 })},
		{"ATS-43 1.1", domain(h, dict{keyMinimumTLS: "TLSv1.1"}), h, "ios26", exception(h, func(d *requirement) { d.Floor = tlsname.TLS11 })},
		{"ATS-43 1.2", domain(h, dict{keyMinimumTLS: "TLSv1.2"}), h, "ios26", exception(h, nil)},
		{"ATS-43 1.3", domain(h, dict{keyMinimumTLS: "TLSv1.3"}), h, "ios26", exception(h, func(d *requirement) { d.Floor = tlsname.TLS13 })},
		{"ATS-43 wrong case", domain(h, dict{keyMinimumTLS: "TLSV1.3"}), h, "ios26", exception(h, nil)},
		{"ATS-43 1.4", domain(h, dict{keyMinimumTLS: "TLSv1.4"}), h, "ios26", exception(h, nil)},
		{"ATS-43 number", domain(h, dict{keyMinimumTLS: 1.0}), h, "ios26", exception(h, nil)},
		{"ATS-44 no forward secrecy", domain(h, dict{keyForwardSecrecy: false}), h, "ios26", exception(h, noPFS)},
		{"ATS-44 and insecure", domain(h, dict{keyForwardSecrecy: false, keyInsecureHTTP: true}), h, "ios26", exception(h, func(d *requirement) {
			insecure(d)
			d.Forward, d.Listed, d.Suites = false, false, tlsname.DefaultSuites()
		})},
		{"ATS-44 string NO is absent", domain(h, dict{keyForwardSecrecy: "NO"}), h, "ios26", exception(h, nil)},
		{"ATS-45 raised while off", dict{keyArbitraryLoads: true, keyDomains: dict{h: dict{keyMinimumTLS: "TLSv1.3"}}}, h, "ios26",
			exception(h, func(d *requirement) { d.Floor = tlsname.TLS13 })},
		{"ATS-46 literal before range", dict{keyDomains: dict{"192.0.2.1": dict{}, "192.0.2.0/24": dict{keyInsecureHTTP: true}}}, "192.0.2.1",
			"ios26", exception("192.0.2.1", nil)},
		{"ATS-46 longest range", dict{keyDomains: dict{"192.0.2.0/28": dict{}, "192.0.2.0/24": dict{keyInsecureHTTP: true}}}, "192.0.2.1", "ios26",
			exception("192.0.2.0/28", nil)},
		{"ATS-46 iOS 16 knows no addresses", domain("192.0.2.1", dict{}), "192.0.2.1", "ios16", off(basisLocal, tlsname.TLS10)},
		{"ATS-46 names never match addresses", domain("2.1", dict{keySubdomains: true}), "192.0.2.1", "ios26", full()},
		{"ATS-46 ranges never match names", domain("0.0.0.0/0", dict{keyInsecureHTTP: true}), h, "ios26", full()},
		{"ATS-46 IPv6", domain("2001:db8::/32", dict{keyInsecureHTTP: true}), "2001:db8::5", "ios26", exception("2001:db8::/32", insecure)},
		{"ATS-47 ignored", domain(h, dict{keyCT: false}), h, "ios26", exception(h, nil)},
		{"ATS-48 old spelling not read", domain(h, dict{"NSTemporaryExceptionAllowsInsecureHTTPLoads": true}), h, "ios26", exception(h, nil)},
		{"ATS-49 global", dict{keyNIAP: "FCP_v2.1"}, h, "ios26", func() requirement { d := full(); d.NIAP = niapFCP; return d }()},
		{"ATS-49 recommended", domain(h, dict{keyExceptionNIAP: "recommended"}), h, "ios26", exception(h, func(d *requirement) { d.NIAP = niapFCP })},
		{"ATS-49 none", dict{keyNIAP: "none"}, h, "ios26", full()},
		{"ATS-49 before 26", dict{keyNIAP: "FCP_v2.1"}, h, "ios18", full()},
		{"ATS-49 entry ignores the global key", dict{keyNIAP: "FCP_v2.1", keyDomains: dict{h: dict{}}}, h, "ios26", exception(h, nil)},
	} {
		var s *chain.AppSettings
		if tc.ats != nil {
			s = &chain.AppSettings{Root: dict{keyATS: tc.ats}}
		}
		got := decideFor(s, tc.host, tc.platform)
		if got.Why == "" {
			t.Errorf("%s: no reason", tc.row)
		}
		got.Why = ""
		if !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", tc.row, got, tc.want)
		}
	}
}

// In the app's web views NSAllowsArbitraryLoadsInWebContent counts (apple:
// ATS-22), in no other place; entries and locality come first for them, too.
func TestDecideForWebViews(t *testing.T) {
	const h, sdk18 = "www.example.com", "iphoneos18.5"
	web := dict{keyWebContent: true}
	for _, tc := range []struct {
		row  string
		ats  any
		host string
		web  bool
		want requirement
	}{
		{"no dictionary", nil, h, true, full()},
		{"web content", web, h, true, off(basisArbitrary, tlsname.TLS12)},
		{"web content, but URLSession", web, h, false, full()},
		{"web content beside arbitrary loads", dict{keyWebContent: true, keyArbitraryLoads: true}, h, true, off(basisArbitrary, tlsname.TLS12)},
		{"web content beside local networking", dict{keyWebContent: true, keyLocal: false}, h, true, off(basisArbitrary, tlsname.TLS12)},
		{"web content = NO", dict{keyWebContent: false, keyArbitraryLoads: true}, h, true, full()},
		{"a text is no YES", dict{keyWebContent: "YES"}, h, true, full()},
		{"arbitrary loads alone", dict{keyArbitraryLoads: true}, h, true, off(basisArbitrary, tlsname.TLS12)},
		{"arbitrary loads alone, and URLSession of an older SDK", dict{keyArbitraryLoads: true}, h, false, off(basisArbitrary, tlsname.TLS10)},
		{"media", dict{keyMedia: true, keyArbitraryLoads: true}, h, true, full()},
		{"an entry comes first", dict{keyWebContent: true, keyDomains: dict{h: dict{}}}, h, true, exception(h, nil)},
		{"a local host", nil, "printer.local", true, off(basisLocal, tlsname.TLS12)},
	} {
		s := &chain.AppSettings{Root: dict{"DTSDKName": sdk18, keyATS: tc.ats}}
		got := decide(s, tc.host, "ios26", localityOf(s, tc.host, "ios26", false) == local, tc.web)
		if got.Why = ""; !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", tc.row, got, tc.want)
		}
	}
}

func TestDecideReadsTheSDK(t *testing.T) {
	for sdk, want := range map[string]tlsname.Version{"iphoneos26.0": tlsname.TLS12, "iphoneos18.5": tlsname.TLS10, "macosx26.1": tlsname.TLS12,
		"macosx15.4": tlsname.TLS10, "": tlsname.TLS12} {
		s := &chain.AppSettings{Root: dict{"DTSDKName": sdk, keyATS: dict{keyArbitraryLoads: true}}}
		if got := decideFor(s, "example.com", "ios26").Floor; got != want {
			t.Errorf("SDK %q: floor %s, want %s", sdk, got.String(), want.String())
		}
	}
}

func TestLocal(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "localhost.": true, "printer": true, "printer.local": true, "printer.local.": true,
		"127.0.0.1": true, "::1": true, "[::1]": true, "fe80::1": true,
		"203.0.113.1": false, "fe00::1": false, "2001:db8::": false, "192.168.0.1": false, "10.0.0.1": false,
		"example.com": false, "mylocal.example": false, "notlocal": true, "xlocal.": true, "a.localx": false, "": false, ".": false,
	} {
		if got := localityOf(nil, host, "ios26", false) == local; got != want {
			t.Errorf("%q: local %v, want %v (ATS-31)", host, got, want)
		}
	}
	key := func(v any) *chain.AppSettings { return &chain.AppSettings{Root: dict{keyATS: dict{keyLocal: v}}} }
	for _, tt := range []struct {
		host     string
		settings *chain.AppSettings
		platform string
		clear    bool
		want     locality
	}{
		{"192.168.0.1", nil, "ios26", false, perhaps},
		{"10.1.2.3", nil, "macos14", false, perhaps},
		{"172.31.255.255", nil, "ios26", false, perhaps},
		{"172.32.0.1", nil, "ios26", false, remote},
		{"169.254.1.1", nil, "ios26", false, perhaps},
		{"fd00::1", nil, "ios26", false, perhaps},
		{"::ffff:192.168.0.1", nil, "ios26", false, perhaps},
		{"100.64.0.1", nil, "ios26", false, remote},
		{"fe80::1", nil, "ios26", false, local},
		{"127.0.0.1", nil, "ios26", false, local},
		{"127.0.0.1", nil, "ios26", true, perhaps},
		{"192.168.0.1", nil, "ios16", false, local},
		{"203.0.113.1", key(true), "ios26", false, remote},
		{"100.64.0.1", key(true), "ios26", true, remote},
		{"192.168.0.1", key(true), "ios26", false, local},
		{"169.254.1.1", key(true), "ios26", true, local},
		{"fd00::1", key(true), "ios26", false, local},
		{"127.0.0.1", key(true), "ios26", true, local},
		{"127.0.0.1", key(false), "ios26", false, remote},
		{"fe80::1", key(false), "ios26", false, remote},
		{"localhost", key(false), "ios26", false, remote},
		{"printer.local", key(false), "ios26", false, remote},
	} {
		if got := localityOf(tt.settings, tt.host, tt.platform, tt.clear); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
}

func TestPrefix(t *testing.T) {
	for key, want := range map[string]string{
		"198.51.100.0/25": "198.51.100.0/25", "10/8": "10.0.0.0/8", "10.1/16": "10.1.0.0/16", "192.168.0.10/32": "192.168.0.10/32",
		"10.0.0.0/": "0.0.0.0/0", "2001:db8::/32": "2001:db8::/32", "2001:db8/32": "2001:db8::/32",
		"198.51.100.128/25": "fault", "192.168.100.10/32": "fault", "10.0.0.0/33": "fault", "10.0.0.0/x": "fault", "999.0.0.0/8": "fault",
		"2001:0db8:0000:0000:0000:0000:0000:0001/64": "fault", "fe80::1%en0/64": "fault",
		"example.com": "", "10.0.0.1": "", "example.com/path": "",
	} {
		p, isRange, fault := prefix(key)
		got := ""
		switch {
		case fault != "":
			got = "fault"
		case isRange:
			got = p.String()
		}
		if got != want {
			t.Errorf("prefix(%q) = %q (%s), want %q (ATS-46)", key, got, fault, want)
		}
	}
}

func TestCipherSuites(t *testing.T) {
	names := map[tlsname.Suite]bool{0x1301: true, 0x1302: true, 0x1303: true, 0xc02b: true, 0xc02c: true, 0xc02f: true, 0xc030: true,
		0xcca8: true, 0xcca9: true, 0xc009: true, 0xc00a: true, 0xc013: true, 0xc014: true}
	got := tlsname.ATSSuites()
	if len(got) != len(names) {
		t.Errorf("%d suites, want %d (ATS-03)", len(got), len(names))
	}
	for _, id := range got {
		if !names[id] {
			t.Errorf("suite 0x%04x is not in ATS-03", id)
		}
	}
	for _, id := range []tlsname.Suite{0xc023, 0xc024, 0xc027, 0xc028, 0x009e, 0x0005, 0x000a, 0x009c} { // ATS-04, ATS-05
		if slices.Contains(got, id) {
			t.Errorf("suite 0x%04x must not be offered", id)
		}
	}
}
