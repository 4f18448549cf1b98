package apple

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(signatureMismatch)

var signatureMismatch = &chain.Rule{
	ID:    "apple-signature-mismatch",
	Level: chain.LevelX509,
	Title: "inner and outer signature algorithm differ",
	Sources: []chain.Source{
		{Doc: "SecCertificate.c SecCertificateIsSignedBy", Section: "X-25", Confidence: chain.ConfidenceSource},
	},
	Explain: "A certificate names its signature algorithm twice, inside and outside the part that is signed, and the two object identifiers have to agree. " +
		"Where they differ, Apple platforms treat the certificate as unsigned, find no chain of trust, and the user is told that the certificate is not trusted. " +
		"The parameters beside the identifiers are not compared.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with software that writes one algorithm in both places, as OpenSSL does", Issue: &chain.Issuing{}}},
	Apple:     chain.AppleError{Class: chain.ClassTrust, Sec: -25318},
	InsteadOf: []string{"apple-signature-unsupported", "basic-signature", "basic-signature-uncheckable"},
	Reads:     x509read.FieldSignature,
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		c := l.Child.Cert
		if !c.HasFault(x509read.FaultAlgorithmMismatch) {
			return nil
		}
		return []chain.Hit{{Item: l.Child, Advice: []chain.Advice{{Repair: reissueSigned(l.Child)}}, Message: "the signature algorithm inside {item} is not the one outside",
			Evidence: []chain.Evid{{Field: "signature", Got: c.TBSSignature.OID.Name(), Want: c.Signature.OID.Name()}}}}
	}),
}
