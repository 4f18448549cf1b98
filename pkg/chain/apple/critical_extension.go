package apple

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// Arcs and extensions Apple platforms tolerate as critical (apple: X-15).
const (
	arcCCC x509read.OID = "\x2b\x06\x01\x04\x01\x82\xc4\x69\x05" // 1.3.6.1.4.1.41577.5 Car Connectivity Consortium
	arcRCS x509read.OID = "\x67\x81\x12\x02\x01"                 // 2.23.146.2.1 Rich Communication Services
	oidQi1 x509read.OID = "\x67\x81\x14\x01\x01"                 // 2.23.148.1.1 Qi
	oidQi2 x509read.OID = "\x67\x81\x14\x01\x02"                 // 2.23.148.1.2
)

var _ = rules.Add(criticalExtension)

var criticalExtension = &chain.Rule{
	ID:    "apple-critical-extension",
	Level: chain.LevelX509,
	Title: "a critical extension is unknown to Apple platforms",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c, SecCertificate.c", Section: "X-15", Confidence: chain.ConfidenceSource},
	},
	Explain: "Critical means: refuse the certificate if you do not understand this extension. " +
		"Apple platforms do not know, among others, the TLS feature extension (must-staple), freshestCRL and the poison of a CT precertificate. " +
		"Item 0 and the intermediates are examined, the trusted anchor is not; the log on the device says that the certificate is not standards compliant.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again without the extension, or without the word critical at it in openssl.cnf", Issue: &chain.Issuing{Anew: true}}},
	Apple:  chain.AppleError{Class: chain.ClassCompliance, Sec: -67603},
	Check: chain.PerCertificate(func(it *chain.Item, place chain.Place) []chain.Hit {
		if place.Anchor {
			return nil
		}
		const maxExtensionHits = 8 // a hostile certificate has tens of thousands
		var hits []chain.Hit
		for _, e := range it.Cert.Extensions {
			if e.Critical && !known(e.OID) && len(hits) < maxExtensionHits {
				hits = append(hits, chain.Hit{Item: it, Message: fmt.Sprintf("the critical extension %s of {item} is unknown", e.OID.Name()),
					Advice: []chain.Advice{{Repair: chain.RepairReissue(it, func(cert *x509read.Certificate) {
						cert.Extensions = slices.DeleteFunc(slices.Clone(cert.Extensions), func(x x509read.Extension) bool { return x.Critical && !known(x.OID) })
					})}},
					Evidence: []chain.Evid{{Field: "extensions." + e.OID.Name(), Got: "critical", Want: "not critical"}}})
			}
		}
		return hits
	}),
}

func known(oid x509read.OID) bool {
	switch oid {
	case x509read.OIDExtKeyUsage, x509read.OIDExtBasicConstraints, x509read.OIDExtSubjectAltName, x509read.OIDExtIssuerAltName,
		x509read.OIDExtNameConstraints, x509read.OIDExtExtKeyUsage, x509read.OIDExtSubjectKeyID, x509read.OIDExtAuthorityKeyID,
		x509read.OIDExtCertificatePolicies, x509read.OIDExtPolicyMappings, x509read.OIDExtPolicyConstraints, x509read.OIDExtInhibitAnyPolicy,
		x509read.OIDExtCRLDistributionPoints, x509read.OIDExtAuthorityInfoAccess, x509read.OIDExtSubjectInfoAccess, x509read.OIDExtQCStatements,
		x509read.OIDExtSCTList, x509read.OIDExtPrivateKeyUsagePeriod, x509read.OIDExtNetscapeCertType, x509read.OIDExtEntrustVersion,
		x509read.OIDExtOCSPNoCheck, x509read.OIDExtMSApplicationPolicies, oidQi1, oidQi2:
		return true
	}
	if oid.HasPrefix(x509read.OIDApple) && len(oid) > len(x509read.OIDApple)+1 {
		switch oid[len(x509read.OIDApple)] {
		case 6, 11, 12, 13, 15:
			return true
		}
	}
	return oid.HasPrefix(arcCCC) && len(oid) > len(arcCCC) || oid.HasPrefix(arcRCS) && len(oid) > len(arcRCS)
}
