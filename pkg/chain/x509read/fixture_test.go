package x509read

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"net"
	"testing"
	"time"
)

// ecdsaKey returns the same key for the same label on every run.
func ecdsaKey(t testing.TB, curve elliptic.Curve, label string) *ecdsa.PrivateKey {
	size := (curve.Params().BitSize + 7) / 8
	var scalar []byte
	for block := []byte(label); len(scalar) < size; {
		sum := sha256.Sum256(block)
		block = sum[:]
		scalar = append(scalar, block...)
	}
	scalar = scalar[:size]
	scalar[0] = 0
	key, err := ecdsa.ParseRawPrivateKey(curve, scalar)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// rsaKey makes a key out of two fixed primes above 2^(bits/2): next primes after
// a hash of the label, so that no key has to be generated at random.
func rsaKey(t testing.TB, bits int, label string) *rsa.PrivateKey {
	var primes [2]*big.Int
	for i := range primes {
		p := new(big.Int)
		block := sha256.Sum256([]byte(label + string(rune('a'+i))))
		for p.BitLen() < bits/2 {
			p.Lsh(p, 256).Or(p, new(big.Int).SetBytes(block[:]))
			block = sha256.Sum256(block[:])
		}
		p.Rsh(p, uint(p.BitLen()-bits/2))
		p.SetBit(p, bits/2-1, 1).SetBit(p, bits/2-2, 1).SetBit(p, 0, 1)
		for !p.ProbablyPrime(8) || new(big.Int).Mod(p, big.NewInt(65537)).Int64() == 1 {
			p.Add(p, big.NewInt(2))
		}
		primes[i] = p
	}
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(primes[0], one), new(big.Int).Sub(primes[1], one))
	return &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(primes[0], primes[1]), E: 65537},
		D:         new(big.Int).ModInverse(big.NewInt(65537), phi),
		Primes:    primes[:],
	}
}

// leafDER returns a certificate with what public web servers' certificates have.
func leafDER(t testing.TB, kind string) []byte {
	var key, ca crypto.Signer
	switch kind {
	case "ECDSA":
		key, ca = ecdsaKey(t, elliptic.P256(), "leaf"), ecdsaKey(t, elliptic.P256(), "ca")
	case "RSA":
		r := rsaKey(t, 2048, "leaf")
		r.Precompute()
		key, ca = r, r
	case "Ed25519":
		seed := sha256.Sum256([]byte("leaf"))
		key = ed25519.NewKeyFromSeed(seed[:])
		ca = key
	}
	sct, err := asn1.Marshal(make([]byte, 242))
	if err != nil {
		t.Fatal(err)
	}
	policy, err := x509.OIDFromInts([]uint64{2, 23, 140, 1, 2, 2})
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes([]byte("0123456789abcdef")),
		Subject: pkix.Name{Country: []string{"US"}, Organization: []string{"Example, Inc."}, Locality: []string{"Springfield"},
			CommonName: "www.example.com"},
		NotBefore:             time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
		SubjectKeyId:          []byte("subject key id 0001"),
		DNSNames:              []string{"www.example.com", "example.com", "*.example.net"},
		IPAddresses:           []net.IP{net.IPv4(192, 0, 2, 1).To4()},
		OCSPServer:            []string{"http://ocsp.example.com"},
		IssuingCertificateURL: []string{"http://ca.example.com/ca3.cer"},
		CRLDistributionPoints: []string{"http://ca.example.com/ca3.crl"},
		Policies:              []x509.OID{policy},
		ExtraExtensions:       []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2}, Value: sct}},
	}
	issuer := &x509.Certificate{
		Subject:      pkix.Name{Country: []string{"US"}, Organization: []string{"Example CA"}, CommonName: "Example Issuing CA 3"},
		SubjectKeyId: []byte("authority key id 01"),
		KeyUsage:     x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(nil, template, issuer, key.Public(), ca)
	if err != nil {
		t.Fatal(err)
	}
	return der
}
