package revocation

import (
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/suite"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// suiteCase is a line of a third-party chain suite.
type suiteCase struct {
	ID, Expected, Why, Notes, Name string
	NameKind                       chain.NameKind `json:"name_kind"`
	Time                           time.Time
	ChainPEM                       []string `json:"chain_pem"`
	RootsPEM                       []string `json:"roots_pem"`
	CRLsPEM                        []string `json:"crls_pem"`
}

func decodePEM(t *testing.T, blocks []string) (out [][]byte) {
	t.Helper()
	for _, text := range blocks {
		rest := []byte(text)
		for {
			var b *pem.Block
			if b, rest = pem.Decode(rest); b == nil {
				break
			}
			out = append(out, b.Bytes)
		}
	}
	return out
}

// build makes the case of a line of a suite.
func (s *suiteCase) build(t *testing.T, mode chain.RevocationMode) *chain.Case {
	capture := testpki.Shown("job", decodePEM(t, s.ChainPEM)...)
	for _, der := range decodePEM(t, s.CRLsPEM) {
		capture.Evidence = append(capture.Evidence, chain.Evidence{Kind: chain.EvidenceCRL, Origin: "given", Source: "crl", Data: der})
	}
	var anchors []*chain.Anchor
	for _, der := range decodePEM(t, s.RootsPEM) {
		anchors = append(anchors, chain.NewAnchor(der, chain.Installed, "job"))
	}
	in := chain.Input{Capture: capture, Anchors: chain.NewAnchors(chain.StoreInfo{Name: "none"}, anchors...),
		Question: chain.Question{Time: s.Time, Name: s.Name, NameKind: s.NameKind, Revocation: mode, MaxDepth: -1}}
	return chain.Build(in, chain.DefaultBudget(), chain.NewMemory(64))
}

// accepted reports whether some complete path has good signatures and nothing to say
// about revocation; said collects what is said.
func accepted(c *chain.Case) (ok bool, said []string) {
	for _, p := range c.Paths {
		good := p.End == chain.Anchored
		for _, l := range p.Links {
			good = good && l.Signature.Status == x509read.Verified
		}
		hits := append(checkRevoked(c, p), checkUnknown(c, p)...)
		for _, h := range hits {
			said = append(said, h.Message)
		}
		ok = ok || good && len(hits) == 0
	}
	return ok, said
}

// TestPKITS runs the sections of NIST PKITS that are about revocation: 4.4 basic
// revocation, 4.5 self-issued CRL signers, 4.14 distribution points, 4.15 deltas.
// In the other sections every certificate has a valid CRL, so nothing may be said.
func TestPKITS(t *testing.T) {
	n := 0
	for _, s := range suite.Read[suiteCase](t, "pkits") {
		var about bool
		for _, section := range []string{"pkits-4.4.", "pkits-4.14.", "pkits-4.15."} {
			about = about || strings.HasPrefix(s.ID, section)
		}
		c := s.build(t, chain.RevocationGiven)
		ok, said := accepted(c)
		switch {
		case about && ok != (s.Expected == "valid"):
			t.Errorf("%s (%s): accepted %v, want %s; %q", s.ID, s.Notes, ok, s.Expected, said)
		case !about && s.Expected == "valid" && !ok:
			t.Errorf("%s (%s): refused: %q", s.ID, s.Notes, said)
		}
		if about {
			n++
		}
	}
	if n != 66 {
		t.Errorf("%d cases about revocation, 66 are in the suite", n)
	}
}

func TestLimboCRLs(t *testing.T) {
	for _, s := range suite.Read[suiteCase](t, "limbo") {
		if len(s.CRLsPEM) == 0 {
			continue
		}
		c := s.build(t, chain.RevocationGiven)
		ok, said := accepted(c)
		ok = ok && len(checkProfile(c)) == 0 // profile webpki, which limbo is judged with, takes it for an error
		if ok != (s.Expected == "valid") {
			t.Errorf("%s: accepted %v, want %s; %q", s.ID, ok, s.Expected, said)
		}
	}
}
