package apple

import (
	"fmt"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// The hour on top is a grace the code gives and the documents do not mention.
const limit825 = 825*chain.Day + 3600

var (
	from825SYS   = time.Date(2018, 3, 1, 0, 0, 0, 0, time.UTC)
	from825Every = time.Date(2019, 6, 30, 23, 0, 0, 0, time.UTC)
)

var _ = rules.Add(lifetime825)

var lifetime825 = &chain.Rule{
	ID:    "apple-lifetime-825",
	Level: chain.LevelX509,
	Title: "item 0 is valid for more than 825 days",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c", Section: "V-03", Confidence: chain.ConfidenceTested},
		{Doc: "SecPolicyServer.c", Section: "V-01", Confidence: chain.ConfidenceTested},
		{Doc: "Apple 103769", Section: "requirements for trusted certificates in iOS 13 and macOS 10.15", Confidence: chain.ConfidenceDocument},
	},
	Explain: "Default trust evaluation on Apple platforms refuses a server certificate issued since July 2019 that is valid for more than 825 days, " +
		"whoever issued it: also under a private root that was installed by a profile, and under an anchor the app adds itself. " +
		"Only item 0 that was itself installed as trusted is exempt; how long a root or an intermediate is valid is not limited. The user sees that the certificate is not standards compliant.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again for 825 days or less; public CAs may issue for 200 days since 2026-03-15", Issue: &chain.Issuing{Days: 825}}},
	Apple:     chain.AppleError{Class: chain.ClassCompliance, Sec: -67901},
	InsteadOf: []string{"apple-lifetime-schedule", "lint-br-lifetime"},
	// Under a built-in root the 398 days are the narrower limit.
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		leaf := p.Leaf()
		d, ok := chain.Lifetime(leaf.Cert)
		if !ok || !server(c) || d <= limit398 {
			return nil
		}
		nb, valid := leaf.Cert.NotBefore, chain.LifetimeText(leaf.Cert)
		evidence := []chain.Evid{{Field: "validity", Got: valid, Want: "at most 825 days and 3600 s"}}
		everyChain := !nb.Before(from825Every)
		switch {
		case d > limit825 && (p.Builtin() && !nb.Before(from825SYS) || everyChain && !installedLeaf(p)):
			h := chain.Hit{Item: leaf, Evidence: evidence, Advice: []chain.Advice{{Repair: reissueFor(c, leaf, 825*chain.Day), Assumes: "with 825 days"}},
				Message: fmt.Sprintf("{item} is valid for %s, limit 825 days and 1 hour under every root", valid)}
			if p.Builtin() {
				h.Try(reissueFor(c, leaf, 90*chain.Day), "with 90 days")
			}
			return []chain.Hit{h}
		case d > limit825 && everyChain && installedLeaf(p):
			return []chain.Hit{{Item: leaf, Evidence: evidence, AtMost: chain.Note,
				Message: fmt.Sprintf("{item} is valid for %s, which passes only because it is itself installed as trusted", valid)}}
		case d > limit825 && p.Anchor != nil && !installedLeaf(p):
			since, renewal := "2019-07-01", "825 days"
			if p.Builtin() {
				since, renewal = "2018-03-01", "200 days"
			}
			return []chain.Hit{{Item: leaf, Evidence: evidence, AtMost: chain.Note,
				Message: fmt.Sprintf("{item} is valid for %s, which passes only because it was issued before %s: its renewal may have %s at most", valid, since, renewal)}}
		case d > limit398 && d <= limit825 && p.Anchor != nil && !p.Builtin():
			return []chain.Hit{{Item: leaf, Evidence: evidence, AtMost: chain.Note,
				Message: fmt.Sprintf("{item} is valid for %s: the limit for %s is 825 days, the 398 days bind built-in roots only", valid, anchoredBy(p))}}
		}
		return nil
	}),
}
