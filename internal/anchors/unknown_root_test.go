package anchors_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"math/big"
	"testing"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"github.com/chainspect/chainspect/internal/anchors/embedded"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
)

// sent is a capture of a leaf and an intermediate that names a root as issuer.
func sent(t *testing.T, issuer *x509.Certificate, now time.Time) *chain.Capture {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "CA"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "www.example.com"}, DNSNames: []string{"www.example.com"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	c := &chain.Capture{Schema: chain.CaptureSchema, Target: "test", TakenAt: now, Blobs: map[string][]byte{}}
	o := chain.Observation{Transport: "file", Outcome: chain.Outcome{OK: true}}
	for _, made := range []struct{ cert, parent *x509.Certificate }{{leaf, ca}, {ca, &x509.Certificate{RawSubject: issuer.RawSubject}}} {
		der, err := x509.CreateCertificate(rand.Reader, made.cert, made.parent, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(der)
		id := hex.EncodeToString(sum[:])
		c.Blobs[id] = der
		o.Sent = append(o.Sent, id)
	}
	c.Observations = []chain.Observation{o}
	return c
}

// A root that only Mozilla's store has may be in Apple's by now; a private one is not.
func TestRootNewerThanTheTable(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	var newer *x509.Certificate
	for r := range bundle.Roots() {
		if embedded.Apple().ByHash(sha256.Sum256(r.Certificate)) == nil {
			if c, err := x509.ParseCertificate(r.Certificate); err == nil {
				newer = c
				break
			}
		}
	}
	if newer == nil {
		t.Fatal("every root of Mozilla's store is in Apple's table")
	}
	private := &x509.Certificate{RawSubject: []byte("\x30\x0f\x31\x0d\x30\x0b\x06\x03\x55\x04\x03\x13\x04Root")}
	for want, issuer := range map[chain.Verdict]*x509.Certificate{chain.Undecided: newer, chain.Untrusted: private} {
		name := "www.example.com"
		q := rulebook.Question()
		q.Time, q.Name, q.NameKind = now, name, chain.NameDNS
		e := (&rulebook.Assembly{Profile: chain.ProfileByName("apple"), Memory: chain.NewMemory(16)}).Evaluator()
		r := e.Evaluate(chain.Input{Capture: sent(t, issuer, now), Question: q, Anchors: embedded.Apple()})
		if r.Verdict != want {
			t.Errorf("under %x: %s, want %s: %+v", issuer.RawSubject, r.Verdict, want, r.Findings)
		}
	}
}
