package ats

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestWhereAMistakeIsFound: a key that should not be is found in its dictionary, a value
// under its key.
func TestWhereAMistakeIsFound(t *testing.T) {
	for _, c := range []struct{ path, got, field string }{
		{"NSAppTransportSecurity > NSExceptionDomains > a.example", "a.example", "NSAppTransportSecurity > NSExceptionDomains"},
		{"NSAllowsArbitraryLoads", "NSAllowsArbitraryLoads", "Info.plist"},
		{"NSAppTransportSecurity > NSAllowsArbitraryLoads", `string "YES"`, "NSAppTransportSecurity > NSAllowsArbitraryLoads"},
	} {
		m := plistHit(c.path, c.got, "another", "%s: the key is not read here")
		if e := m.hit.Evidence[0]; e.Field != c.field || e.Got != c.got || m.hit.Message != c.path+": the key is not read here" {
			t.Errorf("%s: found in %s: %s (%s)", c.path, e.Field, e.Got, m.hit.Message)
		}
	}
}

// TestMistakesTogether: where only all of several corrections let the connection through
// each of them is the error, and each is told with one Info.plist; what does not matter
// to it stays a warning, with that Info.plist too.
func TestMistakesTogether(t *testing.T) {
	root, leaf := issue(t)
	old := hello("apple-tls10", "TLS 1.1", 0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "P-256", 0)
	r := evaluate(old, atsSettings(dict{keyDomains: dict{
		"https://example.com": dict{keyMinimumTLS: "TLS1.1", keyForwardSecrecy: false},
		"other.example":       dict{keySubdomains: "YES"},
	}}), leaf, chain.NewAnchor(root, chain.Installed, "installed"))
	for rule, want := range map[string]chain.Severity{"ats-plist-host": chain.Error, "ats-plist-version": chain.Error, "ats-plist-type": chain.Warning} {
		f := finding(r, rule)
		if f == nil || f.Severity != want || len(f.Advice) == 0 {
			t.Errorf("%s: %+v, want severity %s", rule, f, want)
			continue
		}
		for _, line := range []string{"<key>example.com</key>", "<string>TLSv1.1</string>", "<key>NSIncludesSubdomains</key>\n\t\t\t<true/>"} {
			if !strings.Contains(f.Advice[0].Text, line) {
				t.Errorf("%s: %s\nlacks %s", rule, f.Advice[0].Text, line)
			}
		}
	}
	if f := finding(r, "ats-tls-version"); f != nil {
		t.Errorf("what follows from the mistakes is told, too: %s", f.Message)
	}
}

// TestManyMistakes: each kind is looked for only until enough of it is known, and a
// correction of one host among many shows that host alone.
func TestManyMistakes(t *testing.T) {
	entries := dict{}
	for i := range 20 * maxPlistHits {
		entries[fmt.Sprintf("Host%d.example", i)] = dict{"NSExceptionAllowInsecureHTTPLoads": true, keyMinimumTLS: "1.2",
			keySubdomains: "YES", keyExceptionNIAP: "x"}
	}
	s := atsSettings(dict{keyDomains: entries})
	c := &chain.Case{Question: chain.Question{AppSettings: s}}
	for i, check := range plistChecks() {
		found := check(s, c.Question)
		if len(found) > maxPlistHits+1 {
			t.Errorf("check %d finds %d", i, len(found))
		}
		for _, m := range found[:min(1, len(found))] {
			if m.correct == nil {
				continue
			}
			if xml := shown(m.correct(), m.at); strings.Count(xml, "ost") > 2 {
				t.Errorf("check %d shows %d lines", i, strings.Count(xml, "\n"))
			}
		}
	}
	if mendedOf(c) != nil {
		t.Error("so many mistakes are corrected together")
	}
}
