package stories

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// TestACircleIsNoCause: two CAs that certify each other make a path that turns in
// a circle; where another path ends for a reason of its own, that is the error.
func TestACircleIsNoCause(t *testing.T) {
	t.Parallel()
	r := planned(t, `Two CAs certified each other, and the issuer of one of them was not sent.
---
name: www.example.com
certs:
  root: {subject: "CN=Example Root CA", ca: true}
  stranger: {subject: "CN=Example Issuing CA 9", ca: true}
  one: {subject: "CN=CA One", issuer: two, ca: true}
  two: {subject: "CN=CA Two", ca: true}
  two-by-one: {subject: "CN=CA Two", key_of: two, issuer: one, ca: true}
  one-by-stranger: {subject: "CN=CA One", key_of: one, issuer: stranger, ca: true}
  leaf: {subject: "CN=www.example.com", issuer: one, dns: [www.example.com]}
send: [leaf, one, two-by-one, one-by-stranger]
installed: [root]
fires: [basic-loop]
near:
  send: [leaf]
`)
	errors := map[string]bool{}
	for _, f := range r.Findings {
		if f.Severity == chain.Error && f.Status == chain.Broken {
			errors[f.Rule] = true
		}
	}
	if r.Verdict != chain.Untrusted || len(errors) != 1 || errors["basic-loop"] || severity(r, "basic-loop") != chain.Note {
		t.Errorf("verdict %s, errors %v, basic-loop is a %s", r.Verdict, errors, severity(r, "basic-loop"))
	}
	if strings.Contains(r.Headline, "below it on the path already") {
		t.Error(r.Headline)
	}
}

// TestSidePathsHaveTheirOwnAdvice: a note about a path that is not needed does not
// tell to mend what the server does not need.
func TestSidePathsHaveTheirOwnAdvice(t *testing.T) {
	t.Parallel()
	n := 0
	for name, s := range load(t) {
		for _, scene := range []*testpki.Scene{&s.Scene, s.Near} {
			r := judge(t, scene)
			if r.Verdict != chain.Trusted {
				continue
			}
			for _, f := range r.Findings {
				if f.Severity != chain.Note || f.Status != chain.Broken || len(f.Paths) == 0 || len(f.Paths) == len(r.Paths) {
					continue
				}
				if f.Fix == "" {
					t.Errorf("%s: %s has no advice", name, f.Rule)
				}
				if strings.Contains(f.Fix, "nothing has to be done") {
					n++
				}
			}
		}
	}
	if n == 0 {
		t.Error("no story has a side path")
	}
}
