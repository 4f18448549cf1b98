package apple

import (
	"fmt"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// schedule is the CA/Browser Forum's ballot SC-081v3; the steps bind by the day of issue.
var schedule = [...]struct {
	from time.Time
	days int
}{
	{time.Date(2029, 3, 15, 0, 0, 0, 0, time.UTC), 47},
	{time.Date(2027, 3, 15, 0, 0, 0, 0, time.UTC), 100},
	{time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC), 200},
}

var _ = rules.Add(lifetimeSchedule)

var lifetimeSchedule = &chain.Rule{
	ID:      "apple-lifetime-schedule",
	Level:   chain.LevelX509,
	Title:   "item 0 lives longer than the 200/100/47 day schedule",
	Applies: &chain.Applies{IssuedFrom: time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)},
	Sources: []chain.Source{
		{Doc: "CA/Browser Forum SC-081v3", Section: "V-04", Confidence: chain.ConfidenceDocument},
		{Doc: "Apple root program", Section: "A-05", Confidence: chain.ConfidenceDocument},
	},
	Explain: "Public CAs may issue server certificates for at most 200 days since March 2026, 100 days from March 2027 and 47 days from March 2029; Apple proposed the schedule. " +
		"Apple's released code does not enforce these steps, so the user sees nothing yet; a later release may.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue within the schedule; the server administrator automates renewal (ACME), since 47 days cannot be kept by hand"}},
	Apple:     chain.AppleError{Class: chain.ClassCompliance, Sec: -67901},
	InsteadOf: []string{"lint-br-lifetime"},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		leaf := p.Leaf()
		d, ok := chain.Lifetime(leaf.Cert)
		if !ok || !server(c) || !p.Builtin() {
			return nil
		}
		for _, step := range schedule {
			if leaf.Cert.NotBefore.Before(step.from) {
				continue
			}
			// Baseline Requirements section 6.3.2 counts the last second too.
			if d+1 <= chain.Span(step.days)*chain.Day {
				return nil
			}
			valid := chain.LifetimeText(leaf.Cert)
			return []chain.Hit{{Item: leaf, AtMost: chain.Warning, Advice: []chain.Advice{{Repair: reissueFor(c, leaf, 46*chain.Day)}},
				Message:  fmt.Sprintf("{item} is valid for %s and was issued on %s, when public CAs are limited to %d days", valid, leaf.Cert.NotBefore.Format(time.DateOnly), step.days),
				Evidence: []chain.Evid{{Field: "validity", Got: valid, Want: fmt.Sprintf("at most %d days", step.days)}}}}
		}
		return nil
	}),
}
