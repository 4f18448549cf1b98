package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(signatureUncheckable)

var signatureUncheckable = &chain.Rule{
	ID:      "basic-signature-uncheckable",
	Level:   chain.LevelX509,
	Title:   "signature cannot be checked",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 6.1.3 (a)(1)"}, {Doc: "RFC 5280", Section: "section 4.1.1.2"}},
	Explain: "The signature uses an algorithm, or the issuer a key, that cannot be computed here, and other clients will not know it either. " +
		"What cannot be verified is not trusted: an unknown algorithm must not become a way around the signature.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again, signed with RSA PKCS #1 and SHA-256 or better, or with ECDSA on P-256 or P-384", Issue: &chain.Issuing{}}},
	Apple:     chain.AppleError{Class: chain.ClassKeySize, Sec: -67735},
	InsteadOf: []string{"lint-br-key-type"},
	Reads:     x509read.FieldSignature | x509read.FieldPublicKey,
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		if l.Signature.Status != x509read.NotCheckable {
			return nil
		}
		it, child, issuer := l.Child, "{item}", l.Issuer.Label()
		if _, err := l.Issuer.Cert.PublicKey.Public(); err != nil || unusableKey(l.Issuer.Cert) {
			it, child, issuer = l.Issuer, l.Child.Label(), "{item}" // whose own finding says more
		}
		return []chain.Hit{{
			Item:    it,
			Message: fmt.Sprintf("the signature of %s cannot be checked with the key of %s: %s", child, issuer, l.Signature.Reason),
			Evidence: []chain.Evid{
				{Field: "signatureAlgorithm", Got: l.Child.Cert.Signature.OID.Name(), Want: "an algorithm that can be verified"},
				{Field: "issuer's key", Got: string(l.Issuer.Cert.PublicKey.Type)},
			},
			Advice: []chain.Advice{{Repair: chain.RepairReissue(l.Child, func(*x509read.Certificate) {})}},
		}}
	}),
}

// unusableKey reports whether the reader found the key itself at fault.
func unusableKey(c *x509read.Certificate) bool {
	return c.HasFault(x509read.FaultKeySyntax, x509read.FaultKeyLength, x509read.FaultRSAModulus, x509read.FaultRSAModulusEven,
		x509read.FaultRSAExponent, x509read.FaultECParameters, x509read.FaultECPoint, x509read.FaultECExplicit, x509read.FaultECImplicit, x509read.FaultECCurveUnknown)
}
