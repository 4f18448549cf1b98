package ats

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

func TestRulesAreComplete(t *testing.T) {
	explained := map[string]string{}
	for _, r := range Rules() {
		if !strings.HasPrefix(r.ID, "ats-") || r.Level != chain.LevelATS || r.Check == nil {
			t.Errorf("%s: level %s, check %v", r.ID, r.Level, r.Check)
		}
		if r.Title == "" || len(r.Title) > 60 || strings.HasSuffix(r.Title, ".") {
			t.Errorf("%s: title %q has %d characters", r.ID, r.Title, len(r.Title))
		}
		if len(r.Sources) == 0 || len(r.Advice) == 0 {
			t.Errorf("%s: sources or remedy are missing", r.ID)
		}
		if n := strings.Count(r.Explain, ". ") + 1; n < 2 || n > 4 {
			t.Errorf("%s: the explanation has %d sentences", r.ID, n)
		}
		if other, ok := explained[r.Explain]; ok {
			t.Errorf("%s and %s share an explanation", r.ID, other)
		}
		explained[r.Explain] = r.ID
	}
}

// hello is an observation of a handshake, made short for tables.
func hello(name, version string, suite tlsname.Suite, suiteName, group string, scheme tlsname.Scheme) chain.Observation {
	return chain.Observation{Transport: "tls", Scheme: "https", Address: "example.com:443", Network: "192.0.2.1:443",
		ServerName: "example.com", Hello: name, Sent: []string{"leaf"},
		Outcome: chain.Outcome{OK: true, Version: version, SuiteID: suite, Suite: suiteName, Group: group, SignatureID: scheme}}
}

// refusal is a handshake that the server refused with an alert.
func refusal(name string, alert tlsname.Alert) chain.Observation {
	return chain.Observation{Transport: "tls", Scheme: "https", Address: "example.com:443", Network: "192.0.2.1:443",
		ServerName: "example.com", Hello: name, Outcome: chain.Outcome{Stage: "hello", ErrorKind: "tls", Alert: &alert}}
}

// caseOf is a case whose last observation is the judged one.
func caseOf(change func(*chain.Case), obs ...chain.Observation) *chain.Case {
	c := &chain.Case{
		Question: chain.Question{Name: "example.com", NameKind: chain.NameDNS, Purpose: chain.PurposeServer,
			Platform: "ios26", For: "urlsession"},
		Capture:      &chain.Capture{Observations: obs},
		Anchors:      chain.NewAnchors(chain.StoreInfo{Name: "none"}),
		DefaultTrust: chain.Trusted, AppTrust: chain.Trusted,
	}
	c.Observation = &c.Capture.Observations[len(obs)-1]
	if change != nil {
		change(c)
	}
	return c
}

// fire runs the rules that need no certificate and collects what they say.
func fire(c *chain.Case) map[string]chain.Hit {
	out := map[string]chain.Hit{}
	for _, r := range Rules() {
		if r.Needs != nil && !r.Needs(c) {
			continue
		}
		var hits []chain.Hit
		switch check := r.Check.(type) {
		case chain.PerObservation:
			hits = check(c, c.Observation)
		case chain.PerList:
			hits = check(c)
		case chain.PerPath:
			for _, p := range c.Paths {
				hits = append(hits, check(c, p)...)
			}
		case chain.PerItem:
			for _, it := range c.Items {
				hits = append(hits, check(c, it, chain.Place{Leaf: it.Index == 0})...)
			}
		}
		if len(hits) > 0 {
			out[r.ID] = hits[0]
		}
	}
	return out
}

func only(t *testing.T, name string, got map[string]chain.Hit, want ...string) {
	t.Helper()
	ids := map[string]bool{}
	for _, w := range want {
		ids[w] = true
		if _, ok := got[w]; !ok {
			t.Errorf("%s: %s is silent", name, w)
		}
	}
	for id, h := range got {
		if !ids[id] {
			t.Errorf("%s: %s fires: %s", name, id, h.Message)
		}
	}
}
