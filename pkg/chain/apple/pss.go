package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(pss)

var pss = &chain.Rule{
	ID:    "apple-pss",
	Level: chain.LevelX509,
	Title: "a certificate is signed with RSASSA-PSS",
	Sources: []chain.Source{
		{Doc: "SecSignatureVerificationSupport.c, SecCertificate.c", Section: "K-06", Confidence: chain.ConfidenceTested},
	},
	Explain: "Apple platforms cannot verify a certificate's signature made with RSASSA-PSS, whatever its hash, although TLS itself uses such signatures on the same devices. " +
		"The certificate counts as not signed by its issuer and no chain of trust is found, so the user is told that it is not trusted. Private CAs run into this when AD CS is set to the alternate signature algorithm.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again, signed with RSA PKCS #1 v1.5 and SHA-256, not PSS (AD CS: AlternateSignatureAlgorithm=0 in CAPolicy.inf)", Issue: &chain.Issuing{}}},
	Apple:     chain.AppleError{Class: chain.ClassTrust, Sec: -25318},
	InsteadOf: []string{"apple-signature-unsupported", "ats-signature-algorithm", "basic-signature-uncheckable"},
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		// An issuer's key for RSASSA-PSS only has a finding of its own.
		if l.Child.Cert.Signature.OID != x509read.OIDRSASSAPSS || l.Issuer.Cert.PublicKey.Type == x509read.RSAPSS {
			return nil
		}
		return []chain.Hit{{Item: l.Child, Advice: []chain.Advice{{Repair: reissueSigned(l.Child)}}, Message: fmt.Sprintf("{item} is signed with RSASSA-PSS (%s), which no Apple platform verifies", hashOr(l.Child.Cert, "hash unknown")),
			Evidence: []chain.Evid{{Field: "signatureAlgorithm", Got: "RSASSA-PSS", Want: "sha256WithRSAEncryption or ecdsa-with-SHA256"}}}}
	}),
}

func hashOr(c *x509read.Certificate, otherwise string) string {
	if h := c.Signature.SignatureHash(); h != "" {
		return h
	}
	return otherwise
}
