package testpki

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/crypto/ocsp"
)

// Revocation is a CRL or an OCSP response of a CA; the zero dates give a current one.
type Revocation struct {
	By         string    `yaml:"by"`      // recipe of the CA
	Revoked    []string  `yaml:"revoked"` // recipes it revoked
	ThisUpdate time.Time `yaml:"this_update"`
	NextUpdate time.Time `yaml:"next_update"`
	Begins     string    `yaml:"begins"` // instead of this_update, counted from the clock: "-9d"
	Ends       string    `yaml:"ends"`   // instead of next_update, likewise
	Cut        int       `yaml:"cut"`    // so many octets are missing at the end
	Bare       bool      `yaml:"bare"`   // version 1: no cRLNumber and no other extension, as openssl ca makes it without crlnumber
}

func (r *Revocation) dates(clock time.Time) (this, next time.Time, err error) {
	this, next = clock.Add(-24*time.Hour), clock.Add(7*24*time.Hour)
	if r.Begins != "" {
		this, err = fromClock(clock, r.Begins)
	}
	if r.Ends != "" && err == nil {
		next, err = fromClock(clock, r.Ends)
	}
	if !r.ThisUpdate.IsZero() {
		this = r.ThisUpdate
	}
	if !r.NextUpdate.IsZero() {
		next = r.NextUpdate
	}
	return this, next, err
}

// CRL makes the list of revoked certificates.
func (r *Revocation) CRL(made map[string]*Made, clock time.Time) ([]byte, error) {
	ca := made[r.By]
	if ca == nil || ca.Cert == nil {
		return nil, fmt.Errorf("no CA %q signs a CRL", r.By)
	}
	t := &x509.RevocationList{Number: big.NewInt(1)}
	var err error
	if t.ThisUpdate, t.NextUpdate, err = r.dates(clock); err != nil {
		return nil, err
	}
	for _, name := range r.Revoked {
		m := made[name]
		if m == nil {
			return nil, fmt.Errorf("no certificate %q to revoke", name)
		}
		t.RevokedCertificateEntries = append(t.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: m.tmpl.SerialNumber, RevocationTime: t.ThisUpdate, ReasonCode: ocsp.KeyCompromise})
	}
	der, err := x509.CreateRevocationList(nil, t, ca.Cert, ca.Key)
	if err != nil {
		return nil, err
	}
	if r.Bare {
		if der, err = bare(der, ca.Key); err != nil {
			return nil, err
		}
	}
	return der[:len(der)-r.Cut], nil
}

// bare signs a list anew without its version and extensions.
func bare(der []byte, key crypto.Signer) ([]byte, error) {
	in := cryptobyte.String(der)
	var list, tbs, alg, field cryptobyte.String
	if !in.ReadASN1(&list, asn1.SEQUENCE) || !list.ReadASN1(&tbs, asn1.SEQUENCE) || !list.ReadASN1Element(&alg, asn1.SEQUENCE) || !tbs.SkipASN1(asn1.INTEGER) {
		return nil, errors.New("no list to take the extensions of")
	}
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for tag := asn1.Tag(0); !tbs.Empty() && tbs.ReadAnyASN1Element(&field, &tag); {
			if tag != asn1.Tag(0).Constructed().ContextSpecific() {
				b.AddBytes(field)
			}
		}
	})
	signed, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(signed)
	signature, err := key.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	b = cryptobyte.Builder{}
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(signed)
		b.AddBytes(alg)
		b.AddASN1BitString(signature)
	})
	return b.Bytes()
}

// OCSP makes the response about one certificate. The CA needs an RSA or Ed25519
// key, for ocsp.CreateResponse draws random numbers with any other.
func (r *Revocation) OCSP(made map[string]*Made, about *Made, clock time.Time) ([]byte, error) {
	ca := made[r.By]
	if ca == nil || ca.Cert == nil {
		return nil, fmt.Errorf("no CA %q signs an OCSP response", r.By)
	}
	t := ocsp.Response{Status: ocsp.Good, SerialNumber: about.tmpl.SerialNumber}
	var err error
	if t.ThisUpdate, t.NextUpdate, err = r.dates(clock); err != nil {
		return nil, err
	}
	for _, name := range r.Revoked {
		if name == about.Name {
			t.Status, t.RevokedAt, t.RevocationReason = ocsp.Revoked, t.ThisUpdate, ocsp.KeyCompromise
		}
	}
	der, err := ocsp.CreateResponse(ca.Cert, ca.Cert, t, ca.Key)
	if err != nil {
		return nil, err
	}
	return der[:len(der)-r.Cut], nil
}
