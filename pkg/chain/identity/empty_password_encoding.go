package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(emptyPasswordEncoding)

var emptyPasswordEncoding = &chain.Rule{
	ID: "identity-empty-password-encoding", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title:   "the empty password is encoded in one of two ways",
	Sources: []chain.Source{{Doc: "RFC 7292", Section: "appendix B.1"}, {Doc: "p12import.c", Section: "P-07", Confidence: chain.ConfidenceSource}},
	Explain: "For PKCS#12's own key derivation an empty password is two zero bytes to some programs and nothing at all to others. iOS tries the first, macOS the second, so that one file imports on one of them and is a wrong password (-25293) to the other.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "protect it with a password that is not empty"}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		got := emptyEncoding(id)
		if !isPKCS12(id) || got == "" {
			return nil
		}
		where := "imports on iOS, not on macOS"
		want := "a password, or for macOS " + zeroBytes
		if got == zeroBytes {
			where, want = "imports on macOS, not on iOS", "a password, or for iOS "+twoZeroBytes
		}
		h := chain.Hit{Message: fmt.Sprintf("the password is empty and encoded as %s: %s", got, where),
			Evidence: []chain.Evid{{Field: "password", Got: "empty, as " + got, Want: want}}}
		h.Advice = writeAgain(id, "protect the file with a password", newRecipe)
		return []chain.Hit{h}
	}),
}
