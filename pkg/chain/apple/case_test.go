package apple

import (
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

type edit = func(*x509read.Certificate)

func moment(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func distinguished(cn string) x509read.Name {
	var n pkix.RDNSequence
	if cn != "" {
		n = pkix.Name{CommonName: cn}.ToRDNSequence()
	}
	return encodedName(n)
}

func encodedName(n pkix.RDNSequence) x509read.Name {
	der, err := asn1.Marshal(n)
	if err != nil {
		panic(err)
	}
	name, _ := x509read.ParseName(der)
	return name
}

// made makes a certificate of good fields; edits break them.
func made(subject, issuer string, edits ...edit) *x509read.Certificate {
	c := &x509read.Certificate{
		Version: 3, Serial: []byte{1}, Subject: distinguished(subject), Issuer: distinguished(issuer),
		NotBefore: moment("2026-01-10T00:00:00Z"), NotAfter: moment("2026-04-10T00:00:00Z"),
		Signature:    x509read.Algorithm{OID: x509read.OIDECDSAWithSHA256},
		TBSSignature: x509read.Algorithm{OID: x509read.OIDECDSAWithSHA256},
		PublicKey:    x509read.PublicKey{Type: x509read.ECDSA, Bits: 256, Curve: "P-256"},
	}
	for _, e := range edits {
		e(c)
	}
	c.Raw = []byte(subject + "|" + issuer)
	c.SHA256 = sha256.Sum256(c.Raw)
	return c
}

func leaf(edits ...edit) *x509read.Certificate {
	return made("www.example.com", "CA", append([]edit{func(c *x509read.Certificate) {
		c.ExtKeyUsage = []x509read.OID{x509read.OIDServerAuth}
	}}, edits...)...)
}

func authority(subject, issuer string, edits ...edit) *x509read.Certificate {
	return made(subject, issuer, append([]edit{func(c *x509read.Certificate) {
		c.BasicConstraints = &x509read.BasicConstraints{CA: true, PathLen: -1, Critical: true}
		c.KeyUsage = &x509read.KeyUsage{Bits: x509read.KeyCertSign, Critical: true}
	}}, edits...)...)
}

// asked is a case with one path, whose signatures count as good (Item.Reissued);
// kind "" leaves it without an anchor.
func asked(kind chain.AnchorKind, certs ...*x509read.Certificate) *chain.Case {
	c := &chain.Case{
		Question: chain.Question{Time: moment("2026-02-01T00:00:00Z"), Purpose: chain.PurposeServer, Platform: "ios26", MaxDepth: -1},
		Capture:  &chain.Capture{}, Observation: &chain.Observation{},
	}
	p := &chain.Path{End: chain.NoIssuer}
	for i, cert := range certs {
		p.Items = append(p.Items, &chain.Item{Index: i, Origin: chain.OriginSent, Cert: cert, Repeats: -1, Reissued: true})
	}
	for i := range len(p.Items) - 1 {
		p.Links = append(p.Links, &chain.Link{Child: p.Items[i], Issuer: p.Items[i+1], Signature: x509read.SignatureResult{Status: x509read.Verified}})
	}
	c.Anchors = chain.NewAnchors(chain.StoreInfo{Name: "apple", Date: moment("2025-07-20T00:00:00Z")})
	if kind != "" {
		last := p.Last()
		a := chain.NewAnchor(last.Cert.Raw, kind, "test")
		last.Anchor, p.Anchor, p.End = a, a, chain.Anchored
		if n := len(p.Links); n > 0 {
			p.Links[n-1].IssuerIsAnchor = true
		}
		c.Anchors = c.Anchors.With(a)
	}
	c.Items, c.Paths = p.Items, []*chain.Path{p}
	return c
}

func rule(t testing.TB, id string) *chain.Rule {
	t.Helper()
	for _, r := range Rules() {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("there is no rule %s", id)
	return nil
}

// fire runs one rule over a case as the engine does.
func fire(t testing.TB, id string, c *chain.Case) []chain.Hit {
	t.Helper()
	r := rule(t, id)
	issued := func(it *chain.Item) bool {
		return r.Applies == nil || r.Applies.IssuedFrom.IsZero() || !it.Cert.NotBefore.Before(r.Applies.IssuedFrom)
	}
	if r.Needs != nil && !r.Needs(c) {
		return nil
	}
	var hits []chain.Hit
	p := c.Paths[0]
	switch check := r.Check.(type) {
	case chain.PerPath:
		if issued(p.Leaf()) {
			hits = check(c, p)
		}
	case chain.PerCertificate:
		for i, it := range p.Items {
			hits = append(hits, check(it, chain.Place{Leaf: i == 0, Anchor: p.Anchor != nil && i == len(p.Items)-1})...)
		}
	case chain.PerItem:
		for i, it := range p.Items {
			hits = append(hits, check(c, it, chain.Place{Leaf: i == 0, Anchor: p.Anchor != nil && i == len(p.Items)-1})...)
		}
	case chain.PerLink:
		for _, l := range p.Links {
			hits = append(hits, check(c, l)...)
		}
	case chain.PerList:
		hits = check(c)
	default:
		t.Fatalf("%s: a check of type %T", id, check)
	}
	return hits
}

// outcome is "", "unknown", or the hit's own cap: "error", "warning", "note".
func outcome(hits []chain.Hit) string {
	if len(hits) == 0 {
		return ""
	}
	h := hits[0]
	switch {
	case h.Status == chain.Unknown:
		return "unknown"
	case h.AtMost != "":
		return string(h.AtMost)
	}
	return "error"
}

type story struct {
	name string
	rule string
	c    *chain.Case
	want string
}

func tell(t *testing.T, stories []story) {
	t.Helper()
	for _, s := range stories {
		hits := fire(t, s.rule, s.c)
		if got := outcome(hits); got != s.want {
			t.Errorf("%s: %s: %q, want %q (%v)", s.rule, s.name, got, s.want, hits)
		}
		for _, h := range hits {
			if h.Message == "" || strings.HasSuffix(h.Message, ".") || len(h.Evidence) == 0 {
				t.Errorf("%s: %s: message %q, evidence %v", s.rule, s.name, h.Message, h.Evidence)
			}
		}
	}
}

func TestRulesAreComplete(t *testing.T) {
	explained, ids := map[string]string{}, map[string]bool{}
	for _, r := range Rules() {
		switch {
		case ids[r.ID]:
			t.Errorf("%s twice", r.ID)
		case !strings.HasPrefix(r.ID, "apple-") || r.Level != chain.LevelX509:
			t.Errorf("%s, level %s", r.ID, r.Level)
		case r.Title == "" || len([]rune(r.Title)) > 60 || strings.HasSuffix(r.Title, "."):
			t.Errorf("%s: title %q of %d characters", r.ID, r.Title, len([]rune(r.Title)))
		case len(r.Sources) == 0 || r.Explain == "" || len(r.Advice) == 0 || r.Check == nil:
			t.Errorf("%s lacks a source, explanation, remedy or check", r.ID)
		case explained[r.Explain] != "":
			t.Errorf("%s explains as %s does", r.ID, explained[r.Explain])
		}
		ids[r.ID], explained[r.Explain] = true, r.ID
		for _, s := range r.Sources {
			if s.Confidence == "" {
				t.Errorf("%s: source %s has no confidence", r.ID, s.Doc)
			}
		}
	}
}
