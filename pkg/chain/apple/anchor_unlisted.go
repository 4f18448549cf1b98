package apple

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(anchorUnlisted)

var anchorUnlisted = &chain.Rule{
	ID:    "apple-anchor-unlisted",
	Level: chain.LevelX509,
	Title: "the installed certificate is no CA and cannot be switched on",
	Sources: []chain.Source{
		{Doc: "Apple forums, Certificate Trust Settings", Section: "X-03", Confidence: chain.ConfidenceField},
	},
	Explain: "On iOS a certificate that was installed by hand is trusted for TLS only once it is switched on under Certificate Trust Settings, and that list shows CA certificates (CA:TRUE) alone. A self-signed certificate of a server that is no CA can be installed and never trusted. " +
		"macOS has no such list, and what device management installs is trusted without the switch.",
	Advice: []chain.Advice{
		{Who: "server administrator", Text: "make a small CA, have it issue item 0, and have its root installed", Commands: []string{"chainspect lab init"}},
		{Who: "device owner", Text: "or install the present certificate through device management"},
	},
	InsteadOf: []string{"apple-anchor-leaf"},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if !p.AnchoredLeaf() || p.Anchor.Kind != chain.Installed || p.Leaf().Cert.IsCA() || strings.HasPrefix(c.Question.Platform, "macos") {
			return nil
		}
		it := p.Leaf()
		return []chain.Hit{{Item: it, AtMost: chain.Warning, Message: "{item} itself is the installed anchor and no CA, so Certificate Trust Settings does not list it: only device management makes it trusted",
			Evidence: []chain.Evid{{Field: "basicConstraints of " + it.Label(), Got: "not CA:TRUE", Want: "CA:TRUE, of a root"}}}}
	}),
}
