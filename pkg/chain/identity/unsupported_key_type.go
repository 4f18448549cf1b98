package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(unsupportedKeyType)

var unsupportedKeyType = &chain.Rule{
	ID: "identity-unsupported-key-type", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title:   "Apple platforms do not import a key of this type",
	Sources: []chain.Source{{Doc: "p12import.c", Section: "P-05", Confidence: chain.ConfidenceSource}, {Doc: "p12import.c", Section: "M-09", Confidence: chain.ConfidenceSource}},
	Explain: "A client identity on an Apple platform has an RSA key or an elliptic-curve key on P-256, P-384 or P-521. One Ed25519, Ed448 or other key in the file ends the import of everything in it with -26275, which apps show as a file that cannot be decoded.",
	Advice:  []chain.Advice{{Who: "CA", Text: "issue the identity for an RSA-2048 or P-256 key; a key cannot be converted"}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		var out []chain.Hit
		for i, k := range id.Keys {
			if appleKey(k) {
				continue
			}
			h := chain.Hit{Message: fmt.Sprintf("private key %d is %s", i+1, keyName(k)),
				Evidence: []chain.Evid{{Field: "key type", Got: keyName(k), Want: "RSA, or EC on P-256, P-384, P-521"}}}
			if len(k.Fits) > 0 {
				h.Item = itemOf(c, id, k.Fits[0])
			}
			out = append(out, h)
		}
		return out
	}),
}
