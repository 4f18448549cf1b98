package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(macNotImported)

var macNotImported = &chain.Rule{
	ID: "identity-mac-not-imported", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title:   "Apple platforms take the right password for a wrong one",
	Sources: []chain.Source{{Doc: "p12import.c", Section: "P-02", Confidence: chain.ConfidenceSource}, {Doc: "RFC 9579", Section: "section 1"}},
	Explain: "The importer knows HMAC with SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512 and the derivation of PKCS#12. Any other MAC, PBMAC1 too, cannot be compared there, and the answer is the one for a wrong password: errSecAuthFailed, -25293. No other password helps.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "write it with an HMAC-SHA256 MAC, without -pbmac1_pbkdf2 and -macalg", Commands: []string{chain.NewIdentity}}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		m := id.MAC
		if !isPKCS12(id) || m == nil || id.Signed || appleMAC(m) {
			return nil
		}
		h := chain.Hit{Message: fmt.Sprintf("the MAC is %s, which Apple platforms report as a wrong password", macName(m)),
			Evidence: []chain.Evid{{Field: "MAC", Got: macName(m), Want: "HMAC with SHA-1, SHA-224, SHA-256, SHA-384 or SHA-512, derived as PKCS#12 does"}}}
		h.Advice = writeAgain(id, "write another MAC", newRecipe)
		return []chain.Hit{h}
	}),
}
