package revocation

import (
	"crypto/x509"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// TestRevokedFix: who has to replace what depends on the place of what was revoked.
func TestRevokedFix(t *testing.T) {
	root := issue(t, nil, "Root", 1, asCA(caUsage))
	again := issue(t, root, "Intermediate", 22, asCA(caUsage))
	late := issue(t, root, "Intermediate", 23, func(c *x509.Certificate) { asCA(caUsage)(c); c.NotAfter = clock.AddDate(0, 0, -1) })
	inter := issue(t, root, "Intermediate", 2, asCA(caUsage))
	leaf := issue(t, inter, "leaf", 3, nil)
	top := issue(t, nil, "Intermediate", 24, asCA(caUsage))
	notes := 0
	for _, c := range []struct {
		name    string
		sent    []*authority
		serials []int64 // revoked by root
		by      *authority
		want    string
		repair  bool
	}{
		{"leaf", []*authority{leaf, inter}, []int64{3}, inter, "have the CA issue a new certificate for a new key", false},
		{"intermediate", []*authority{leaf, inter}, []int64{2}, root,
			"replace item 1 in the file the server sends by the CA's current certificate of Intermediate;", false},
		{"beside one that is not revoked", []*authority{leaf, inter, again}, []int64{2}, root, "by item 2", true},
		{"beside one that is revoked too", []*authority{leaf, inter, again}, []int64{2, 22}, root, "by the CA's current certificate", false},
		{"beside one that expired", []*authority{leaf, inter, late}, []int64{2}, root, "by the CA's current certificate", false},
	} {
		s := scene{sent: c.sent, root: root, crls: [][]byte{crlOf(t, c.by, nil, c.serials...)}, mode: chain.RevocationRequire}
		built := s.build()
		var hit *chain.Hit
		for _, p := range built.Paths {
			for _, h := range checkRevoked(built, p) {
				if hit == nil || h.Item.Index < hit.Item.Index {
					hit = &h
				}
			}
		}
		if hit == nil || !strings.HasPrefix(testpki.Steps(hit.Advice), "server administrator: ") ||
			!strings.Contains(testpki.Steps(hit.Advice), c.want) || (hit.Advice[0].Repair != nil) != c.repair {
			t.Errorf("%s: %+v", c.name, hit)
		}
		for _, p := range built.Paths {
			if len(checkRevoked(built, p)) == 0 {
				continue
			}
			for _, h := range checkUnknown(built, p) {
				notes++
				if h.AtMost != chain.Note || !strings.Contains(h.Message, "either") ||
					!strings.Contains(testpki.Steps(h.Advice), "in addition to the CRLs given") {
					t.Errorf("%s: beside what was revoked, silence about %s is no note: %+v", c.name, h.Item.Label(), h)
				}
			}
		}
	}
	if notes == 0 {
		t.Error("silence about others is not said beside what was revoked")
	}
	// The anchors have the CA itself: the revoked cross-certificate is not needed.
	s := scene{sent: []*authority{leaf, inter}, root: root, crls: [][]byte{crlOf(t, root, nil, 2)}}
	in := s.input()
	in.Anchors = in.Anchors.With(chain.NewAnchor(top.cert.Raw, chain.Installed, "test"))
	built := chain.Build(in, chain.DefaultBudget(), chain.NewMemory(16))
	var hits []chain.Hit
	for _, p := range built.Paths {
		hits = append(hits, checkRevoked(built, p)...)
	}
	if len(hits) != 1 || !strings.Contains(testpki.Steps(hits[0].Advice), "take item 1 out") ||
		!strings.Contains(testpki.Steps(hits[0].Advice), "the trusted anchor Intermediate (SHA-256 ") || hits[0].Advice[0].Repair == nil {
		t.Errorf("beside the CA itself as an anchor: %+v", hits)
	}
}
