package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(keyNotDer)

var keyNotDer = &chain.Rule{
	ID: "identity-key-not-der", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title:   "the private key is not in DER",
	Sources: []chain.Source{{Doc: "X.690", Section: "sections 8.3.2, 10.1"}, {Doc: "Apple DTS", Section: "iOS 11 import", Confidence: chain.ConfidenceField}},
	Explain: "The numbers of the private key are encoded longer than DER allows, as a vendor's generator once wrote them. OpenSSL reads such a key; iOS 11 and later refuse the whole file with an import error that does not name the reason.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "have the key encoded again by OpenSSL, which writes DER", Commands: []string{"openssl pkcs12 -in identity.p12 -nodes -out tmp.pem && openssl pkcs12 -export -in tmp.pem -out new.p12; rm -f tmp.pem"}}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		var out []chain.Hit
		for i, k := range id.Keys {
			if k.NotDER == "" {
				continue
			}
			h := chain.Hit{Message: fmt.Sprintf("private key %d (%s) is not DER: %s", i+1, keyName(k), k.NotDER),
				Evidence: []chain.Evid{{Field: "private key", Got: k.NotDER, Want: "DER: the shortest encoding"}}}
			h.Advice = writeAgain(id, "encode the key again", newRecipe)
			out = append(out, h)
		}
		return out
	}),
}
