package strict

import (
	"fmt"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(lifetime)

var lifetime = &chain.Rule{
	ID:       "strict-lifetime",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "longer valid than a browser takes under a public root",
	Sources:  []chain.Source{{Doc: "Chromium net/cert/cert_verify_proc.cc", Section: "HasTooLongValidity"}, {Doc: "Chrome Root Program Policy", Section: "certificate lifetimes"}},
	Explain: "Chrome refuses a server's certificate under a root of its own store that is valid for more than 398 days, whoever issued it and when; under a root that was installed it sets no limit. " +
		"The shorter limits since March 2026 bind CAs (lint-br-lifetime) and are not known to be built in.",
	Advice:  []chain.Advice{{Who: "CA", Text: "issue {item} again within the limit of its day of issue"}},
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		leaf := p.Leaf()
		if !p.Builtin() || c.Anchors.Store.Name != "chrome" || leaf.Cert.NotAfter.Sub(leaf.Cert.NotBefore) <= longestPublic {
			return nil
		}
		return []chain.Hit{one(leaf, fmt.Sprintf("{item} is valid for %s, more than 398 days", chain.LifetimeText(leaf.Cert)), "validity", chain.LifetimeText(leaf.Cert), "at most 398 days", "public")}
	}),
}

// longestPublic is base::Days(398) of HasTooLongValidity, notAfter less notBefore.
const longestPublic = 398 * 24 * time.Hour
