package basic

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = Rules.Add(&chain.Rule{
	ID:    "basic-order",
	Level: chain.LevelX509,
	Title: "certificates were sent out of order",
	Sources: []chain.Source{
		{Doc: "RFC 5246", Section: "section 7.4.2"},
		{Doc: "RFC 8446", Section: "section 4.4.2"},
		{Doc: "SecTrustServer.c", Section: "X-01", Confidence: chain.ConfidenceSource},
	},
	Explain: "Item 0 has to be the server's own certificate, for every client takes the first one as that: a list that begins with a CA's certificate fails everywhere. After item 0 each certificate should be followed by the one that issued it. TLS 1.2 demands this order; TLS 1.3 and Apple platforms sort the rest for themselves, " +
		"so that an intermediate in the wrong place shows on older clients and small devices, which walk the list as it comes, and not on an iPhone.",
	Remedy: chain.Remedy{Who: "server administrator", Text: "put the certificates into the file in the order item 0, its issuer, the issuer's issuer (cat server.pem intermediate.pem > fullchain.pem; nginx: ssl_certificate fullchain.pem, Apache: SSLCertificateFile fullchain.pem)"},
	Apple:  chain.AppleError{Class: chain.ClassTLS},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		if len(c.Paths) == 0 {
			return nil
		}
		leaf := c.Leaf()
		sent, sorted := sentOf(c.Paths[0])
		numbers := make([]string, len(sent))
		for i, it := range sent {
			numbers[i] = fmt.Sprint(it.Index)
		}
		order := strings.Join(numbers, ", ")
		h := chain.Hit{
			Evidence: []chain.Evid{{Field: "order", Got: fmt.Sprintf("0…%d as sent", len(c.Sent())-1), Want: order}},
			Repair:   chain.RepairList(sent...),
		}
		if leaf.Index > 0 {
			whose := "server's"
			if c.Question.Purpose == chain.PurposeClient {
				whose = "client's"
			}
			first := c.Items[0]
			h.Item = first
			h.Message = fmt.Sprintf("item 0 is a CA certificate; the %s own is item %d, and is judged in its place here", whose, leaf.Index)
			h.Evidence = append([]chain.Evid{{Field: "item 0", Got: "the CA " + short(first.Cert.Subject), Want: short(leaf.Cert.Subject)}}, h.Evidence...)
			h.Fix = fmt.Sprintf("server administrator: put the certificate %s first and its issuers after it (cat server.pem intermediate.pem > fullchain.pem; nginx: ssl_certificate fullchain.pem, Apache: SSLCertificateFile fullchain.pem)", short(leaf.Cert.Subject))
			return []chain.Hit{h}
		}
		for _, p := range c.Paths[1:] {
			if sorted || p.End != c.Paths[0].End {
				break
			}
			_, sorted = sentOf(p)
		}
		if sorted {
			return nil
		}
		h.Message = "the items of the chain are not in the order of their issuers: " + order + " is the path"
		h.AtMost = chain.Note
		return []chain.Hit{h}
	}),
})

// sentOf lists the items of a path that were sent, and says whether they were
// sent in its order. (What stands between them is another rule's matter.)
func sentOf(p *chain.Path) (sent []*chain.Item, sorted bool) {
	sorted = true
	for _, it := range p.Items {
		if !it.Sent() {
			continue
		}
		sorted = sorted && (len(sent) == 0 || it.Index > sent[len(sent)-1].Index)
		sent = append(sent, it)
	}
	return sent, sorted
}
