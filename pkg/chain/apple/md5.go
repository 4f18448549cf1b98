package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// brokenHash reports MD2, MD4 and MD5, which nothing outweighs (apple: K-04).
func brokenHash(c *x509read.Certificate) bool {
	switch c.Signature.SignatureHash() {
	case "MD2", "MD4", "MD5":
		return true
	}
	return false
}

var _ = rules.Add(md5)

var md5 = &chain.Rule{
	ID:    "apple-md5",
	Level: chain.LevelX509,
	Title: "a certificate is signed with MD2, MD4 or MD5",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c WeakSignature", Section: "K-04", Confidence: chain.ConfidenceTested},
	},
	Explain: "A certificate signed over an MD2, MD4 or MD5 digest can be forged by anyone, so it is fatal for every purpose on Apple platforms. " +
		"Self-signed certificates are left out, since nobody relies on their signature. No override and no trust setting helps, and the log says that the certificate is using a broken signature algorithm.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with SHA-256", Issue: &chain.Issuing{}}},
	Apple:     chain.AppleError{Class: chain.ClassWeakHash, Sec: -67815},
	InsteadOf: []string{"apple-anchor-md5", "apple-sha1", "apple-signature-unsupported", "ats-signature-hash", "basic-signature-uncheckable"},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		if !brokenHash(it.Cert) || selfSigned(it) {
			return nil
		}
		hash := it.Cert.Signature.SignatureHash()
		return []chain.Hit{{Item: it, Message: fmt.Sprintf("{item} is signed with %s, fatal for every purpose", hash), Advice: []chain.Advice{{Repair: reissueSigned(it)}},
			Evidence: []chain.Evid{{Field: "signatureAlgorithm", Got: it.Cert.Signature.OID.Name(), Want: "SHA-256 or better"}}}}
	}),
}
