package identity

import "github.com/chainspect/chainspect/pkg/chain"

var _ = rules.Add(lockedRule)

var lockedRule = &chain.Rule{
	ID: "identity-locked", Level: chain.LevelIdentity,
	Title:     "the password does not open the file",
	Sources:   []chain.Source{{Doc: "RFC 7292", Section: "section 4"}, {Doc: "RFC 8018", Section: "section 6"}},
	Explain:   "Part of the file stands in the clear and was read; what the password protects was not opened, or the check of the whole file with the password failed. Such a check cannot tell a wrong password from a file that was changed after it was made, and every importer calls both a wrong password.",
	Advice:    []chain.Advice{{Who: "whoever holds the file", Text: "give its password with --password-file FILE or $CHAINSPECT_PASSWORD; if that is the right one, copy the file again, in binary mode, or have it exported again"}},
	InsteadOf: []string{"identity-certificate-only", "identity-key-only", "identity-no-key-fits"},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		return unusable(id, locked, "the password the file was made with")
	}),
}

// locked is the kind of a problem that the right password would solve.
const locked = "locked"

// mismatch is what was seen where the integrity of the whole file does not fit
// the password; "" where it does.
func mismatch(id *chain.Identity) string {
	for _, p := range id.Problems {
		if p.Kind == locked && id.MAC != nil && !id.MAC.Verified {
			return p.Message
		}
	}
	return ""
}
