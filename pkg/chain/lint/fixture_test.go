package lint

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var clock = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// pki is a root and a leaf that no rule has anything to say about.
func pki(t testing.TB) (root, leaf []byte) {
	t.Helper()
	key := func(label string) *ecdsa.PrivateKey {
		sum := sha256.Sum256([]byte(label))
		k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	rootKey, leafKey := key("root"), key("leaf")
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Root"}, NotBefore: clock.AddDate(-1, 0, 0),
		NotAfter: clock.AddDate(1, 0, 0),
		IsCA:     true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}
	root, err := x509.CreateCertificate(nil, ca, ca, rootKey.Public(), rootKey)
	if err != nil {
		t.Fatal(err)
	}
	if ca, err = x509.ParseCertificate(root); err != nil {
		t.Fatal(err)
	}
	ee := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "www.example.com"}, NotBefore: clock.AddDate(0, -1, 0),
		NotAfter: clock.AddDate(0, 2, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, DNSNames: []string{"www.example.com",
			"example.com"}}
	if leaf, err = x509.CreateCertificate(nil, ee, ca, leafKey.Public(), rootKey); err != nil {
		t.Fatal(err)
	}
	return root, leaf
}

// scene is the clean chain of root and leaf.
func scene(t testing.TB, purpose chain.Purpose, name string) *chain.Case {
	root, leaf := pki(t)
	q := chain.Question{Time: clock, Name: name, NameKind: chain.NameDNS, Purpose: purpose, MaxDepth: -1}
	return caseOf(q, [][]byte{leaf}, [][]byte{root})
}

// withExtension returns the extensions with one more, or with its critical flag changed.
func withExtension(list []x509read.Extension, oid x509read.OID, critical bool) []x509read.Extension {
	out := without(list, oid)
	return append(out, x509read.Extension{OID: oid, Critical: critical})
}

func without(list []x509read.Extension, oid x509read.OID) (out []x509read.Extension) {
	for _, e := range list {
		if e.OID != oid {
			out = append(out, e)
		}
	}
	return out
}

func fault(code x509read.FaultCode) x509read.Fault {
	return x509read.Fault{Code: code, Field: "field", Message: "what was found"}
}
