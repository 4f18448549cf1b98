package identity

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(platform)

var platform = &chain.Rule{
	ID: "identity-platform", Level: chain.LevelIdentity,
	Title:   "the platform that was asked for does not import the file",
	Sources: []chain.Source{{Doc: "p12import.c", Section: "P-01 to P-10", Confidence: chain.ConfidenceSource}},
	Explain: "The file was judged for one platform, and that platform's importer does not take it: it knows some MACs, ciphers, kinds of keys and encodings only. What a person sees there is as a rule that the password is wrong.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "write it as that platform reads it", Commands: []string{"chainspect fix identity.p12 --platform ios17 -o new.p12"}}},
	InsteadOf: []string{"identity-old-apple", "identity-mac-not-imported", "identity-encryption-not-imported", "identity-unsupported-key-type",
		"identity-key-not-der", "identity-no-mac", "identity-empty-password-encoding", "identity-ber"},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		leaf, _ := leafOf(id)
		if !c.Question.PlatformAsked || leaf < 0 || mismatch(id) != "" {
			return nil // half an identity is told by its own rule
		}
		why := Refusal(id, c.Question.Platform)
		if why == "" {
			return nil
		}
		r := newRecipe
		if !chain.PlatformAtLeast(c.Question.Platform, 18, 15) {
			r = oldRecipe
		}
		return []chain.Hit{{Message: fmt.Sprintf("%s does not import the file: %s", Release(c.Question.Platform), why),
			Evidence: []chain.Evid{{Field: "protection", Got: protectionOf(id), Want: "what " + Release(c.Question.Platform) + " imports"}},
			Advice:   forPlatform(id, "write it for "+Release(c.Question.Platform), c.Question.Platform, r)}}
	}),
}

// Release is a platform as people write it: "iOS 17".
func Release(platform string) string {
	return strings.NewReplacer("visionos", "visionOS ", "watchos", "watchOS ", "tvos", "tvOS ", "macos", "macOS ", "ios", "iOS ").Replace(platform)
}
