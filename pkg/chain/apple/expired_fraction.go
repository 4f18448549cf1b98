package apple

import (
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(expiredFraction)

var expiredFraction = &chain.Rule{
	ID:    "apple-expired-fraction",
	Level: chain.LevelX509,
	Title: "a certificate expired less than a second ago",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c", Section: "D-01", Confidence: chain.ConfidenceSource},
	},
	Explain: "Apple platforms compare notAfter with a clock that has fractions of a second: the instant notAfter names is the last good one, and a millisecond later the certificate counts as expired, the trusted anchor included. " +
		"Elsewhere the whole of that last second is still valid.",
	Advice:   []chain.Advice{{Who: "server administrator", Text: "renew item 0, install it and reload the server; renew earlier from now on (ACME clients do so with a third of the lifetime left)"}},
	Apple:    chain.AppleError{Class: chain.ClassExpired, Sec: -67818},
	Instants: chain.AtValidity,
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, _ chain.Place) []chain.Hit {
		t, end := c.Question.Time, it.Cert.NotAfter
		if end.IsZero() || !t.After(end) || !t.Before(end.Add(time.Second)) {
			return nil
		}
		return []chain.Hit{{Item: it, Message: "notAfter of {item} passed less than a second ago, which counts as expired",
			Evidence: []chain.Evid{{Field: "notAfter", Got: chain.Stamp(end), Want: "after " + chain.Stamp(t)}},
			Advice:   []chain.Advice{{Repair: chain.RepairReissue(it, func(cert *x509read.Certificate) { cert.NotAfter = end.AddDate(0, 0, 90) })}}}}
	}),
}
