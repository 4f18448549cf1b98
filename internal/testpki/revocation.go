package testpki

import (
	"crypto/x509"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/ocsp"
)

// Revocation is a CRL or an OCSP response of a CA; the zero dates give a current one.
type Revocation struct {
	By         string    `yaml:"by"`      // recipe of the CA
	Revoked    []string  `yaml:"revoked"` // recipes it revoked
	ThisUpdate time.Time `yaml:"this_update"`
	NextUpdate time.Time `yaml:"next_update"`
	Cut        int       `yaml:"cut"` // so many octets are missing at the end
}

func (r *Revocation) dates(clock time.Time) (this, next time.Time) {
	this, next = r.ThisUpdate, r.NextUpdate
	if this.IsZero() {
		this = clock.Add(-24 * time.Hour)
	}
	if next.IsZero() {
		next = clock.Add(7 * 24 * time.Hour)
	}
	return this, next
}

// CRL makes the list of revoked certificates.
func (r *Revocation) CRL(made map[string]*Made, clock time.Time) ([]byte, error) {
	ca := made[r.By]
	if ca == nil || ca.Cert == nil {
		return nil, fmt.Errorf("no CA %q signs a CRL", r.By)
	}
	t := &x509.RevocationList{Number: big.NewInt(1)}
	t.ThisUpdate, t.NextUpdate = r.dates(clock)
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
	return der[:len(der)-r.Cut], nil
}

// OCSP makes the response about one certificate. The CA needs an RSA or Ed25519
// key, for ocsp.CreateResponse draws random numbers with any other.
func (r *Revocation) OCSP(made map[string]*Made, about *Made, clock time.Time) ([]byte, error) {
	ca := made[r.By]
	if ca == nil || ca.Cert == nil {
		return nil, fmt.Errorf("no CA %q signs an OCSP response", r.By)
	}
	t := ocsp.Response{Status: ocsp.Good, SerialNumber: about.tmpl.SerialNumber}
	t.ThisUpdate, t.NextUpdate = r.dates(clock)
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
