package revocation

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

var clock = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// authority is a certificate with its key.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func keyOf(t testing.TB, label string) *ecdsa.PrivateKey {
	t.Helper()
	sum := sha256.Sum256([]byte(label))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// issue makes a certificate; a nil parent: self-signed. change edits the template.
func issue(t testing.TB, parent *authority, cn string, serial int64, change func(*x509.Certificate)) *authority {
	t.Helper()
	a := &authority{key: keyOf(t, cn)}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: cn},
		NotBefore: clock.AddDate(-1, 0, 0), NotAfter: clock.AddDate(1, 0, 0), BasicConstraintsValid: true}
	if change != nil {
		change(tmpl)
	}
	issuer, signer := tmpl, a.key
	if parent != nil {
		issuer, signer = parent.cert, parent.key
	}
	der, err := x509.CreateCertificate(nil, tmpl, issuer, a.key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return a
}

func asCA(usage x509.KeyUsage) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.IsCA, c.KeyUsage = true, usage }
}

const caUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign

// crlOf makes a CRL that holds from a day before the clock to a day after.
func crlOf(t testing.TB, by *authority, change func(*x509.RevocationList), serials ...int64) []byte {
	t.Helper()
	tmpl := &x509.RevocationList{Number: big.NewInt(5), ThisUpdate: clock.AddDate(0, 0, -1), NextUpdate: clock.AddDate(0, 0, 1)}
	for _, s := range serials {
		tmpl.RevokedCertificateEntries = append(tmpl.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: big.NewInt(s), RevocationTime: clock.AddDate(0, 0, -2), ReasonCode: 1})
	}
	if change != nil {
		change(tmpl)
	}
	signer := *by.cert
	signer.KeyUsage = caUsage // the library refuses to sign without; what is judged is the real certificate
	if len(signer.SubjectKeyId) == 0 {
		signer.SubjectKeyId = []byte{1}
	}
	der, err := x509.CreateRevocationList(nil, tmpl, &signer, crypto.Signer(by.key))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// scene is what a case is made of.
type scene struct {
	sent    []*authority
	root    *authority
	crls    [][]byte
	ocsp    [][]byte
	staples map[int][]byte
	mode    chain.RevocationMode
	time    time.Time
}

func (s scene) build() *chain.Case {
	return chain.Build(s.input(), chain.DefaultBudget(), chain.NewMemory(16))
}

func (s scene) input() chain.Input {
	capture := &chain.Capture{Blobs: map[string][]byte{}, Observations: []chain.Observation{{Transport: "tls", Staples: s.staples}}}
	for _, a := range s.sent {
		sum := sha256.Sum256(a.cert.Raw)
		key := hex.EncodeToString(sum[:])
		capture.Blobs[key] = a.cert.Raw
		capture.Observations[0].Sent = append(capture.Observations[0].Sent, key)
	}
	for _, der := range s.crls {
		capture.Evidence = append(capture.Evidence, chain.Evidence{Kind: chain.EvidenceCRL, Source: "list.crl", Data: der})
	}
	for _, der := range s.ocsp {
		capture.Evidence = append(capture.Evidence, chain.Evidence{Kind: chain.EvidenceOCSP, Source: "answer.der", Data: der})
	}
	if s.time.IsZero() {
		s.time = clock
	}
	return chain.Input{Capture: capture, Anchors: chain.NewAnchors(chain.StoreInfo{}, chain.NewAnchor(s.root.cert.Raw, chain.Installed, "test")),
		Question: chain.Question{Time: s.time, Revocation: s.mode, MaxDepth: -1}}
}

// said lists "rule item message" of everything that fires; the rule about
// evidence yields to revocation-unknown, as in a report.
func said(c *chain.Case) (out []string) {
	defer func() {
		if slices.ContainsFunc(out, func(s string) bool { return strings.HasPrefix(s, "revocation-unknown") }) {
			out = slices.DeleteFunc(out, func(s string) bool { return strings.HasPrefix(s, "revocation-evidence-ignored") })
		}
	}()
	for _, r := range Rules() {
		if r.Needs != nil && !r.Needs(c) {
			continue
		}
		var hits []chain.Hit
		switch check := r.Check.(type) {
		case chain.PerPath:
			for _, p := range c.Paths {
				hits = append(hits, check(c, p)...)
			}
		case chain.PerList:
			hits = check(c)
		}
		for _, h := range hits {
			text := r.ID
			if h.Item != nil {
				text += " " + string(rune('0'+h.Item.Index))
			}
			out = append(out, text+" "+h.Message)
		}
	}
	return out
}
