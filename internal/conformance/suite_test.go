package conformance

import (
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// suiteCase is a line of a suite: the fields of its README that are judged.
type suiteCase struct {
	ID       string   `json:"id"`
	Chain    []string `json:"chain_pem"`
	Roots    []string `json:"roots_pem"`
	CRLs     []string `json:"crls_pem"`
	Time     string   `json:"time"`
	Name     *string  `json:"name"`
	NameKind string   `json:"name_kind"`
	Purpose  string   `json:"purpose"`
	MaxDepth *int     `json:"max_depth"`
	EKU      []string `json:"eku"`
	Policy   *struct {
		Initial        []string `json:"initial_policy_set"`
		Explicit       bool     `json:"initial_explicit_policy"`
		InhibitMapping bool     `json:"initial_policy_mapping_inhibit"`
		InhibitAny     bool     `json:"initial_inhibit_any_policy"`
	} `json:"policy"`
	Expected string `json:"expected"`
	Why      string `json:"why"`
	Soft     bool   `json:"soft"`
}

func ders(list []string) [][]byte {
	var out [][]byte
	for _, text := range list {
		for rest := []byte(text); ; {
			var b *pem.Block
			if b, rest = pem.Decode(rest); b == nil {
				break
			}
			out = append(out, b.Bytes)
		}
	}
	return out
}

// input turns a line into what is judged.
func (s *suiteCase) input(t testing.TB) chain.Input {
	t.Helper()
	now, err := time.Parse(time.RFC3339Nano, s.Time)
	if err != nil {
		t.Fatalf("%s: %v", s.ID, err)
	}
	capture := testpki.Shown("job", ders(s.Chain)...)
	capture.Target, capture.TakenAt = s.ID, now
	q := chain.Question{Time: now, NameKind: chain.NameKind(s.NameKind), Purpose: chain.Purpose(s.Purpose),
		Platform: "ios26", For: "urlsession", Revocation: chain.RevocationSoft, MaxDepth: -1}
	if s.Name != nil {
		q.Name = *s.Name
	}
	if s.MaxDepth != nil {
		q.MaxDepth = *s.MaxDepth
	}
	for _, name := range s.EKU {
		q.EKU = append(q.EKU, purposeOID(t, name))
	}
	if p := s.Policy; p != nil {
		q.Policy = chain.PolicyInput{Explicit: p.Explicit, InhibitMapping: p.InhibitMapping, InhibitAny: p.InhibitAny}
		for _, name := range p.Initial {
			q.Policy.Initial = append(q.Policy.Initial, policyOID(t, name))
		}
	}
	for _, der := range ders(s.CRLs) {
		capture.Evidence = append(capture.Evidence, chain.Evidence{Kind: chain.EvidenceCRL, Origin: "given", Source: "crls_pem", Data: der})
		q.Revocation = chain.RevocationGiven
	}
	var anchors []*chain.Anchor
	for _, der := range ders(s.Roots) {
		anchors = append(anchors, chain.NewAnchor(der, chain.Installed, "roots_pem"))
	}
	return chain.Input{Capture: capture, Question: q, Anchors: chain.NewAnchors(chain.StoreInfo{Name: "none"}, anchors...)}
}

func purposeOID(t testing.TB, name string) x509read.OID {
	switch name {
	case "serverAuth":
		return x509read.OIDServerAuth
	case "clientAuth":
		return x509read.OIDClientAuth
	case "anyExtendedKeyUsage":
		return x509read.OIDAnyExtKeyUsage
	}
	oid, ok := x509read.ParseOID(name)
	if !ok {
		t.Fatalf("unknown purpose %q", name)
	}
	return oid
}

// policyOID reads the names NIST gave to the policies of PKITS, or a dotted OID.
func policyOID(t testing.TB, name string) x509read.OID {
	if name == "anyPolicy" {
		return x509read.OIDAnyPolicy
	}
	if number, ok := strings.CutPrefix(name, "NIST-test-policy-"); ok {
		name = "2.16.840.1.101.3.2.1.48." + number
	}
	oid, ok := x509read.ParseOID(name)
	if !ok {
		t.Fatalf("unknown policy %q", name)
	}
	return oid
}
