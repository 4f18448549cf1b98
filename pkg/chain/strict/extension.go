package strict

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(extensionRule)

var extensionRule = &chain.Rule{
	ID:       "strict-extension",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "critical extension that some clients do not process",
	Sources:  []chain.Source{{Doc: "RFC 5280", Section: "section 4.2"}, {Doc: "mozilla::pkix", Section: "BackCert::RememberExtension"}, {Doc: "gnutls", Section: "verify.c"}},
	Explain:  "RFC 5280 wants its own extensions understood, and few clients understand all of them: browsers and Java refuse a critical list of CRL distribution points, GnuTLS a critical policyConstraints. What is not critical they pass over.",
	Advice:   []chain.Advice{{Who: "CA", Text: "issue {item} again without the word critical at this extension", Issue: &chain.Issuing{Anew: true}}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		var hits []chain.Hit
		for _, x := range it.Cert.Extensions {
			kind := partly(x.OID)
			if x.OID == x509read.OIDExtCertificatePolicies && slices.ContainsFunc(it.Cert.Policies, func(p x509read.Policy) bool { return p.Qualifiers != nil }) {
				kind = "policy-qualifiers" // PKIXParameters.getPolicyQualifiersRejected
			}
			if x.Critical && kind != "" {
				hits = append(hits, one(it, fmt.Sprintf("{item} has the critical extension %s, which some clients do not process", x.OID.Name()), "extension", x.OID.Name()+" critical", "not critical", kind))
			}
		}
		return hits
	}),
}

// partly names the extensions of RFC 5280 and RFC 6960 that some clients do not
// process although path validation does; "" for any other.
func partly(oid x509read.OID) string {
	switch oid {
	case x509read.OIDExtCRLDistributionPoints:
		return "crl-distribution-points"
	case x509read.OIDExtPolicyConstraints:
		return "policy-constraints"
	case x509read.OIDExtPolicyMappings:
		return "policy-mappings"
	case x509read.OIDExtInhibitAnyPolicy:
		return "inhibit-any-policy"
	case x509read.OIDExtSubjectKeyID:
		return "subject-key-identifier"
	case x509read.OIDExtAuthorityKeyID:
		return "authority-key-identifier"
	case x509read.OIDExtOCSPNoCheck:
		return "ocsp-no-check"
	}
	return ""
}
