package apple

import (
	"fmt"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

const limit398 = 398 * chain.Day // 34,387,200 s, without any slack

var from398 = time.Date(2020, 9, 1, 0, 0, 0, 0, time.UTC)

var _ = rules.Add(lifetime398)

var lifetime398 = &chain.Rule{
	ID:    "apple-lifetime-398",
	Level: chain.LevelX509,
	Title: "item 0 under a built-in root lives over 398 days",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c", Section: "V-02", Confidence: chain.ConfidenceTested},
		{Doc: "Apple 102028", Section: "about upcoming limits on trusted certificates", Confidence: chain.ConfidenceDocument},
	},
	Explain: "A server certificate issued since September 2020 under a root of Apple's own store may be valid for at most 398 days, so that stale names and keys leave the public web within about a year. " +
		"Roots installed by a user or an administrator are not bound by it. The connection fails and the log calls the certificate not standards compliant.",
	Advice:    []chain.Advice{{Who: "server administrator", Text: "get item 0 from its CA again, for 397 days or less; public CAs issue for 200 days at most since 2026-03-15"}},
	Apple:     chain.AppleError{Class: chain.ClassCompliance, Sec: -67901},
	InsteadOf: []string{"apple-lifetime-825", "apple-lifetime-schedule", "lint-br-lifetime"},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		leaf := p.Leaf()
		d, ok := chain.Lifetime(leaf.Cert)
		if !ok || !server(c) || !p.Builtin() || leaf.Cert.NotBefore.Before(from398) || d <= 397*chain.Day {
			return nil
		}
		valid := chain.LifetimeText(leaf.Cert)
		h := chain.Hit{Item: leaf, Evidence: []chain.Evid{{Field: "validity", Got: valid, Want: "at most 398 days"}}, Advice: []chain.Advice{{Repair: reissueFor(c, leaf, 90*chain.Day)}}}
		if d > limit398 {
			h.Message = fmt.Sprintf("{item} is valid for %s, limit 398 days under a built-in root", valid)
		} else {
			h.Message = fmt.Sprintf("{item} is valid for %s: accepted, but Apple's document counts the last second too and advises 397 days", valid)
			h.AtMost = chain.Warning
		}
		return []chain.Hit{h}
	}),
}
