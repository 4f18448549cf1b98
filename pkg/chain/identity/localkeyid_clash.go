package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(localkeyidClash)

var localkeyidClash = &chain.Rule{
	ID: "identity-localkeyid-clash", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title:     "a certificate has the key's id and does not belong to it",
	Sources:   []chain.Source{{Doc: "RFC 7292", Section: "section 4.2"}, {Doc: "p12import.c", Section: "P-06", Confidence: chain.ConfidenceSource}},
	Explain:   "Apple's importer pairs key and certificate by localKeyID, else by friendlyName, and keeps one certificate for each. A CA certificate with the same id or name takes the place of the leaf, and the identity that results has the right key and the wrong certificate.",
	Advice:    []chain.Advice{{Who: "whoever made the file", Text: "give the localKeyID to the key and its own certificate only, and other names to the CA certificates"}},
	InsteadOf: []string{"identity-unpaired-key"},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		if !isPKCS12(id) {
			return nil
		}
		n, shared := clashing(id)
		leaf, _ := leafOf(id)
		if n < 0 || leaf < 0 {
			return nil
		}
		h := chain.Hit{Item: itemOf(c, id, n), Named: true, Message: fmt.Sprintf("%s has the %s of a key it does not fit", subject(c, id, n), shared),
			Evidence: []chain.Evid{{Field: "paired by attribute", Got: subject(c, id, n), Want: subject(c, id, leaf)}}}
		h.Advice = writeAgain(id, "pair them anew", newRecipe)
		return []chain.Hit{h}
	}),
}
