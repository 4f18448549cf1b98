package testpki

import (
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"maps"
	"math/big"
	"net"
	"net/url"
	"slices"
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
		IssuingCertificateURL: r.AIA, OCSPServer: r.OCSPAt, CRLDistributionPoints: r.CRLAt,
		PermittedDNSDomains: r.Permitted, ExcludedDNSDomains: r.Excluded, PermittedDNSDomainsCritical: true}
	if !slices.Contains(hashes, r.Hash) {
		return nil, fmt.Errorf("hash: %q is none of %s", r.Hash, strings.Join(hashes[1:], ", "))
	}
	if r.Serial != "" {
		var ok bool
		if t.SerialNumber, ok = new(big.Int).SetString(r.Serial, 0); !ok {
			return nil, fmt.Errorf("serial %q is no number", r.Serial)
		}
	}
	if err := r.validity(t, clock); err != nil {
		return nil, err
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
	known := keyUsages()
	for _, u := range usages {
		bit, ok := known[u]
		if !ok {
			return nil, fmt.Errorf("key_usage: %q is none of %s", u, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		t.KeyUsage |= bit
	}
	ekus := r.EKU
	if ekus == nil && !r.CA {
		ekus = []string{"serverAuth"}
	}
	extKnown := extKeyUsages()
	for _, e := range ekus {
		if e == "-" {
			continue
		}
		if k, ok := extKnown[e]; ok {
			t.ExtKeyUsage = append(t.ExtKeyUsage, k)
			continue
		}
		oid, err := parseOID(e)
		if err != nil {
			return nil, fmt.Errorf("eku: %q is none of -, %s, and no OID", e, strings.Join(slices.Sorted(maps.Keys(extKnown)), ", "))
		}
		t.UnknownExtKeyUsage = append(t.UnknownExtKeyUsage, oid)
	}
	for _, s := range r.IP {
		ip := net.ParseIP(s)
		if ip == nil {
			return nil, fmt.Errorf("ip: %q is no IP address", s)
		}
		t.IPAddresses = append(t.IPAddresses, ip)
	}
	if t.PermittedIPRanges, err = networks(r.InNets); err != nil {
		return nil, fmt.Errorf("permitted_ip: %w", err)
	}
	if t.ExcludedIPRanges, err = networks(r.NotInNets); err != nil {
		return nil, fmt.Errorf("excluded_ip: %w", err)
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

// hashes are the words of Recipe.Hash.
var hashes = []string{"", "sha256", "md5", "sha1", "sha224", "sha384", "sha512", "pss", "pss1", "pss224", "pss384", "pss512"}

// validity sets the dates.
func (r *Recipe) validity(t *x509.Certificate, clock time.Time) (err error) {
	before, after := 30*24*time.Hour, 60*24*time.Hour
	if r.CA {
		before, after = 365*24*time.Hour, 9*365*24*time.Hour
	}
	t.NotBefore, t.NotAfter = clock.Add(-before), clock.Add(after)
	if r.Begins != "" {
		if t.NotBefore, err = fromClock(clock, r.Begins); err != nil {
			return fmt.Errorf("begins: %w", err)
		}
	}
	if r.Ends != "" {
		if t.NotAfter, err = fromClock(clock, r.Ends); err != nil {
			return fmt.Errorf("ends: %w", err)
		}
	}
	if !r.NotBefore.IsZero() {
		t.NotBefore = r.NotBefore
	}
	if !r.NotAfter.IsZero() {
		t.NotAfter = r.NotAfter
	}
	if r.Seconds > 0 {
		t.NotAfter = t.NotBefore.Add(time.Duration(r.Seconds) * time.Second)
	}
	return nil
}

// fromClock is the time a span such as "-95d" or "2h" from the clock.
func fromClock(clock time.Time, text string) (time.Time, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < -maxDays || n > maxDays {
			return clock, fmt.Errorf("%q is no number of days from -%dd to %dd", text, maxDays, maxDays)
		}
		return clock.AddDate(0, 0, n), nil
	}
	span, err := time.ParseDuration(text)
	if err != nil {
		return clock, fmt.Errorf("%q is no span such as -95d or 2h", text)
	}
	return clock.Add(span), nil
}

// maxDays keeps the years of certificates within four digits.
const maxDays = 700_000

// networks reads the address ranges of name constraints.
func networks(list []string) ([]*net.IPNet, error) {
	var out []*net.IPNet
	for _, text := range list {
		_, n, err := net.ParseCIDR(text)
		if err != nil {
			return nil, fmt.Errorf("%q is no network such as 127.0.0.0/8", text)
		}
		out = append(out, n)
	}
	return out, nil
}

func keyUsages() map[string]x509.KeyUsage {
	return map[string]x509.KeyUsage{"digitalSignature": x509.KeyUsageDigitalSignature, "keyEncipherment": x509.KeyUsageKeyEncipherment,
		"keyAgreement": x509.KeyUsageKeyAgreement, "keyCertSign": x509.KeyUsageCertSign, "cRLSign": x509.KeyUsageCRLSign, "dataEncipherment": x509.KeyUsageDataEncipherment, "-": 0}
}

func extKeyUsages() map[string]x509.ExtKeyUsage {
	return map[string]x509.ExtKeyUsage{"serverAuth": x509.ExtKeyUsageServerAuth, "clientAuth": x509.ExtKeyUsageClientAuth,
		"emailProtection": x509.ExtKeyUsageEmailProtection, "codeSigning": x509.ExtKeyUsageCodeSigning, "any": x509.ExtKeyUsageAny, "ocspSigning": x509.ExtKeyUsageOCSPSigning}
}

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
