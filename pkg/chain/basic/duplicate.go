package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(duplicateRule)

var duplicateRule = &chain.Rule{
	ID:    "basic-duplicate",
	Level: chain.LevelX509, Severity: chain.Note,
	Title:   "certificate was sent twice",
	Sources: []chain.Source{{Doc: "RFC 5246", Section: "section 7.4.2"}, {Doc: "SecTrustServer.c", Section: "X-01", Confidence: chain.ConfidenceSource}},
	Explain: "The same certificate stands in the list more than once, as happens when the leaf is put in front of a file that begins with the leaf. " +
		"Most clients skip the copy; those that walk the list in order stop at it.",
	Advice: []chain.Advice{
		{Who: "server administrator", Text: "keep one copy in the server's certificate file", Commands: []string{chain.FullChain}, Config: chain.SentFile()},
		{For: chain.ForClient, Who: "whoever made the identity", Text: "keep one copy in its file"},
	},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		if severalIdentities(c) {
			return nil
		}
		var copies map[int][]*chain.Item // by the item they repeat
		for _, it := range c.Sent() {
			if it.Repeats >= 0 {
				if copies == nil {
					copies = map[int][]*chain.Item{}
				}
				copies[it.Repeats] = append(copies[it.Repeats], it)
			}
		}
		var hits []chain.Hit
		for _, it := range c.Sent() {
			list := copies[it.Index]
			if len(list) == 0 {
				continue
			}
			message := fmt.Sprintf("{item} is the same certificate as item %d", it.Index)
			if n := len(list) - 1; n > 0 {
				message = fmt.Sprintf("{item} and %d more are the same certificate as item %d", n, it.Index)
			}
			hits = append(hits, chain.Hit{
				Item:     list[0],
				Message:  message,
				Evidence: []chain.Evid{{Field: list[0].Label(), Got: it.Cert.Subject.Short(), Want: "once in the list"}},
				Advice:   []chain.Advice{{Repair: withoutCopies}},
			})
		}
		return hits
	}),
}
