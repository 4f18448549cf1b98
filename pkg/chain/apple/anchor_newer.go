package apple

import (
	"fmt"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(anchorNewer)

var anchorNewer = &chain.Rule{
	ID:    "apple-anchor-newer",
	Level: chain.LevelX509,
	Title: "the built-in root may be newer than the platform",
	Sources: []chain.Source{
		{Doc: "Apple", Section: "available root certificates for Apple operating systems", Confidence: chain.ConfidenceDocument},
	},
	Explain: "The trust store used here is that of the newest release, and each release has its own: Apple adds a root some years after it was made, with an update. A device that stays on an older release does not have the roots that came later. " +
		"This root is so young that the release asked about may lack it.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "send the intermediate that is cross-signed by an older root too, so that older devices find a path; or try it on such a device"}},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if !p.Builtin() {
			return nil
		}
		root, out := p.Last(), chain.Released(c.Question.Platform)
		if out.IsZero() || !root.Cert.NotBefore.After(out.AddDate(-rootAge, 0, 0)) || !c.Anchors.Store.Date.After(out.AddDate(0, 6, 0)) {
			return nil
		}
		return []chain.Hit{{Item: root, AtMost: chain.Warning,
			Message: fmt.Sprintf("{item} was made on %s, and %s came out on %s: whether that release has it is not known here",
				root.Cert.NotBefore.Format(time.DateOnly), c.Question.Platform, out.Format(time.DateOnly)),
			Evidence: []chain.Evid{{Field: "notBefore of the root", Got: root.Cert.NotBefore.Format(time.DateOnly), Want: fmt.Sprintf("%d years before the release, or the store of that release", rootAge)}}}}
	}),
}

// rootAge is how many years a root needs, as a rule, from its making into the
// store of a release.
const rootAge = 3
