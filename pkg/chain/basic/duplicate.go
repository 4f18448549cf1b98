package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = Rules.Add(&chain.Rule{
	ID:      "basic-duplicate",
	Level:   chain.LevelX509,
	Title:   "certificate was sent twice",
	Sources: []chain.Source{{Doc: "RFC 5246", Section: "section 7.4.2"}, {Doc: "SecTrustServer.c", Section: "X-01", Confidence: chain.ConfidenceSource}},
	Explain: "The same certificate stands in the list more than once, as happens when the leaf is put in front of a file that begins with the leaf. " +
		"Most clients skip the copy; those that walk the list in order stop at it.",
	Remedy: chain.Remedy{Who: "server administrator", Text: "remove the second copy from the server's certificate file (nginx: ssl_certificate, Apache: SSLCertificateFile)",
		Client: "whoever made the identity: remove the second copy from its file"},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		var hits []chain.Hit
		for _, it := range c.Sent() {
			if it.Repeats < 0 {
				continue
			}
			hits = append(hits, chain.Hit{
				Item:     it,
				Message:  fmt.Sprintf("%s is the same certificate as item %d", label(it), it.Repeats),
				Evidence: []chain.Evid{{Field: label(it), Got: short(it.Cert.Subject), Want: "once in the list"}},
				Repair:   chain.RepairDrop(it),
			})
		}
		return hits
	}),
})
