package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(keySize)

var keySize = &chain.Rule{
	ID:    "apple-key-size",
	Level: chain.LevelX509,
	Title: "a key on the path is below RSA 2048 or P-256",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c SecPolicyCheckKeySize", Section: "K-02", Confidence: chain.ConfidenceTested},
		{Doc: "Apple 103769", Section: "K-08", Confidence: chain.ConfidenceDocument},
	},
	Explain: "For TLS servers every certificate of the chain of trust, the root included, needs an RSA key of at least 2048 bits or a curve of at least 256 bits. " +
		"This holds under private roots too; only item 0 that was itself installed as trusted is exempt. The log says that the certificate is using a broken key size, and an app may still override it.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again for a larger key, RSA 2048 or P-256", Issue: &chain.Issuing{NewKey: true}}},
	Apple:     chain.AppleError{Class: chain.ClassKeySize, Sec: -67735},
	InsteadOf: []string{"ats-key-size", "ats-signature-algorithm", "basic-signature-uncheckable"},
	Reads:     x509read.FieldPublicKey,
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if !server(c) || installedLeaf(p) {
			return nil
		}
		var hits []chain.Hit
		for _, it := range p.Items {
			key := &it.Cert.PublicKey
			if key.Bits == 0 {
				continue
			}
			evidence := []chain.Evid{{Field: "subjectPublicKeyInfo", Got: keyName(key), Want: "RSA 2048 or P-256"}}
			switch {
			case key.Type == x509read.RSA && key.BlockSize() < 256:
				hits = append(hits, chain.Hit{Item: it, Message: fmt.Sprintf("{item} has an RSA key of %d bits, at least 2048 are wanted", key.Bits), Evidence: evidence, Advice: []chain.Advice{{Repair: rekey(c, it)}}})
			case key.Type == x509read.ECDSA && key.BlockSize() < 32:
				hits = append(hits, chain.Hit{Item: it, Message: fmt.Sprintf("{item} has an elliptic-curve key of %d bits, at least 256 are wanted", key.Bits), Evidence: evidence, Advice: []chain.Advice{{Repair: rekey(c, it)}}})
			case key.Type == x509read.RSA && key.Bits < 2048: // whole octets are compared
				hits = append(hits, chain.Hit{Item: it, AtMost: chain.Note, Evidence: evidence,
					Message: fmt.Sprintf("{item} has an RSA key of %d bits, which passes only because whole octets are counted", key.Bits)})
			}
		}
		return hits
	}),
}
