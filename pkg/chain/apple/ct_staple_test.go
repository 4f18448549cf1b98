package apple

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"

	"golang.org/x/crypto/ocsp"

	"github.com/chainspect/chainspect/pkg/chain"
)

// staple makes an OCSP response whose answer carries SCTs.
func staple(t *testing.T, scts ...[]byte) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "CA"}, NotBefore: moment("2026-01-01T00:00:00Z"),
		NotAfter: moment("2027-01-01T00:00:00Z")}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	ca, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	value, err := asn1.Marshal(sctList(scts...))
	if err != nil {
		t.Fatal(err)
	}
	r, err := ocsp.CreateResponse(ca, ca, ocsp.Response{Status: ocsp.Good, SerialNumber: big.NewInt(2),
		ThisUpdate: moment("2026-01-20T00:00:00Z"), NextUpdate: moment("2026-01-27T00:00:00Z"),
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 5}, Value: value}}}, key)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestStapledSCTs(t *testing.T) {
	a, b := newLog(t, "Alpha", "usable", "2024-01-01T00:00:00Z"), newLog(t, "Beta", "usable", "2024-01-01T00:00:00Z")
	c := with(t, logged(chain.Builtin), listOf(t, a, b))
	const when = "2026-01-10T00:00:00Z"
	one, two := a.stamp(t, c, when, false), b.stamp(t, c, when, false)
	c.Observation.Staples = map[int][]byte{0: staple(t, one, two)}
	tell(t, []story{
		{"two in the staple", "apple-ct-missing", c, ""},
		{"two in the staple", "apple-ct-not-embedded", c, "warning"},
	})
	d := with(t, logged(chain.Builtin), listOf(t, a, b))
	d.Observation.Staples = map[int][]byte{0: staple(t, one)}
	e := with(t, logged(chain.Builtin), listOf(t, a, b))
	e.Observation.Staples = map[int][]byte{0: []byte("no response"), 1: staple(t, one, two)}
	tell(t, []story{
		{"one in the staple", "apple-ct-missing", d, "error"},
		{"staple of another item", "apple-ct-missing", e, "error"},
	})
}
