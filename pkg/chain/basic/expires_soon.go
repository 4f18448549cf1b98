package basic

import (
	"fmt"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(expiresSoon)

var expiresSoon = &chain.Rule{
	ID:    "basic-expires-soon",
	Level: chain.LevelX509, Severity: chain.Warning,
	Title:   "chain will stop being trusted soon",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.1.2.5"}},
	Explain: "The chain is good now, and the date at which it stops being so is closer than the warning distance that was asked for. " +
		"The date is found by evaluating trust again in the future, so it may be an intermediate, the root or a rule with a start date that ends it, and not item 0.",
	Advice: []chain.Advice{
		{Who: "server administrator", Text: "renew before that date; see what the automatic renewal (certbot, or another ACME client: its log) has to say", Commands: []string{"certbot renew --dry-run"}},
		{For: chain.ForClient, Who: "CA", Text: "issue the identity again before that date (a new key, a request with the same subject), and have the client import it", Commands: []string{chain.NewRequest}},
	},
	Check: chain.PerOutlook(func(c *chain.Case, g *chain.GoodUntil) []chain.Hit {
		left := chain.Between(c.Question.Time, g.Time)
		var limit chain.Span
		want := ""
		switch w := c.Question.Warn; {
		case w.Before > 0:
			limit = chain.Span(w.Before / time.Second)
			want = "more than " + limit.String()
		case w.Percent > 0 && c.Leaf() != nil:
			cert := c.Leaf().Cert
			if g.Item != nil && *g.Item < len(c.Items) {
				cert = c.Items[*g.Item].Cert
			}
			life := chain.Between(cert.NotBefore, cert.NotAfter)
			limit = chain.Span(float64(life) * w.Percent / 100)
			want = fmt.Sprintf("more than %g %% of %s", w.Percent, life)
		}
		if limit <= 0 || left > limit {
			return nil
		}
		h := chain.Hit{
			Message:  fmt.Sprintf("the chain is good for another %s, until %s", left, chain.Instant(g.Time)),
			Evidence: []chain.Evid{{Field: "time left", Got: left.String(), Want: want}, {Field: "then broken", Got: g.Rule}},
		}
		if g.Item != nil && *g.Item < len(c.Items) {
			h.Item = c.Items[*g.Item]
			h.Message = fmt.Sprintf("good for another %s, until %s, because of {item}", left, chain.Instant(g.Time))
			h.Advice = current(c, g, h.Item)
		}
		return []chain.Hit{h}
	}),
}

// current is the advice where a certificate above the leaf runs out, which no
// renewal of the leaf mends; "" where the rule's own holds.
func current(c *chain.Case, g *chain.GoodUntil, it *chain.Item) []chain.Advice {
	if g.Rule != "basic-expired" || it == c.Leaf() {
		return nil
	}
	ca := it.Cert.Subject.Short()
	switch {
	case it.Anchor != nil && clientIdentity(c):
		return []chain.Advice{{Who: "server administrator", Text: "trust the next root of " + ca + " before that date too", Config: chain.ClientCAs()}}
	case it.Anchor != nil:
		return []chain.Advice{{Who: "server administrator", Text: "before that date send a chain that ends at another root; for a private CA, the CA makes a new root and the device owner installs it"}}
	case clientIdentity(c):
		return []chain.Advice{{Who: "whoever made the identity", Text: "before that date replace " + it.Label() + " in its file by the CA's current certificate of " + ca}}
	}
	return []chain.Advice{{Who: "server administrator", Text: "before that date replace " + it.Label() + " in the file the server sends by the CA's current certificate of " + ca}}
}
