package ats

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestPlistMistakes(t *testing.T) {
	d := func(entry dict) dict { return domain("example.com", entry) }
	long := make([]any, 0)
	for i := 0; i < 2*maxPlistHits; i++ {
		long = append(long, "x")
	}
	for _, tc := range []struct {
		name string
		root dict
		want string // the rule, "" none
		path string // its key path
	}{
		{"nothing wrong", dict{keyATS: dict{keyLocal: true,
			keyDomains: dict{"example.com": dict{keySubdomains: true, keyMinimumTLS: "TLSv1.2", keyExceptionNIAP: "none"}}}}, "", ""},
		{"no dictionary", dict{}, "", ""},
		{"string for a boolean", dict{keyATS: dict{keyArbitraryLoads: "YES"}}, "ats-plist-type",
			"NSAppTransportSecurity > NSAllowsArbitraryLoads is no boolean"},
		{"number 2", dict{keyATS: dict{keyArbitraryLoads: uint64(2)}}, "ats-plist-type", "counts as NO"},
		{"number 1", dict{keyATS: dict{keyArbitraryLoads: uint64(1)}}, "ats-plist-type", "counts as YES"},
		{"all of it no dictionary", dict{keyATS: []any{}}, "ats-plist-type", "NSAppTransportSecurity is not a dictionary"},
		{"domains no dictionary", dict{keyATS: dict{keyDomains: "x"}}, "ats-plist-type", "NSExceptionDomains is not a dictionary"},
		{"entry no dictionary", dict{keyATS: dict{keyDomains: dict{"example.com": true}}}, "ats-plist-type",
			"example.com is not a dictionary, so that the entry is skipped"},
		{"version no string", dict{keyATS: d(dict{keyMinimumTLS: 1.2})}, "ats-plist-type", "no string"},
		{"pins no array", dict{keyATS: dict{keyPinnedDomains: dict{"a.example": dict{keyPinnedCA: "x"}}}}, "ats-plist-type", "not an array"},
		{"unknown version", dict{keyATS: d(dict{keyMinimumTLS: "TLSV1.3"})}, "ats-plist-version", `"TLSV1.3" is no version`},
		{"unknown package", dict{keyATS: d(dict{keyExceptionNIAP: "FCP_v9"})}, "ats-plist-niap", "is no package"},
		{"unknown package for all", dict{keyATS: dict{keyNIAP: "FCP_v9"}}, "ats-plist-niap", "NSAppTransportSecurity > NSRequiresNIAPTLSPackageVersion"},
		{"port", dict{keyATS: domain("example.com:8443", dict{})}, "ats-plist-host",
			"NSAppTransportSecurity > NSExceptionDomains > example.com:8443: the key has a port"},
		{"wildcard", dict{keyATS: domain("*.example.com", dict{})}, "ats-plist-host", "wildcard"},
		{"upper case", dict{keyATS: domain("Example.com", dict{})}, "ats-plist-host", "upper-case"},
		{"scheme", dict{keyATS: domain("https://example.com", dict{})}, "ats-plist-host", "scheme"},
		{"path", dict{keyATS: domain("example.com/api", dict{})}, "ats-plist-host", "path"},
		{"leading dot", dict{keyATS: domain(".example.com", dict{})}, "ats-plist-host", "starts with a dot"},
		{"U-label", dict{keyATS: domain("bücher.example", dict{})}, "ats-plist-host", "A-labels"},
		{"white space", dict{keyATS: domain("example.com ", dict{})}, "ats-plist-host", "white space"},
		{"brackets", dict{keyATS: domain("[::1]", dict{})}, "ats-plist-host", "brackets"},
		{"empty", dict{keyATS: domain("", dict{})}, "ats-plist-host", "empty"},
		{"an IPv6 address has no port", dict{keyATS: domain("2001:db8::1", dict{})}, "", ""},
		{"range too long", dict{keyATS: domain("198.51.100.128/25", dict{})}, "ats-plist-range", "14 characters, the platform reads at most 13"},
		{"range just fits", dict{keyATS: domain("198.51.100.12/25", dict{})}, "", ""},
		{"range of everything", dict{keyATS: domain("10.0.0.0/", dict{})}, "ats-plist-range", "every address"},
		{"global key cancelled", dict{keyATS: dict{keyArbitraryLoads: true, keyWebContent: false}}, "ats-plist-ignored",
			"because NSAllowsArbitraryLoadsInWebContent is present"},
		{"nothing to cancel", dict{keyATS: dict{keyArbitraryLoads: false, keyWebContent: false}}, "", ""},
		{"pins discarded", dict{keyPinningRequired: true, keyATS: dict{keyPinnedDomains: dict{"a.example": dict{keyPinnedLeaf: []any{pin(1)}}}}},
			"ats-plist-ignored", "discarded"},
		{"misspelt", dict{keyATS: dict{"NSAllowArbitraryLoads": true}}, "ats-plist-unknown-key", "NSAllowArbitraryLoads: the key is not read here"},
		{"misspelt, and what was meant", dict{keyATS: d(dict{"NSExceptionMinimumTLSVerson": "TLSv1.0"})}, "ats-plist-unknown-key",
			"NSExceptionMinimumTLSVerson: the key is not read here"},
		{"misspelt at the top", dict{"NSAppTransportsSecurity": dict{keyArbitraryLoads: true}}, "ats-plist-unknown-key",
			"NSAppTransportsSecurity: the key is not read here"},
		{"outside of its dictionary", dict{keyArbitraryLoads: true}, "ats-plist-unknown-key", "NSAllowsArbitraryLoads: the key is not read here"},
		{"old name", dict{keyATS: d(dict{"NSTemporaryExceptionMinimumTLSVersion": "TLSv1.0"})}, "ats-plist-unknown-key",
			"NSTemporaryExceptionMinimumTLSVersion"},
		{"obsolete", dict{keyATS: d(dict{keyCT: true})}, "ats-plist-unknown-key", "NSRequiresCertificateTransparency"},
		{"global key in an entry", dict{keyATS: d(dict{keyArbitraryLoads: true})}, "ats-plist-unknown-key", "example.com > NSAllowsArbitraryLoads"},
		{"of an exception, in the dictionary of hosts", dict{keyATS: dict{keyDomains: dict{keyInsecureHTTP: true, keySubdomains: true}}},
			"ats-plist-unknown-key", "NSExceptionDomains > NSExceptionAllowsInsecureHTTPLoads: the key is not read here"},
		{"of an exception, in none", dict{keyATS: dict{keyInsecureHTTP: true}}, "ats-plist-unknown-key", "> NSExceptionAllowsInsecureHTTPLoads"},
		{"an exception outside of the dictionary of hosts", dict{keyATS: dict{"example.com": dict{keyInsecureHTTP: true}}}, "ats-plist-unknown-key",
			"NSAppTransportSecurity > example.com: the key is not read here"},
		{"entry does not reach down", dict{keyATS: domain("com", dict{})}, "ats-plist-subdomains", "does not include example.com"},
		{"entry reaches down", dict{keyATS: domain("com", dict{keySubdomains: true})}, "", ""},
		{"pins do not reach down", dict{keyATS: dict{keyPinnedDomains: dict{"com": dict{keyPinnedLeaf: []any{pin(1)}}}}}, "ats-plist-subdomains",
			"the pins do not cover"},
		{"empty pin list", dict{keyATS: dict{keyPinnedDomains: dict{"a.example": dict{keyPinnedLeaf: []any{}}}}}, "ats-plist-pin", "the list is empty"},
		{"short pin", dict{keyATS: dict{keyPinnedDomains: dict{"a.example": dict{keyPinnedLeaf: []any{dict{keyPin: "AQ=="}}}}}}, "ats-plist-pin",
			"NSPinnedLeafIdentities > 0 has 1 bytes"},
		{"pin not Base64", dict{keyATS: dict{keyPinnedDomains: dict{"a.example": dict{keyPinnedLeaf: []any{dict{keyPin: "%"}}}}}}, "ats-plist-pin",
			"not Base64"},
		{"pin without text", dict{keyATS: dict{keyPinnedDomains: dict{"a.example": dict{keyPinnedLeaf: []any{dict{}}}}}}, "ats-plist-pin", "is no string"},
		{"many", dict{keyATS: dict{keyPinnedDomains: dict{"a.example": dict{keyPinnedLeaf: long}}}}, "ats-plist-pin", "not a dictionary"},
	} {
		var fired []string
		for _, r := range Rules() {
			if !strings.HasPrefix(r.ID, "ats-plist-") {
				continue
			}
			c := caseOf(func(c *chain.Case) { c.Question.AppSettings = &chain.AppSettings{Root: tc.root} }, good13)
			hits := r.Check.(chain.PerList)(c)
			if len(hits) > 0 {
				fired = append(fired, r.ID)
				if r.ID == tc.want && !strings.Contains(hits[0].Message, tc.path) {
					t.Errorf("%s: message %q, want %q in it", tc.name, hits[0].Message, tc.path)
				}
			}
			if len(hits) > maxPlistHits {
				t.Errorf("%s: %d hits", tc.name, len(hits))
			}
			c.Question.Purpose = chain.PurposeClient
			if r.Needs(c) {
				t.Errorf("%s: %s is asked of a client identity", tc.name, r.ID)
			}
		}
		if got := strings.Join(fired, " "); got != tc.want {
			t.Errorf("%s: %q fires, want %q", tc.name, got, tc.want)
		}
	}
}

// TestKeysMoveDown: what stands too high is written into the exception of the host
// asked for, all of it at once; without a host the place alone is told.
func TestKeysMoveDown(t *testing.T) {
	c := caseOf(func(c *chain.Case) {
		c.Question.AppSettings = &chain.AppSettings{Root: dict{keyATS: dict{keyDomains: dict{keyInsecureHTTP: true, keySubdomains: true}}}}
	}, good13)
	hits := plistUnknownKey.Check.(chain.PerList)(c)
	if len(hits) != 2 {
		t.Fatalf("%d hits", len(hits))
	}
	for _, h := range hits {
		told := strings.Join(strings.Fields(h.Advice[0].Text), "")
		if !strings.Contains(told, "<key>example.com</key><dict><key>NSExceptionAllowsInsecureHTTPLoads</key><true/><key>NSIncludesSubdomains</key><true/></dict>") {
			t.Errorf("%s: %s", h.Message, told)
		}
	}
	c.Question.Name, c.Question.NameKind = "", ""
	hits = plistUnknownKey.Check.(chain.PerList)(c)
	const want = "NSAppTransportSecurity > NSExceptionDomains > HOST > NSExceptionAllowsInsecureHTTPLoads"
	if len(hits) != 2 || hits[0].Evidence[0].Want != want || len(hits[0].Advice) > 0 {
		t.Errorf("%+v", hits)
	}
}

// TestTheKeyThatWasMeant: a slip of the keyboard leads to the key, and a key of
// another subject to none.
func TestTheKeyThatWasMeant(t *testing.T) {
	for key, want := range map[string]string{
		"NSExceptionMinimumTLSVerson": keyMinimumTLS, "NSIncludeSubdomains": keySubdomains, "NSExceptionAllowInsecureHTTPLoads": keyInsecureHTTP,
		"NSTemporaryExceptionMinimumTLSVersion": keyMinimumTLS, "NSThirdPartyExceptionRequiresForwardSecrecy": keyForwardSecrecy,
	} {
		if got := nearestKey(key, exceptionKeys()); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	for key, want := range map[string]string{
		"NSAppTransportsSecurity": keyATS, "NSAppTransportSecurty": keyATS, "nsapptransportsecurity": keyATS, keyDomains: keyATS + " > " + keyDomains,
		keyATS: "", "NSSecurityScopedBookmarks": "", "CFBundleName": "", "NSLocalNetworkUsageDescription": "", "UIBackgroundModes": "",
	} {
		got := ""
		for _, m := range unreadTop(&chain.AppSettings{Root: dict{key: dict{}}}) {
			got += m.hit.Evidence[0].Want
		}
		if got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}
