package basic

import (
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// TestRepairs: what a fix advises is tried, and the chain is trusted afterwards.
func TestRepairs(t *testing.T) {
	for _, s := range []story{
		{want: "basic-expired", recipes: with(nil), ask: at(time.Second, clock.AddDate(0, 0, 60))},
		{want: "basic-expired", recipes: with(recipes{"root": {CA: true, NotAfter: clock.Add(-time.Second)}})},
		{want: "basic-not-yet-valid", recipes: with(nil), ask: at(-time.Second, clock.AddDate(0, 0, -30))},
		{want: "basic-anchor-not-trusted", recipes: with(nil), sent: "leaf sub root", anchors: "other"},
		{want: "basic-self-signed", recipes: with(recipes{"leaf": {}}), sent: "leaf"},
		{want: "basic-key-identifier", recipes: with(recipes{
			"sub":  {CA: true, Issuer: "root", KeyID: "0102030405060708"},
			"sent": {CA: true, Issuer: "root", Subject: "CN=sub", KeyOf: "sub", KeyID: "0102030405060709"},
		}), sent: "leaf sent"},
		{want: "basic-name-chaining", recipes: with(recipes{
			"sent": {CA: true, Issuer: "root", Subject: "CN=another name", KeyOf: "sub"},
		}), sent: "leaf sent"},
		{want: "basic-not-ca", recipes: with(recipes{"root": {NoBasic: true, KeyUsage: []string{"keyCertSign"}, EKU: []string{"-"}}})},
		{want: "basic-key-cert-sign", recipes: with(recipes{"sub": {CA: true, Issuer: "root", KeyUsage: []string{"cRLSign"}}})},
		{want: "basic-path-length", recipes: with(recipes{"root": {CA: true, PathLen: number(0)}})},
		{want: "basic-eku", recipes: with(recipes{"leaf": {Issuer: "sub", EKU: []string{"clientAuth"}}})},
		{want: "basic-anchor-eku", recipes: with(recipes{"root": {CA: true, EKU: []string{"clientAuth"}}})},
		{want: "basic-key-usage", recipes: with(recipes{"leaf": {Issuer: "sub", KeyUsage: []string{"cRLSign"}}})},
		{want: "basic-critical-extension",
			recipes: with(recipes{"leaf": {Issuer: "sub", Extra: []testpki.Extra{{OID: "1.2.3.4", Critical: true, Hex: "0500"}}}})},
		{want: "basic-duplicate-extension",
			recipes: with(recipes{"leaf": {Issuer: "sub", Extra: []testpki.Extra{{OID: "1.2.3.4", Hex: "0500"}, {OID: "1.2.3.4", Hex: "0500"}}}})},
		{want: "basic-name-constraints", recipes: with(recipes{
			"sub":  {CA: true, Issuer: "root", Permitted: []string{"example.com"}},
			"leaf": {Issuer: "sub", DNS: []string{"www.example.com", "www.example.org"}},
		})},
	} {
		if s.sent == "" {
			s.sent = "leaf sub"
		}
		if s.anchors == "" {
			s.anchors = "root"
		}
		r := s.judge(t)
		if len(r.Findings) == 0 || r.Findings[0].Rule != s.want || r.Findings[0].Severity != chain.Error {
			t.Errorf("%s: findings %+v", s.want, r.Findings)
			continue
		}
		if f := r.Findings[0]; !f.FixChecked || strings.TrimSpace(f.Fix) == "" {
			t.Errorf("%s: the fix %q was not confirmed", s.want, f.Fix)
		}
	}
}
