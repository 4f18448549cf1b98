package inspect

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Reports of one target are told apart by address and hello; addresses that
// come to the same answer share one.
func TestReportsOfOneTarget(t *testing.T) {
	sent := func(hello, peer, list string) chain.Observation {
		return chain.Observation{Transport: "tls", Hello: hello, Network: peer, Sent: []string{list}}
	}
	chose := sent("apple-ats", "192.0.2.1:443", "x")
	chose.Resolved = []string{"192.0.2.1", "2001:db8::1"}
	for _, tt := range []struct {
		name     string
		thorough bool
		seen     []chain.Observation
		want     string // labels
	}{
		{"one address, one list", true, []chain.Observation{sent("apple-ats", "192.0.2.1:443", "x"), sent("apple-ats-ecdsa", "192.0.2.1:443", "x")}, ""},
		{"a file", true, []chain.Observation{{Transport: "file", Sent: []string{"x"}}}, ""},
		{"one of two addresses", false, []chain.Observation{chose}, "at 192.0.2.1, one of 2 addresses"},
		{"two keys", true, []chain.Observation{sent("apple-ats", "192.0.2.1:443", "x"), sent("apple-ats-ecdsa", "192.0.2.1:443", "x"),
			sent("apple-ats-rsa-cert", "192.0.2.1:443", "y")},
			"list 1 of 2, sent to 2 of 3 connections|list 2 of 2, sent to clients that take RSA certificates only"},
		{"two keys, not asked for", false, []chain.Observation{sent("apple-ats", "192.0.2.1:443", "x"), sent("apple-ats-rsa-cert", "192.0.2.1:443", "y")}, ""},
		{"the same at both addresses", true,
			[]chain.Observation{sent("apple-ats", "192.0.2.1:443", "x"), sent("apple-ats", "[2001:db8::1]:443", "x")}, "at 192.0.2.1, 2001:db8::1"},
		{"one address is dead", true, []chain.Observation{{Transport: "tls", Network: "[2001:db8::1]:443"}, sent("apple-ats", "192.0.2.1:443", "x")},
			"at 192.0.2.1"},
		{"another list at each", true, []chain.Observation{sent("apple-ats", "192.0.2.1:443", "x"), sent("apple-ats", "192.0.2.2:443", "y")},
			"at 192.0.2.1|at 192.0.2.2"},
		{"another verdict at each", true, []chain.Observation{sent("apple-ats", "192.0.2.1:443", "x"), sent("bad", "192.0.2.2:443", "x")},
			"at 192.0.2.2|at 192.0.2.1"},
		{"a bad list is first", true, []chain.Observation{sent("apple-ats", "192.0.2.1:443", "x"), sent("bad", "192.0.2.1:443", "y")},
			"list 1 of 2, sent to 1 of 2 connections|list 2 of 2, sent to 1 of 2 connections"},
	} {
		c := &chain.Capture{Observations: tt.seen}
		var labels []string
		for i, r := range reports(c, lists(c, tt.thorough), func(o int) *chain.Report {
			r := &chain.Report{Verdict: chain.Trusted}
			if c.Observations[o].Hello == "bad" {
				r.Verdict, r.Headline = chain.Untrusted, "not trusted: x"
			}
			return r
		}) {
			labels = append(labels, r.Label)
			if strings.Contains(tt.name, "bad") &&
				(r.Verdict == chain.Untrusted) != (i == 0 && r.Headline == "not trusted: 1 of the 2 lists the server sends: x") {
				t.Errorf("%s: report %d is %s, %q", tt.name, i, r.Verdict, r.Headline)
			}
			if r.Part != i+1 && strings.Contains(tt.want, "|") {
				t.Errorf("%s: part %d of report %d", tt.name, r.Part, i)
			}
		}
		if got := strings.Join(labels, "|"); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
