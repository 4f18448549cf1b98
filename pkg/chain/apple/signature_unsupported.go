package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(signatureUnsupported)

var signatureUnsupported = &chain.Rule{
	ID:    "apple-signature-unsupported",
	Level: chain.LevelX509,
	Title: "a certificate's signature algorithm is not supported",
	Sources: []chain.Source{
		{Doc: "SecSignatureVerificationSupport.c", Section: "K-06", Confidence: chain.ConfidenceSource},
	},
	Explain: "Apple platforms verify RSA PKCS#1 v1.5 and ECDSA signatures over SHA-1 and SHA-2, Ed25519 and Ed448. A certificate signed with SHA-3, SHA-512/t, MD2, SM2, DSA or ML-DSA counts as not signed by its issuer. " +
		"Default trust evaluation then finds no chain of trust, and the user is told that the certificate is not trusted.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again under a CA key that signs with ecdsa-with-SHA256 or sha256WithRSAEncryption (an RSA or P-256 key)", Issue: &chain.Issuing{}}},
	Apple:     chain.AppleError{Class: chain.ClassTrust, Sec: -25318},
	InsteadOf: []string{"ats-signature-hash", "basic-signature-uncheckable"},
	Reads:     x509read.FieldSignature,
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		alg := l.Child.Cert.Signature.OID
		if alg == "" || alg == x509read.OIDRSASSAPSS || verifiable(alg) {
			return nil
		}
		return []chain.Hit{{Item: l.Child, Advice: []chain.Advice{{Repair: reissueSigned(l.Child)}}, Message: fmt.Sprintf("{item} is signed with %s, which cannot be verified", alg.Name()),
			Evidence: []chain.Evid{{Field: "signatureAlgorithm", Got: alg.Name(), Want: "sha256WithRSAEncryption or ecdsa-with-SHA256"}}}}
	}),
}
