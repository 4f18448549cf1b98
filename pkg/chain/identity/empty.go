package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(empty)

var empty = &chain.Rule{
	ID: "identity-empty", Level: chain.LevelIdentity,
	Title:   "the file holds neither a certificate nor a private key",
	Sources: []chain.Source{{Doc: "TLS for App Developers", Section: "digital identities", Confidence: chain.ConfidenceDocument}, {Doc: "RFC 7292", Section: "section 4.1"}},
	Explain: "The container is well formed and its password may be right, and nothing is in it: entries that were deleted, or an export that found nothing to export. Importers say that they imported it and list no identity afterwards.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "export the identity again, the certificate with its private key", Commands: []string{chain.NewIdentity}}},
	Check: chain.PerIdentity(func(_ *chain.Case, id *chain.Identity) []chain.Hit {
		if !isEmpty(id) {
			return nil
		}
		return []chain.Hit{{Message: fmt.Sprintf("the %s file holds nothing: no certificate and no private key", id.Format),
			Evidence: []chain.Evid{{Field: "entries", Got: "0 certificates, 0 private keys", Want: "a certificate and its private key"}}}}
	}),
}

// isEmpty reports whether a file was read whole and nothing is in it.
func isEmpty(id *chain.Identity) bool {
	return len(id.Certificates) == 0 && len(id.Keys) == 0 && len(id.Problems) == 0 && len(id.Format) > 0
}
