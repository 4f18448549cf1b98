package lint

import (
	"fmt"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// lifetimes are the steps of section 6.3.2 by the day of issue, the newest
// first: in days, in earlier versions in months.
var lifetimes = [...]struct {
	from         time.Time
	days, months int
}{
	{time.Date(2029, 3, 15, 0, 0, 0, 0, time.UTC), 47, 0},
	{time.Date(2027, 3, 15, 0, 0, 0, 0, time.UTC), 100, 0},
	{time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC), 200, 0},
	{time.Date(2020, 9, 1, 0, 0, 0, 0, time.UTC), 398, 0},
	{time.Date(2018, 3, 1, 0, 0, 0, 0, time.UTC), 825, 0},
	// 39 months since 2015-04-01, but 60 with a documented reason until here.
	{time.Date(2016, 7, 1, 0, 0, 0, 0, time.UTC), 0, 39},
	{time.Date(2012, 7, 1, 0, 0, 0, 0, time.UTC), 0, 60},
}

var _ = rules.Add(brLifetime)

var brLifetime = &chain.Rule{
	ID:      "lint-br-lifetime",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "item 0 is valid for longer than public CAs may issue",
	Sources: []chain.Source{
		{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 6.3.2"},
		{Doc: "CA/Browser Forum SC-081v3"},
	},
	Explain: "What a CA checked – who holds the name and the key – grows stale, and revocation reaches few clients, so a public CA may vouch for a server for a limited time only. " +
		"The limit that binds is that of the day of issue: 398 days from September 2020, 200 from March 2026, 100 from March 2027 and 47 from March 2029.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again within the limit of its day of issue, and the server administrator lets an ACME client renew it; a CA of one's own as below", Issue: &chain.Issuing{}}},
	Check:  chain.PerItem(checkLifetime),
}

func checkLifetime(c *chain.Case, it *chain.Item, at chain.Place) []chain.Hit {
	lived, ok := chain.Lifetime(it.Cert)
	if !ok || !at.Leaf || it.Cert.IsCA() {
		return nil
	}
	from := it.Cert.NotBefore
	for _, step := range lifetimes {
		if from.Before(step.from) {
			continue
		}
		limit := chain.Span(step.days) * chain.Day
		if step.months > 0 {
			limit = chain.Between(from, from.AddDate(0, step.months, 0))
		}
		if lived+1 <= limit { // the last second is part of the validity period (RFC 5280 section 4.1.2.5)
			return nil
		}
		words := fmt.Sprintf("%d days", step.days)
		if step.months > 0 {
			words = fmt.Sprintf("%d months", step.months)
		}
		valid, format := chain.LifetimeText(it.Cert), "{item} is valid for %s and was issued on %s, when the limit was %s"
		if lived == limit {
			valid, format = (lived + 1).Days(), "{item}, its last second included, is valid for %s and was issued on %s, when the limit was %s"
		}
		return reissued(one(it, fmt.Sprintf(format, valid, from.Format(time.DateOnly), words), "validity", valid, "at most "+words),
			func(cert *x509read.Certificate) {
				cert.NotBefore = c.Question.Time.Truncate(time.Second)
				cert.NotAfter = cert.NotBefore.AddDate(0, 0, 46)
			})
	}
	return nil
}

// LongestDays is the longest that the Baseline Requirements let a server's
// certificate be valid that is issued at a time; 0 where they give no number of days.
func LongestDays(issued time.Time) int {
	for _, step := range lifetimes {
		if !issued.Before(step.from) {
			return step.days
		}
	}
	return 0
}
