package basic

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(unrelated)

var unrelated = &chain.Rule{
	ID:    "basic-unrelated",
	Level: chain.LevelX509, Severity: chain.Note,
	Title:   "certificate on no path was sent",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.4.2"}, {Doc: "SecTrustServer.c", Section: "X-01", Confidence: chain.ConfidenceSource}},
	Explain: "An item of the list issued nothing that leads to item 0. Apple platforms and browsers pass over such strangers, which cost bytes in every handshake; older clients, which walk the list as it comes, stop at one that stands between item 0 and its issuers. Often the certificate that was meant to stand there is the one that is missing.",
	Advice: []chain.Advice{
		{Who: "server administrator", Text: "take the certificate out of the file the server sends; see whether the intermediate of item 0 was meant"},
		{For: chain.ForClient, Who: "whoever made the identity", Text: "remove the certificate from its file; see whether the intermediate of item 0 was meant"},
	},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		if len(c.Paths) == 0 || c.GaveUp != "" || severalIdentities(c) {
			return nil
		}
		if leaf := c.Leaf(); leaf != nil && leaf.Err != nil {
			return nil // which certificates belong to item 0 is not known
		}
		used := func(it *chain.Item) bool {
			return slices.ContainsFunc(c.Paths, func(p *chain.Path) bool { return slices.Contains(p.Items, it) })
		}
		end := c.Paths[0].End
		whole := end == chain.Anchored || end == chain.SelfSigned
		var hits []chain.Hit
		for _, it := range c.Sent() {
			if it.Repeats >= 0 || used(it) || it.Err != nil && !whole {
				continue // what cannot be read may be the issuer that is missing
			}
			h := chain.Hit{
				Item:     it,
				Message:  "{item} has no part in any path from item 0",
				Evidence: []chain.Evid{{Field: "subject", Got: it.Cert.Subject.String(), Want: "the issuer of an item below"}},
			}
			if whole {
				h.Try(chain.RepairDrop(it), "")
			} else { // it may belong above a certificate that is missing
				h.Message = "{item} has no part in any path so far, and the chain is incomplete"
				h.Advise(administrator(c), "first send the certificates that the chain lacks; only if "+it.Label()+" has no part in it even then, take it out")
			}
			if it.Err != nil {
				h.Message = fmt.Sprintf("{item} cannot be read as a certificate and has no part in any path: %s", it.Err.Error())
			}
			hits = append(hits, h)
		}
		return hits
	}),
}
