package basic

import "github.com/chainspect/chainspect/pkg/chain"

var _ = rules.Add(anchorExtension)

var anchorExtension = &chain.Rule{
	ID:    "basic-anchor-extension",
	Level: chain.LevelX509,
	Title: "trusted anchor has an unknown critical extension",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 4.2"},
		{Doc: "RFC 5937", Section: "section 1"},
		{Doc: "SecPolicyServer.c", Section: "X-15", Confidence: chain.ConfidenceSource},
	},
	Explain: "RFC 5280 takes only name and key from a trusted anchor, but a root given as a certificate states its own limits, and OpenSSL, Go and most libraries refuse one whose critical limits they do not understand. " +
		"Apple platforms do not look at the extensions of the anchor for this.",
	Advice: []chain.Advice{{Who: "CA", Text: "make the root again without the critical extension, under the same name and key, and distribute it"}},
	Apple:  chain.AppleError{Class: chain.ClassCompliance, Sec: -67603},
	Check: chain.PerCertificate(func(it *chain.Item, place chain.Place) []chain.Hit {
		if !place.Anchor || place.Leaf {
			return nil
		}
		return criticalHits(it)
	}),
}
