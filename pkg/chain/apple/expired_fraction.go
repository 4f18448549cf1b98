package apple

import (
	"fmt"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = Rules.Add(&chain.Rule{
	ID:    "apple-expired-fraction",
	Level: chain.LevelX509,
	Title: "a certificate expired less than a second ago",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c", Section: "D-01", Confidence: chain.ConfidenceSource},
	},
	Explain: "Apple platforms compare notAfter with a clock that has fractions of a second: the instant notAfter names is the last good one, and a millisecond later the certificate counts as expired, the trusted anchor included. " +
		"Elsewhere the whole of that last second is still valid.",
	Remedy:   chain.Remedy{Who: "server administrator", Text: "renew well before notAfter (ACME clients do so with a third of the lifetime left)"},
	Apple:    chain.AppleError{Class: chain.ClassExpired, Sec: -67818},
	YieldsTo: []string{"basic-expired"},
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, _ chain.Place) []chain.Hit {
		t, end := c.Question.Time, it.Cert.NotAfter
		if end.IsZero() || !t.After(end) || t.Sub(end) >= time.Second {
			return nil
		}
		return []chain.Hit{{Item: it, Message: fmt.Sprintf("notAfter was %s ago, which counts as expired", t.Sub(end)),
			Evidence: []chain.Evid{{Field: "notAfter", Got: date(end), Want: "not before " + t.UTC().Format(time.RFC3339Nano)}},
			Repair:   chain.RepairReissue(it, func(cert *x509read.Certificate) { cert.NotAfter = t.Add(90 * day) })}}
	}),
})
