package apple

import (
	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(sha1)

var sha1 = &chain.Rule{
	ID:    "apple-sha1",
	Level: chain.LevelX509,
	Title: "a certificate in a server's chain is signed with SHA-1",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c SecPolicyCheckSignatureHashAlgorithms", Section: "K-05", Confidence: chain.ConfidenceTested},
		{Doc: "Apple 103769", Section: "K-08", Confidence: chain.ConfidenceDocument},
	},
	Explain: "For TLS servers no certificate of the chain of trust may be signed over a SHA-1 digest, and private CAs are no exception since iOS 13. " +
		"Self-signed roots are left out, because a root is trusted for what it is and not for its signature; so is an installed certificate that ends the chain. The log on the device says that the certificate is using a broken signature algorithm.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with SHA-256 (AD CS: certutil -setreg ca\\csp\\CNGHashAlgorithm SHA256)", Issue: &chain.Issuing{}}},
	Apple:     chain.AppleError{Class: chain.ClassWeakHash, Sec: -67815},
	InsteadOf: []string{"ats-signature-hash"},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if !server(c) {
			return nil
		}
		var hits []chain.Hit
		for i, it := range p.Items {
			if it.Cert.Signature.SignatureHash() != "SHA-1" || selfSigned(it) {
				continue
			}
			h := chain.Hit{Item: it, Message: "{item} is signed with SHA-1, want SHA-256 or better for TLS servers", Advice: []chain.Advice{{Repair: reissueSigned(it)}},
				Evidence: []chain.Evid{{Field: "signatureAlgorithm", Got: it.Cert.Signature.OID.Name(), Want: "SHA-256 or better"}}}
			if i == len(p.Items)-1 && p.Anchor != nil && p.Anchor.Kind == chain.Installed {
				h.Message, h.AtMost = "{item} is signed with SHA-1, which passes only because this very certificate is installed as trusted", chain.Note
			}
			hits = append(hits, h)
		}
		return hits
	}),
}
