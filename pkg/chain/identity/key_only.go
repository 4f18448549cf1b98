package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(keyOnlyRule)

var keyOnlyRule = &chain.Rule{
	ID: "identity-key-only", Level: chain.LevelIdentity,
	Title:   "a private key without its certificate is no identity",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.4.2"}, {Doc: "p12import.c", Section: "P-06", Confidence: chain.ConfidenceSource}},
	Explain: "A client identity is shown by its certificate: item 0 of what the client sends. A private key alone has nothing to send, and importers make no identity of it.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "put the certificate and its intermediates beside the key", Commands: []string{chain.NewIdentity}}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		if !hasKey(id) || len(id.Certificates) > 0 {
			return nil
		}
		return []chain.Hit{{Message: fmt.Sprintf("%s and no certificate", plural(keyCount(id), "private key")),
			Evidence: []chain.Evid{{Field: "certificates", Got: "0", Want: "the one of the key"}}}}
	}),
}

// keyCount counts private keys, readable or not.
func keyCount(id *chain.Identity) int {
	return max(len(id.Keys), keyBags(id, shroudedKey)+keyBags(id, plainKey))
}
