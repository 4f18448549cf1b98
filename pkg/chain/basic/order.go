package basic

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = Rules.Add(&chain.Rule{
	ID:    "basic-order",
	Level: chain.LevelX509,
	Title: "intermediates were sent out of order",
	Sources: []chain.Source{
		{Doc: "RFC 5246", Section: "section 7.4.2"},
		{Doc: "RFC 8446", Section: "section 4.4.2"},
		{Doc: "SecTrustServer.c", Section: "X-01", Confidence: chain.ConfidenceSource},
	},
	Explain: "After item 0 each certificate should be followed by the one that issued it. TLS 1.2 demands this order; TLS 1.3 and Apple platforms sort for themselves. " +
		"Older clients and small devices walk the list as it comes, and fail, while an iPhone shows nothing.",
	Remedy: chain.Remedy{Who: "server administrator", Text: "put the certificates into the file in the order item 0, its issuer, the issuer's issuer (cat server.pem intermediate.pem > fullchain.pem; nginx: ssl_certificate fullchain.pem, Apache: SSLCertificateFile fullchain.pem)",
		Client: "whoever made the identity: put the certificates into its file in the order item 0, its issuer, the issuer's issuer (cat client.pem intermediate.pem > identity.pem)"},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		if len(c.Paths) == 0 {
			return nil
		}
		p := c.Paths[0]
		var sent []*chain.Item
		sorted := true
		for _, it := range p.Items {
			if !it.Sent() || it.Anchor != nil && len(sent) > 0 {
				continue
			}
			if len(sent) > 0 && it.Index < sent[len(sent)-1].Index {
				sorted = false
			}
			sent = append(sent, it)
		}
		if sorted {
			return nil
		}
		numbers := make([]string, len(sent))
		for i, it := range sent {
			numbers[i] = fmt.Sprint(it.Index)
		}
		order := strings.Join(numbers, ", ")
		return []chain.Hit{{
			Message:  "the items of the chain are not in the order of their issuers: " + order + " is the path",
			Evidence: []chain.Evid{{Field: "order", Got: fmt.Sprintf("0…%d as sent", len(c.Sent())-1), Want: order}},
			Repair:   chain.RepairList(sent...),
		}}
	}),
})
