package basic

import (
	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(rootSent)

var rootSent = &chain.Rule{
	ID:    "basic-root-sent",
	Level: chain.LevelX509, Severity: chain.Note,
	Title:   "root was sent along",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.4.2"}, {Doc: "RFC 5246", Section: "section 7.4.2"}},
	Explain: "Item N, the root, need not be sent: a client trusts it only if it has it already, and one that has it does not look at the copy. " +
		"At the end of the list it does no harm but for a kilobyte in every handshake.",
	Advice: []chain.Advice{
		{Who: "server administrator", Text: "take the root out of the file the server sends", Commands: []string{chain.FullChain}, Config: chain.SentFile()},
		{For: chain.ForClient, Who: "whoever made the identity", Text: "leave the root out of what the client sends; a .p12 that is imported may keep it"},
	},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		var hits []chain.Hit
		for _, it := range c.Sent() {
			if it == c.Leaf() || it.Anchor == nil || it.Repeats >= 0 || !it.SelfIssued() {
				continue
			}
			hits = append(hits, chain.Hit{
				Item:     it,
				Message:  "{item} is a root that the client has already",
				Evidence: []chain.Evid{{Field: "subject", Got: it.Cert.Subject.String(), Want: "not sent"}},
				Advice:   []chain.Advice{{Repair: chain.RepairDrop(it)}},
			})
		}
		return hits
	}),
}
