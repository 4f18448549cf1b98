package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(plainKeyBagRule)

var plainKeyBagRule = &chain.Rule{
	ID: "identity-plain-key-bag", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title:   "the private key stands in the file without encryption",
	Sources: []chain.Source{{Doc: "RFC 7292", Section: "section 4.2.1"}, {Doc: "p12import.c", Section: "P-05", Confidence: chain.ConfidenceSource}},
	Explain: "A key bag holds the private key as it is; the password then only protects the file against changes, and whoever has the file has the key. Apple's importer and Java pass over such bags and find no identity; they want a shrouded key bag.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "encrypt the key, without -keypbe NONE", Commands: []string{chain.NewIdentity}}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		if !isPKCS12(id) {
			return nil
		}
		id = inFile(id)
		inClear := 0
		for _, b := range id.Bags {
			if b.Kind == plainKey && (b.Part < 0 || b.Part >= len(id.Parts) || id.Parts[b.Part].Encryption == nil) {
				inClear++
			}
		}
		n := keyBags(id, plainKey)
		if n == 0 {
			return nil
		}
		format := "%s in a plain key bag"
		if inClear > 0 {
			format = "%s in a plain key bag, readable without any password"
		}
		h := chain.Hit{Message: fmt.Sprintf(format, plural(n, "private key")), Evidence: []chain.Evid{{Field: "bag type", Got: "keyBag", Want: "pkcs8ShroudedKeyBag"}}}
		h.Advice = writeAgain(id, "encrypt the key", newRecipe)
		return []chain.Hit{h}
	}),
}
