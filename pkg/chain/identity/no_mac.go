package identity

import "github.com/chainspect/chainspect/pkg/chain"

var _ = rules.Add(noMac)

var noMac = &chain.Rule{
	ID: "identity-no-mac", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title:   "the file has no MAC",
	Sources: []chain.Source{{Doc: "RFC 7292", Section: "section 4"}, {Doc: "p12import.c", Section: "P-01", Confidence: chain.ConfidenceSource}},
	Explain: "The MAC tells a wrong password from a changed file; without it, or with a signature in its place, nothing protects the contents against changes. Apple platforms, Windows, GnuTLS and NSS import only files with password integrity (-26275 on Apple platforms), OpenSSL and Java take them.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "export it again with a MAC, without -nomac", Commands: []string{chain.NewIdentity}}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		if !isPKCS12(id) || id.MAC != nil && !id.Signed {
			return nil
		}
		got := "absent"
		if id.Signed {
			got = "a signature (public-key integrity)"
		}
		h := chain.Hit{Message: "the file has no MAC", Evidence: []chain.Evid{{Field: "macData", Got: got, Want: "HMAC over the contents"}}}
		h.Advice = writeAgain(id, "write the file with a MAC", newRecipe)
		return []chain.Hit{h}
	}),
}
