package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(oldApple)

var oldApple = &chain.Rule{
	ID: "identity-old-apple", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title:   "iOS 17 and Keychain Access do not import the file",
	Sources: []chain.Source{{Doc: "p12import.c", Section: "P-10", Confidence: chain.ConfidenceField}, {Doc: "keychain_import.c", Section: "SecItemImport", Confidence: chain.ConfidenceField}},
	Explain: "iOS 18 and macOS 15 were the first to import what OpenSSL 3 writes by default. iOS 17, and on macOS Keychain Access and `security import` without -f pkcs12 up to this day, know SHA-1 and the old ciphers only, and say that the password is wrong although it is right. `chainspect fix` writes a file that all of them read, as `chainspect lab client` does from the start.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "for those importers write it anew, with the same password; macOS imports the present one with `security import`", Commands: []string{"chainspect fix identity.p12 --platform ios17 -o new.p12"}}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		if !isPKCS12(id) || mismatch(id) != "" || !(appleModern{ios: true, modern: true}).takes(id).ok {
			return nil
		}
		a := appleModern{ios: true}.takes(id)
		if a.ok {
			return nil
		}
		h := chain.Hit{Message: fmt.Sprintf("imports on iOS 18 and macOS 15, not on iOS 17 and not in Keychain Access: %s", a.why),
			Evidence: []chain.Evid{{Field: "protection", Got: protectionOf(id), Want: "HMAC-SHA1 and PBES1 for iOS 17 and Keychain Access"}}}
		if chain.PlatformAtLeast(c.Question.Platform, 18, 15) {
			h.AtMost = chain.Note
			h.Advice = forPlatform(id, "only if such devices are to be reached", "ios17", oldRecipe)
		} else {
			h.Advice = forPlatform(id, "write it for such importers", "ios17", oldRecipe)
		}
		return []chain.Hit{h}
	}),
}
