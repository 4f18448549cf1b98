package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(encryptionNotImported)

var encryptionNotImported = &chain.Rule{
	ID: "identity-encryption-not-imported", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title:   "Apple platforms do not decrypt the file",
	Sources: []chain.Source{{Doc: "p12import.c", Section: "P-03", Confidence: chain.ConfidenceSource}, {Doc: "p12import.c", Section: "P-04", Confidence: chain.ConfidenceSource}},
	Explain: "Whatever PBES2 says, the importer of iOS 18 and macOS 15 decrypts with AES-256-CBC and PBKDF2-HMAC-SHA256, and wants the PRF written out; of the older schemes it knows RC4, RC2 and three-key 3DES with SHA-1. Another cipher, key length or PRF gives a wrong key and the decode error -26275.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "encrypt with AES-256-CBC and PBKDF2-HMAC-SHA256, the default of OpenSSL 3, or for iOS 17 with -legacy", Commands: []string{chain.NewIdentity}}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		if !isPKCS12(id) {
			return nil
		}
		for _, e := range encryptions(id) {
			why := appleEncryption(e)
			if why == "" {
				continue
			}
			h := chain.Hit{Message: fmt.Sprintf("%s: %s", e.where, why), Evidence: []chain.Evid{{Field: e.where, Got: e.name(), Want: "AES-256-CBC with PBKDF2-HMAC-SHA256"}}}
			h.Advice = writeAgain(id, "encrypt the file anew", newRecipe)
			return []chain.Hit{h}
		}
		return nil
	}),
}
