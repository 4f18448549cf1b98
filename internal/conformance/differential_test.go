package conformance

import (
	"crypto/x509"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/suite"
	"github.com/chainspect/chainspect/pkg/chain"
)

// goVerify asks crypto/x509 the same question; nil: it trusts the chain.
func goVerify(in chain.Input) error {
	q := in.Question
	opts := x509.VerifyOptions{CurrentTime: q.Time, Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(),
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
	switch q.Purpose {
	case chain.PurposeServer:
		opts.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	case chain.PurposeClient:
		opts.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	if q.NameKind == chain.NameDNS || q.NameKind == chain.NameIP {
		opts.DNSName = q.Name
	}
	for _, a := range in.Anchors.All() {
		if c, err := x509.ParseCertificate(a.DER); err == nil {
			opts.Roots.AddCert(c)
		}
	}
	var leaf *x509.Certificate
	for i, key := range in.Capture.Observations[in.Observation].Sent {
		c, err := x509.ParseCertificate(in.Capture.Blobs[key])
		switch {
		case i == 0 && err != nil:
			return err
		case i == 0:
			leaf = c
		case err == nil:
			opts.Intermediates.AddCert(c)
		}
	}
	_, err := leaf.Verify(opts)
	return err
}

// difference is a cause for which crypto/x509 refuses what we trust, and the cases that show it.
type difference struct {
	reason string
	says   string // part of crypto/x509's error
	cases  []string
}

var differences = []difference{
	{"constraints of kind directoryName, and otherName that no name has, are processed (RFC 5280 section 4.2.1.10)", "unhandled critical extension", []string{
		"rfc5280::nc::permitted-dn-match", "rfc5280::nc::nc-forbids-othername-noop", "pkits-4.13.1", "pkits-4.13.4", "pkits-4.13.5",
		"pkits-4.13.6", "pkits-4.13.11", "pkits-4.13.14", "pkits-4.13.18", "pkits-4.13.19", "pkits-4.13.27"}},
	{"an excluded host in a mailbox or URI constraint is that host alone (RFC 5280 section 4.2.1.10)", "is excluded by constraint", []string{
		"pkits-4.13.25", "pkits-4.13.36"}},
	{"OCSP no-check asks nothing of a TLS client (RFC 6960 section 4.2.2.2.1)", "unhandled critical extension", []string{"openssl-verify/009"}},
	{"notAfter includes the whole second it names (RFC 5280 section 4.1.2.5)", "has expired or is not yet valid", []string{
		"rfc5280::validity::notafter-fractional"}},
	{"names are compared after RFC 5280 section 7.1, not octet by octet", "unknown authority", []string{
		"pkits-4.3.3", "pkits-4.3.4", "pkits-4.3.5", "pkits-4.3.10", "pkits-4.3.11"}},
	{"self-issued certificates do not count for the path length (RFC 5280 section 6.1.4 (l))", "too many intermediates", []string{
		"pkits-4.6.15", "pkits-4.6.17"}},
	{"DSA is verified; that it is old is the business of the certificate profile", "DSA", []string{"pkits-4.1.4", "pkits-4.1.5"}},
	{"ECDSA over SHA-3 is verified (RFC 9688 has it for CMS, OpenSSL for certificates)", "algorithm unimplemented", []string{
		"openssl-verify/133", "openssl-verify/134", "openssl-verify/135", "openssl-verify/136"}},
	{"a key of type id-RSASSA-PSS is verified (RFC 4055 section 1.2)", "unknown authority", []string{"openssl-verify/164"}},
	{"SHA-1 is refused from 2017 on; these are judged in 2016", "SHA1-RSA", []string{
		"x509test/ValidAltName", "x509test/ValidNameConstraint"}},
	{"a distribution point may have a relative name (RFC 5280 section 4.2.1.13)", "invalid CRL distribution point", []string{
		"pkits-4.14.4", "pkits-4.14.5", "pkits-4.14.29"}},
}

// TestDifferential: nothing is trusted that crypto/x509 refuses, but for listed causes.
func TestDifferential(t *testing.T) {
	suite.Dir(t)
	listed, seen := map[string]*difference{}, map[string]bool{}
	for i := range differences {
		for _, id := range differences[i].cases {
			listed[id] = &differences[i]
		}
	}
	for _, s := range suites {
		e := evaluator(s.profile)
		for _, c := range suite.Read[suiteCase](t, s.name) {
			in := c.input(t)
			if e.Evaluate(in).Verdict != chain.Trusted {
				continue
			}
			err := goVerify(in)
			if err == nil {
				continue
			}
			if d := listed[c.ID]; d == nil || !strings.Contains(err.Error(), d.says) {
				t.Errorf("%s: trusted, and crypto/x509 says: %v", c.ID, err)
			}
			seen[c.ID] = true
		}
	}
	for id, d := range listed {
		if !seen[id] {
			t.Errorf("the difference %s (%s) is stale", id, d.reason)
		}
	}
}
