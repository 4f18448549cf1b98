package apple

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(anchorCommonName)

var anchorCommonName = &chain.Rule{
	ID:    "apple-anchor-common-name",
	Level: chain.LevelX509,
	Title: "the installed root has no common name",
	Sources: []chain.Source{
		{Doc: "Apple forums, Certificate Trust Settings", Section: "X-03", Confidence: chain.ConfidenceField},
	},
	Explain: "On iOS a root that was installed by hand has to be switched on under Certificate Trust Settings, and that list shows roots by their common name: one without it does not appear and cannot be switched on. " +
		"Roots installed through device management are trusted without the switch.",
	Advice: []chain.Advice{{Who: "CA", Text: "make a root with a common name and the same key, issue again what the old one issued, and have it installed; or the device's administrator installs the old one through device management", Commands: []string{"openssl req -x509 -key root.key -subj '/CN=Example Root' -days 3650 -out new-root.pem"}}},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if p.Anchor == nil || p.Anchor.Kind != chain.Installed || p.Last().Cert.Subject.CommonName() != "" || strings.HasPrefix(c.Question.Platform, "macos") {
			return nil
		}
		return []chain.Hit{{Item: p.Last(), AtMost: chain.Warning, Message: "{item} is installed and has no common name, so Certificate Trust Settings does not list it",
			Evidence: []chain.Evid{{Field: "subject", Got: p.Last().Cert.Subject.String(), Want: "a name with CN"}}}}
	}),
}
