package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

const maxRSABits = 8192

var _ = rules.Add(keyUnloadable)

var keyUnloadable = &chain.Rule{
	ID:    "apple-key-unloadable",
	Level: chain.LevelX509,
	Title: "a public key cannot be loaded",
	Sources: []chain.Source{
		{Doc: "SecKey.m, SecECKey.m, SecRSAKey.c", Section: "K-01", Confidence: chain.ConfidenceTested},
		{Doc: "SecCertificateServer.c", Section: "X-26", Confidence: chain.ConfidenceSource},
	},
	Explain: "Apple platforms load RSA keys of up to 8192 bits and the curves P-192, P-224, P-256, P-384 and P-521; a brainpool curve, secp256k1, explicit curve parameters, an RSA key marked for RSASSA-PSS only, or X25519 gives no key at all. " +
		"A certificate whose key cannot be loaded counts as weak, and nothing it has signed can be verified. OpenSSL and GnuTLS accept most of these, which is why the fault shows on Apple devices only.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again for a new key on P-256", Issue: &chain.Issuing{NewKey: true}}},
	Apple:     chain.AppleError{Class: chain.ClassKeySize, Sec: -67735},
	InsteadOf: []string{"apple-key-size", "ats-key-size", "ats-signature-algorithm", "basic-signature-uncheckable"},
	Reads:     x509read.FieldPublicKey,
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, _ chain.Place) []chain.Hit {
		key := &it.Cert.PublicKey
		message := ""
		switch key.Type {
		case x509read.RSA:
			if key.Bits > maxRSABits {
				message = fmt.Sprintf("{item} has an RSA key of %d bits, the largest that loads has %d", key.Bits, maxRSABits)
			}
		case x509read.ECDSA:
			switch key.Curve {
			case "P-192", "P-224", "P-256", "P-384", "P-521":
			default:
				message = fmt.Sprintf("the key of {item} is on the curve %s, which is not supported", key.Curve)
			}
		case x509read.RSAPSS, x509read.X25519, x509read.X448:
			message = fmt.Sprintf("{item} has a key of the algorithm %s, which cannot be loaded", key.Type)
		default:
			return nil
		}
		if message == "" {
			return nil
		}
		return []chain.Hit{{Item: it, Message: message, Advice: []chain.Advice{{Repair: rekey(c, it)}},
			Evidence: []chain.Evid{{Field: "subjectPublicKeyInfo", Got: keyName(key), Want: "RSA of 2048 to 8192 bits, P-256, P-384 or P-521"}}}}
	}),
}
