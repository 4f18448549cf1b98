package revocation

import (
	"crypto/x509"
	"math/big"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/crypto/ocsp"

	"github.com/chainspect/chainspect/pkg/chain"
)

// FuzzCRL reads any octets as a CRL and judges a chain by it: nothing panics, the
// walk ends, and no list whose signature was broken makes a certificate revoked.
func FuzzCRL(f *testing.F) {
	root := issue(f, nil, "Root", 1, asCA(caUsage))
	leaf := issue(f, root, "leaf", 3, nil)
	signed := crlOf(f, root, nil, 3, 4)
	f.Add(signed)
	f.Add(crlOf(f, root, nil))
	f.Add(withExtension(f, signed, false))
	f.Fuzz(func(t *testing.T, der []byte) {
		l, err := ParseCRL(der)
		theirs, theirErr := x509.ParseRevocationList(der)
		switch {
		case theirErr == nil && err != nil:
			t.Fatalf("crypto/x509 reads the list, we do not: %v", err)
		case err == nil:
			found, _, ok := l.find([]byte{3}, l.Issuer)
			if theirErr != nil || !ok || l.Distribution != nil {
				break
			}
			listed := false
			for _, e := range theirs.RevokedCertificateEntries {
				listed = listed || e.SerialNumber.Cmp(big.NewInt(3)) == 0
			}
			if listed != (found != nil) {
				t.Fatalf("crypto/x509 lists the certificate: %v, we: %v", listed, found)
			}
		}
		c := scene{sent: []*authority{leaf}, root: root, crls: [][]byte{der}, mode: chain.RevocationGiven}.build()
		for _, p := range c.Paths {
			if len(checkRevoked(c, p)) > 0 && string(l.Signed) != string(mustParse(t, signed).Signed) {
				t.Fatalf("revoked by a list nobody signed: % x", der)
			}
		}
	})
}

// withExtension makes a list of a signed one whose only extension, a CRL number,
// has one element more than it may; nobody signed the list.
func withExtension(t testing.TB, signed []byte, critical bool) []byte {
	t.Helper()
	l, err := ParseCRL(signed)
	if err != nil {
		t.Fatal(err)
	}
	algorithm := []byte{0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2} // ecdsa-with-SHA256
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(1)
			b.AddBytes(algorithm)
			b.AddBytes(l.Issuer.Raw)
			b.AddASN1UTCTime(l.ThisUpdate)
			b.AddASN1(asn1.Tag(0).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
				b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddBytes([]byte{6, 3, 0x55, 0x1d, 20}) // cRLNumber
						if critical {
							b.AddASN1Boolean(true)
						}
						b.AddASN1OctetString([]byte{2, 1, 7})
						b.AddBytes([]byte{0xe8, 0})
					})
				})
			})
		})
		b.AddBytes(algorithm)
		b.AddASN1BitString([]byte{0})
	})
	return b.BytesOrPanic()
}

// TestAnExtensionThatIsNotWhole is not processed: where it is critical the list
// says nothing of any certificate, else it is read without it (RFC 5280 section 5.2).
func TestAnExtensionThatIsNotWhole(t *testing.T) {
	root := issue(t, nil, "Root", 1, asCA(caUsage))
	for _, critical := range []bool{false, true} {
		l, err := ParseCRL(withExtension(t, crlOf(t, root, nil), critical))
		if err != nil || l.Number != nil || len(l.Faults) == 0 || (len(l.Unprocessed) > 0) != critical {
			t.Errorf("critical %v: %+v, %v", critical, l, err)
		}
	}
}

func mustParse(t *testing.T, der []byte) *CRL {
	l, err := ParseCRL(der)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// FuzzOCSP does the same with OCSP responses.
func FuzzOCSP(f *testing.F) {
	root := issue(f, nil, "Root", 1, asCA(caUsage))
	leaf := issue(f, root, "leaf", 3, nil)
	der, err := ocsp.CreateResponse(root.cert, root.cert, ocsp.Response{Status: ocsp.Revoked, SerialNumber: big.NewInt(3),
		ThisUpdate: clock, NextUpdate: clock.Add(time.Hour), RevokedAt: clock}, root.key)
	if err != nil {
		f.Fatal(err)
	}
	genuine, err := ParseOCSP(der)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(der)
	f.Fuzz(func(t *testing.T, der []byte) {
		o, err := ParseOCSP(der)
		c := scene{sent: []*authority{leaf}, root: root, staples: map[int][]byte{0: der}}.build()
		for _, p := range c.Paths {
			if len(checkRevoked(c, p)) > 0 && (err != nil || string(o.Signed) != string(genuine.Signed)) {
				t.Fatalf("revoked by a response nobody signed: % x", der)
			}
			checkStaple(c, p)
		}
	})
}
