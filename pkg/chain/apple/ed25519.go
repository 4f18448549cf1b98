package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(ed25519)

var ed25519 = &chain.Rule{
	ID:    "apple-ed25519",
	Level: chain.LevelX509,
	Title: "an Ed25519 or Ed448 key in a server's chain of trust",
	Sources: []chain.Source{
		{Doc: "SecPolicy.c, SecCertificate.c", Section: "K-03", Confidence: chain.ConfidenceSource},
	},
	Explain: "The table of least key sizes that Apple platforms hold against a TLS server's chain of trust has lines for RSA and ECDSA only, so an Ed25519 or Ed448 key in item 0, an intermediate or the root is below the minimum. " +
		"Signatures with these keys can be verified; it is the policy for TLS servers that refuses them, and a policy for client identities does not. The log on the device says that the certificate is using a broken key size.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again for a new key on P-256", Issue: &chain.Issuing{NewKey: true}}},
	Apple:     chain.AppleError{Class: chain.ClassKeySize, Sec: -67735},
	InsteadOf: []string{"ats-key-size", "ats-signature-algorithm", "basic-signature-uncheckable"},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if !server(c) || installedLeaf(p) {
			return nil
		}
		var hits []chain.Hit
		for _, it := range p.Items {
			if t := it.Cert.PublicKey.Type; t == x509read.Ed25519 || t == x509read.Ed448 {
				hits = append(hits, chain.Hit{Item: it, Message: fmt.Sprintf("{item} has an %s key, want RSA or ECDSA for TLS servers", t), Advice: []chain.Advice{{Repair: rekey(c, it)}},
					Evidence: []chain.Evid{{Field: "subjectPublicKeyInfo", Got: string(t), Want: "RSA 2048 or P-256"}}})
			}
		}
		return hits
	}),
}
