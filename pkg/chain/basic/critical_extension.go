package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(criticalExtension)

var criticalExtension = &chain.Rule{
	ID:    "basic-critical-extension",
	Level: chain.LevelX509,
	Title: "critical extension that nobody understands",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "sections 4.2 and 6.1.4 (o), 6.1.5 (f)"},
		{Doc: "SecPolicyServer.c", Section: "X-15", Confidence: chain.ConfidenceSource},
	},
	Explain: "By marking an extension critical the CA says: who does not understand it must not use this certificate. A TLS client does not know this one and has to refuse. " +
		"A certificate transparency precertificate, a proxy certificate and home-made extensions are the usual cases.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again without the extension, or without the word critical at it in openssl.cnf", Issue: &chain.Issuing{Anew: true}}},
	Apple:     chain.AppleError{Class: chain.ClassCompliance, Sec: -67603},
	InsteadOf: []string{"apple-critical-extension", "lint-never-critical"},
	Check: chain.PerCertificate(func(it *chain.Item, place chain.Place) []chain.Hit {
		if place.Anchor && !place.Leaf {
			return nil // basic-anchor-extension
		}
		return criticalHits(it)
	}),
}

// maxExtensionHits bounds what is said of the extensions of one certificate:
// hostile ones have tens of thousands, and each finding has a repair to be tried.
const maxExtensionHits = 8

func criticalHits(it *chain.Item) []chain.Hit {
	var hits []chain.Hit
	for _, x := range it.Cert.Extensions {
		if len(hits) == maxExtensionHits {
			break
		}
		if !x.Critical || understood(x.OID) {
			continue
		}
		oid := x.OID
		hits = append(hits, chain.Hit{
			Item:     it,
			Message:  fmt.Sprintf("{item} has the critical extension %s, which is not understood", oid.Name()),
			Evidence: []chain.Evid{{Field: "extension", Got: oid.Name() + " critical", Want: "not critical, or absent"}},
			Kinds:    []string{criticalKind(oid)},
			Advice: []chain.Advice{{Repair: chain.RepairReissue(it, func(c *x509read.Certificate) {
				var keep []x509read.Extension
				for _, y := range c.Extensions {
					if y.OID != oid {
						keep = append(keep, y)
					}
				}
				c.Extensions = keep
			})}},
		})
	}
	return hits
}

// understood lists the extensions path validation processes (RFC 5280 sections
// 4.2.1 and 6), and OCSP no-check, which asks nothing of a TLS client (RFC 6960
// section 4.2.2.2.1). The two key identifiers are compared by basic-key-identifier.
func understood(oid x509read.OID) bool {
	switch oid {
	case x509read.OIDExtBasicConstraints, x509read.OIDExtKeyUsage, x509read.OIDExtExtKeyUsage, x509read.OIDExtSubjectAltName,
		x509read.OIDExtNameConstraints, x509read.OIDExtCertificatePolicies, x509read.OIDExtPolicyMappings,
		x509read.OIDExtPolicyConstraints, x509read.OIDExtInhibitAnyPolicy, x509read.OIDExtCRLDistributionPoints,
		x509read.OIDExtSubjectKeyID, x509read.OIDExtAuthorityKeyID, x509read.OIDExtOCSPNoCheck:
		return true
	}
	return false
}

// criticalKind names the extensions that some clients process although RFC 5280
// does not.
func criticalKind(oid x509read.OID) string {
	switch oid {
	case x509read.OIDExtTLSFeature:
		return "tls-feature"
	case x509read.OIDExtMSApplicationPolicies:
		return "application-policies"
	case x509read.OIDExtNetscapeCertType:
		return "netscape"
	case x509read.OIDExtCTPoison:
		return "ct-poison"
	case x509read.OIDExtSCTList:
		return "sct-list"
	case x509read.OIDExtAuthorityInfoAccess:
		return "authority-info"
	case x509read.OIDExtIssuerAltName:
		return "issuer-alt-name"
	case x509read.OIDExtQCStatements:
		return "qc-statements"
	}
	return "other"
}
