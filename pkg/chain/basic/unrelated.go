package basic

import "github.com/chainspect/chainspect/pkg/chain"

var _ = Rules.Add(&chain.Rule{
	ID:      "basic-unrelated",
	Level:   chain.LevelX509,
	Title:   "certificate on no path was sent",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.4.2"}, {Doc: "SecTrustServer.c", Section: "X-01", Confidence: chain.ConfidenceSource}},
	Explain: "An item of the list issued nothing that leads to item 0. Clients ignore such strangers, but they cost bytes in every handshake, and often the certificate that was meant to stand there is the one that is missing.",
	Remedy: chain.Remedy{Who: "server administrator", Text: "remove the certificate from the server's certificate file (nginx: ssl_certificate, Apache: SSLCertificateFile); see whether the intermediate of item 0 was meant",
		Client: "whoever made the identity: remove the certificate from its file; see whether the intermediate of item 0 was meant"},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		if len(c.Paths) == 0 || c.GaveUp != "" {
			return nil
		}
		used := map[*chain.Item]bool{}
		for _, p := range c.Paths {
			for _, it := range p.Items {
				used[it] = true
			}
		}
		var hits []chain.Hit
		for _, it := range c.Sent() {
			if it.Index == 0 || it.Repeats >= 0 || used[it] {
				continue
			}
			h := chain.Hit{
				Item:     it,
				Message:  label(it) + " has no part in any path from item 0",
				Evidence: []chain.Evid{{Field: "subject", Got: it.Cert.Subject.String(), Want: "the issuer of an item below"}},
				Repair:   chain.RepairDrop(it),
			}
			if it.Err != nil {
				h.Message = label(it) + " cannot be read as a certificate and has no part in any path: " + it.Err.Error()
			}
			hits = append(hits, h)
		}
		return hits
	}),
})
