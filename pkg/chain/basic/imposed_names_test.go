package basic

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// The names that a store keeps a root to count as constraints of its own, whether
// the root was sent or not.
func TestNamesImposedOnAnAnchor(t *testing.T) {
	for _, tc := range []struct {
		name, sent string
		below      []string
		breaks     bool
	}{
		{"none", "leaf sub", nil, false},
		{"within", "leaf sub", []string{"test"}, false},
		{"one of two", "leaf sub", []string{"tr", "example.test"}, false},
		{"outside", "leaf sub", []string{"tr"}, true},
		{"outside, the root was sent", "leaf sub root", []string{"tr"}, true},
		{"a part of a label", "leaf sub", []string{"st"}, true},
	} {
		s := &story{sent: tc.sent, anchors: "root",
			recipes: with(recipes{"leaf": testpki.Recipe{Subject: "CN=leaf", Issuer: "sub", DNS: []string{"www.example.test"}}})}
		in := s.input(t)
		a := in.Anchors.All()[0]
		a.Below = tc.below
		r := chain.NewEvaluator(chain.ProfileByName("rfc"), chain.NewMemory(64), Rules()).Evaluate(in)
		broken := false
		for _, f := range r.Findings {
			if f.Rule == "basic-name-constraints" {
				broken = true
				if !strings.Contains(f.Message, "www.example.test") {
					t.Errorf("%s: %s", tc.name, f.Message)
				}
			}
		}
		if broken != tc.breaks || tc.breaks == (r.Verdict == chain.Trusted) {
			t.Errorf("%s: %s, %+v", tc.name, r.Verdict, r.Findings)
		}
	}
}
