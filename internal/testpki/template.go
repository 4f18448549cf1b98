package testpki

import (
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

func template(name string, r Recipe, clock time.Time) (*x509.Certificate, error) {
	subject := r.Subject
	if subject == "" {
		subject = "CN=" + name
	}
	serial := sha256.Sum256([]byte("serial of " + name))
	serial[0] &= 0x7f
	raw, err := nameDER(subject)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{RawSubject: raw, SerialNumber: new(big.Int).SetBytes(serial[:16]), DNSNames: r.DNS, EmailAddresses: r.Email,
		IssuingCertificateURL: r.AIA, PermittedDNSDomains: r.Permitted, ExcludedDNSDomains: r.Excluded, PermittedDNSDomainsCritical: true}
	if r.Serial != "" {
		var ok bool
		if t.SerialNumber, ok = new(big.Int).SetString(r.Serial, 0); !ok {
			return nil, fmt.Errorf("serial %q is no number", r.Serial)
		}
	}
	before, after := 30*24*time.Hour, 60*24*time.Hour
	if r.CA {
		before, after = 365*24*time.Hour, 9*365*24*time.Hour
	}
	t.NotBefore, t.NotAfter = clock.Add(-before), clock.Add(after)
	if !r.NotBefore.IsZero() {
		t.NotBefore = r.NotBefore
	}
	if !r.NotAfter.IsZero() {
		t.NotAfter = r.NotAfter
	}
	if r.Seconds > 0 {
		t.NotAfter = t.NotBefore.Add(time.Duration(r.Seconds) * time.Second)
	}
	t.BasicConstraintsValid, t.IsCA = !r.NoBasic, r.CA
	t.MaxPathLen = -1
	if r.PathLen != nil {
		t.MaxPathLen, t.MaxPathLenZero = *r.PathLen, *r.PathLen == 0
	}
	usages := r.KeyUsage
	if usages == nil {
		if usages = []string{"digitalSignature"}; r.CA {
			usages = []string{"keyCertSign", "cRLSign"}
		}
	}
	for _, u := range usages {
		t.KeyUsage |= keyUsages[u]
	}
	ekus := r.EKU
	if ekus == nil && !r.CA {
		ekus = []string{"serverAuth"}
	}
	for _, e := range ekus {
		if e == "-" {
			continue
		}
		if k, ok := extKeyUsages[e]; ok {
			t.ExtKeyUsage = append(t.ExtKeyUsage, k)
			continue
		}
		oid, err := parseOID(e)
		if err != nil {
			return nil, err
		}
		t.UnknownExtKeyUsage = append(t.UnknownExtKeyUsage, oid)
	}
	for _, s := range r.IP {
		t.IPAddresses = append(t.IPAddresses, net.ParseIP(s))
	}
	for _, s := range r.URI {
		u, err := url.Parse(s)
		if err != nil {
			return nil, err
		}
		t.URIs = append(t.URIs, u)
	}
	for _, x := range r.Extra {
		oid, err := parseOID(x.OID)
		if err != nil {
			return nil, err
		}
		value, err := hex.DecodeString(strings.ReplaceAll(x.Hex, " ", ""))
		if err != nil {
			return nil, err
		}
		t.ExtraExtensions = append(t.ExtraExtensions, pkix.Extension{Id: oid, Critical: x.Critical, Value: value})
	}
	return t, nil
}

var keyUsages = map[string]x509.KeyUsage{"digitalSignature": x509.KeyUsageDigitalSignature, "keyEncipherment": x509.KeyUsageKeyEncipherment,
	"keyAgreement": x509.KeyUsageKeyAgreement, "keyCertSign": x509.KeyUsageCertSign, "cRLSign": x509.KeyUsageCRLSign, "dataEncipherment": x509.KeyUsageDataEncipherment}

var extKeyUsages = map[string]x509.ExtKeyUsage{"serverAuth": x509.ExtKeyUsageServerAuth, "clientAuth": x509.ExtKeyUsageClientAuth,
	"emailProtection": x509.ExtKeyUsageEmailProtection, "codeSigning": x509.ExtKeyUsageCodeSigning, "any": x509.ExtKeyUsageAny, "ocspSigning": x509.ExtKeyUsageOCSPSigning}

func parseOID(text string) (asn1.ObjectIdentifier, error) {
	var oid asn1.ObjectIdentifier
	for _, part := range strings.Split(text, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, fmt.Errorf("%q is no OID", text)
		}
		oid = append(oid, n)
	}
	return oid, nil
}
