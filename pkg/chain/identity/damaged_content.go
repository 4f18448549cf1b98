package identity

import "github.com/chainspect/chainspect/pkg/chain"

var _ = rules.Add(damagedContent)

var damagedContent = &chain.Rule{
	ID: "identity-damaged-content", Level: chain.LevelIdentity,
	Title:     "part of the file is not what its type says",
	Sources:   []chain.Source{{Doc: "RFC 7292", Section: "section 4"}, {Doc: "RFC 5958", Section: "section 2"}},
	Explain:   "The password opens the file and a part of it does not decode. The MAC, where there is one, fits, so that the part was written like this and not damaged on the way. Strict importers give up at such a part (-26275 on Apple platforms), others pass over it in silence.",
	Advice:    []chain.Advice{{Who: "whoever made the file", Text: "export the identity again, with another program if this one wrote it so"}},
	InsteadOf: []string{"identity-certificate-only", "identity-key-only", "identity-no-key-fits"},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		return unusable(id, "damaged", "content that decodes")
	}),
}
