package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// The caps on lists (apple: X-12, X-13a); general names and subtrees beyond
// theirs are ignored, not refused.
const (
	maxListed   = 1024
	maxPurposes = 8192
)

var _ = rules.Add(unparseableExtension)

var unparseableExtension = &chain.Rule{
	ID:    "apple-unparseable-extension",
	Level: chain.LevelX509,
	Title: "a known extension does not parse",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c", Section: "X-13", Confidence: chain.ConfidenceTested},
		{Doc: "SecCertificate.c", Section: "X-13a", Confidence: chain.ConfidenceSource},
	},
	Explain: "An extension that Apple platforms know has to parse as its standard says, critical or not, in every certificate of the chain of trust up to and with the root. " +
		"A subjectAltName without a name, an OCSP location that is no URI or a key identifier with half of its fields is enough. The log says that the certificate is not standards compliant.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with the extension well-formed, or without it", Issue: &chain.Issuing{Anew: true}}},
	Apple:     chain.AppleError{Class: chain.ClassCompliance, Sec: -67618},
	InsteadOf: []string{"apple-eku", "apple-intermediate-eku", "apple-key-usage", "apple-server-auth-eku"},
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, _ chain.Place) []chain.Hit {
		var hits []chain.Hit
		seen := map[x509read.OID]bool{}
		add := func(oid x509read.OID, why string) {
			if seen[oid] {
				return
			}
			seen[oid] = true
			format := "the extension %s of {item} does not parse: %s"
			if e := it.Cert.Extension(oid); e != nil && e.Critical {
				format = "the critical extension %s of {item} does not parse, so the certificate cannot be used at all: %s"
			}
			hits = append(hits, chain.Hit{Item: it, Message: fmt.Sprintf(format, oid.Name(), why), Advice: []chain.Advice{{Repair: reissueWell(it)}},
				Evidence: []chain.Evid{{Field: "extensions." + oid.Name(), Got: why, Want: "as RFC 5280 section 4.2 has it"}}})
		}
		for _, f := range it.Cert.Faults {
			if unparseable(f, c.Question.Platform) {
				add(f.OID, f.Message)
			}
		}
		for _, l := range [...]struct {
			oid    x509read.OID
			n, max int
		}{
			{x509read.OIDExtCertificatePolicies, len(it.Cert.Policies), maxListed},
			{x509read.OIDExtPolicyMappings, len(it.Cert.PolicyMappings), maxListed},
			{x509read.OIDExtCRLDistributionPoints, len(it.Cert.CRLDistribution), maxListed},
			{x509read.OIDExtAuthorityInfoAccess, len(it.Cert.AuthorityInfo), maxListed},
			{x509read.OIDExtExtKeyUsage, len(it.Cert.ExtKeyUsage), maxPurposes},
		} {
			if l.n >= l.max {
				add(l.oid, fmt.Sprintf("%d entries, want fewer than %d", l.n, l.max))
			}
		}
		return hits
	}),
}

// unparseable reports the faults that Apple's parsers do not forgive (apple: X-13a).
func unparseable(f x509read.Fault, platform string) bool {
	switch f.Code {
	case x509read.FaultKeyUsageSyntax, x509read.FaultKeyUsageLength,
		x509read.FaultBasicConstraintsSyntax,
		x509read.FaultExtKeyUsageSyntax, x509read.FaultExtKeyUsageEmpty,
		x509read.FaultSubjectKeyIDSyntax,
		x509read.FaultAuthorityKeyIDSyntax, x509read.FaultAuthorityKeyIDPair,
		x509read.FaultPoliciesSyntax, x509read.FaultPoliciesEmpty,
		x509read.FaultPolicyMappingsSyntax, x509read.FaultPolicyMappingsEmpty,
		x509read.FaultPolicyConstraintsSyntax, x509read.FaultInhibitAnyPolicySyntax,
		x509read.FaultAuthorityInfoSyntax, x509read.FaultAuthorityInfoLocation,
		x509read.FaultNameConstraintsSyntax, x509read.FaultSubtreeMinimum, x509read.FaultSubtreeMaximum:
		return true
	case x509read.FaultAltNameSyntax, x509read.FaultAltNameEmpty, x509read.FaultGeneralNameTag, x509read.FaultGeneralNameSyntax:
		return f.OID == x509read.OIDExtSubjectAltName
	case x509read.FaultDistributionSyntax, x509read.FaultDistributionEmpty, x509read.FaultDistributionNoTarget:
		return f.OID == x509read.OIDExtCRLDistributionPoints // freshestCRL is not known to Apple platforms
	case x509read.FaultQCStatementsSyntax:
		// The parser came after 18.0; the platforms are told apart by major version.
		return platform != "ios17" && platform != "macos14" && platform != "ios16" && platform != "macos13"
	}
	return false
}
