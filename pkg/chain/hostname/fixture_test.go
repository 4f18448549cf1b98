package hostname

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

var clock = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// san encodes GeneralNames by their context tag.
type san struct {
	tag   int
	value string
}

// leafWith makes a self-signed leaf with a common name and a subjectAltName;
// nil names: no extension.
func leafWith(t testing.TB, cn string, names []san) []byte {
	t.Helper()
	seed := sha256.Sum256([]byte("hostname"))
	key := ed25519.NewKeyFromSeed(seed[:])
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: cn}, NotBefore: clock.AddDate(0, -1, 0),
		NotAfter: clock.AddDate(0, 1, 0)}
	if names != nil {
		var list []asn1.RawValue
		for _, n := range names {
			list = append(list, asn1.RawValue{Class: 2, Tag: n.tag, Bytes: []byte(n.value)})
		}
		value, err := asn1.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		tmpl.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: value}}
	}
	der, err := x509.CreateCertificate(nil, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// caseOf builds a case that asks for a name.
func caseOf(der []byte, name string, kind chain.NameKind) *chain.Case {
	in := chain.Input{Capture: testpki.Shown("tls", der), Anchors: chain.NewAnchors(chain.StoreInfo{Name: "none"}),
		Question: chain.Question{Time: clock, Name: name, NameKind: kind}}
	return chain.Build(in, chain.DefaultBudget(), chain.NewMemory(16))
}

// fired lists the rules that fire, in order of their IDs.
func fired(t testing.TB, c *chain.Case) []string {
	t.Helper()
	var ids []string
	for _, r := range Rules() {
		for _, h := range r.Check.(chain.PerLeaf)(c, c.Leaf()) {
			if h.Message == "" || h.Item == nil || len(h.Advice) == 0 || len(h.Evidence) == 0 {
				t.Errorf("%s: incomplete hit %+v", r.ID, h)
			}
			ids = append(ids, r.ID)
		}
	}
	slices.Sort(ids)
	return ids
}
