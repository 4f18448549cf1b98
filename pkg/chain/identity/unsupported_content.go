package identity

import "github.com/chainspect/chainspect/pkg/chain"

var _ = rules.Add(unsupportedContent)

var unsupportedContent = &chain.Rule{
	ID: "identity-unsupported-content", Level: chain.LevelIdentity,
	Title:       "part of the file uses an algorithm that is not read here",
	Sources:     []chain.Source{{Doc: "RFC 8018", Section: "appendix B.2"}, {Doc: "RFC 7292", Section: "section 4.1"}},
	Explain:     "The file was opened, and one of its parts is encrypted with an algorithm, or is of a type, that this program names and does not guess at: Camellia, ARIA, encryption to a public key. The password is not the reason. Few importers read such a part either.",
	Advice:      []chain.Advice{{Who: "whoever made the file", Text: "export it again with AES-256-CBC, the default of OpenSSL 3", Commands: []string{chain.NewIdentity}}},
	InsteadOf:   []string{"identity-certificate-only", "identity-encryption-not-imported", "identity-key-only", "identity-no-key-fits"},
	EvenUnknown: true,
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		hits := unusable(id, "unsupported", "an algorithm of PKCS#12 that is read here, such as AES-256-CBC with PBKDF2")
		if id.Format != "PEM" {
			for i := range hits {
				hits[i].Advice = writeAgain(id, "export it again with AES-256-CBC", newRecipe)
			}
		}
		return hits
	}),
}
