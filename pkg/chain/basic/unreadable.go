package basic

import (
	"fmt"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = Rules.Add(&chain.Rule{
	ID:    "basic-unreadable",
	Level: chain.LevelX509,
	Title: "certificate cannot be read",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "sections 4.1 and 4.2"},
		{Doc: "SecCertificate.c", Section: "X-13", Confidence: chain.ConfidenceSource},
	},
	Explain: "A field of the certificate that trust evaluation needs is absent or not encoded as the standard says, so that nobody can tell what was certified. Clients refuse such a certificate while they read it, before any question of trust, often with a TLS alert that names no reason. " +
		"What could be read of it is shown all the same.",
	Remedy:   chain.Remedy{Who: "CA", Text: "issue the certificate again with software that encodes it right; if only the file is damaged, install it again (compare: openssl x509 -in cert.pem -noout -text)"},
	Apple:    chain.AppleError{Class: chain.ClassCompliance, Sec: -67618},
	YieldsTo: []string{"apple-version", "apple-hostname-ip-length"},
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, _ chain.Place) []chain.Hit {
		if it.Err != nil {
			return []chain.Hit{{
				Item:     it,
				Message:  label(it) + " cannot be read as a certificate: " + it.Err.Error(),
				Evidence: []chain.Evid{{Field: "certificate", Got: fmt.Sprintf("%d bytes", len(it.Cert.Raw)), Want: "a DER encoded X.509 certificate"}},
			}}
		}
		for _, f := range it.Cert.Faults {
			if !unusable(f.Code) || unread(f) {
				continue
			}
			return []chain.Hit{{
				Item:     it,
				Message:  fmt.Sprintf("the field %s of %s cannot be used: %s", f.Field, label(it), f.Message),
				Evidence: []chain.Evid{{Field: f.Field, Got: fmt.Sprintf("malformed, at byte %d", f.Offset), Want: "as RFC 5280 section 4 has it"}},
				Repair: chain.RepairReissue(it, func(x *x509read.Certificate) {
					if x.NotBefore.IsZero() {
						x.NotBefore = c.Question.Time
					}
					if x.NotAfter.IsZero() {
						x.NotAfter = c.Question.Time.Add(90 * 24 * time.Hour)
					}
				}),
			}}
		}
		return nil
	}),
})

// unusable lists the faults that leave a field without a value or with more than
// one reading. Those that can be read all the same are basic-encoding's.
func unusable(code x509read.FaultCode) bool {
	switch code {
	case x509read.FaultStructure, x509read.FaultTruncated, x509read.FaultVersionUnknown, x509read.FaultVersionSyntax,
		x509read.FaultSerialEmpty, x509read.FaultAlgorithmSyntax, x509read.FaultSignatureSyntax, x509read.FaultNameSyntax,
		x509read.FaultTimeSyntax, x509read.FaultKeySyntax, x509read.FaultKeyLength, x509read.FaultRSAModulus, x509read.FaultRSAModulusEven,
		x509read.FaultRSAExponent, x509read.FaultECParameters, x509read.FaultECPoint,
		x509read.FaultExtensionsVersion, x509read.FaultExtensionsSyntax, x509read.FaultExtensionSyntax,
		x509read.FaultKeyUsageSyntax, x509read.FaultBasicConstraintsSyntax, x509read.FaultPathLenNegative, x509read.FaultAltNameSyntax,
		x509read.FaultGeneralNameSyntax, x509read.FaultGeneralNameTag,
		x509read.FaultNameConstraintsSyntax, x509read.FaultSubtreeIPLength,
		x509read.FaultExtKeyUsageSyntax, x509read.FaultSubjectKeyIDSyntax, x509read.FaultAuthorityKeyIDSyntax,
		x509read.FaultPoliciesSyntax, x509read.FaultPolicyMappingsSyntax, x509read.FaultPolicyConstraintsSyntax,
		x509read.FaultInhibitAnyPolicySyntax, x509read.FaultDistributionSyntax, x509read.FaultAuthorityInfoSyntax:
		return true
	}
	return false
}
