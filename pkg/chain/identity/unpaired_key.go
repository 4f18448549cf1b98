package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(unpairedKey)

var unpairedKey = &chain.Rule{
	ID: "identity-unpaired-key", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title:   "key and certificate carry no attribute that pairs them",
	Sources: []chain.Source{{Doc: "RFC 7292", Section: "section 4.2"}, {Doc: "p12import.c", Section: "P-06", Confidence: chain.ConfidenceSource}},
	Explain: "The key fits the certificate, and Apple's importer does not look: it pairs by equal localKeyID, else by equal friendlyName. With neither, SecPKCS12Import succeeds and returns no identity, which looks like an empty file.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "write the file with a localKeyID on both, as OpenSSL does by itself", Commands: []string{chain.NewIdentity}}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		leaf, key := leafOf(id)
		if !isPKCS12(id) || leaf < 0 || !unpaired(id) {
			return nil
		}
		of := func(b *chain.IdentityBag) string {
			if b == nil || slot(b) == "" {
				return "neither localKeyID nor friendlyName"
			}
			return slot(b)
		}
		h := chain.Hit{Item: itemOf(c, id, leaf), Named: true, Message: fmt.Sprintf("the key fits %s, but no attribute says so", subject(c, id, leaf)),
			Evidence: []chain.Evid{{Field: "attributes", Got: "key: " + of(bagOfKey(id, id.Keys[key])) + "; certificate: " + of(bagOf(id, leaf)), Want: "the same localKeyID"}}}
		h.Advice = writeAgain(id, "write the attributes", newRecipe)
		return []chain.Hit{h}
	}),
}
