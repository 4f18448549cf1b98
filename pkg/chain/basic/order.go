package basic

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(orderRule)

var orderRule = &chain.Rule{
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
	Advice: []chain.Advice{
		{Who: "server administrator", Text: "put the certificates into the file in the order item 0, its issuer, the issuer's issuer", Commands: []string{chain.FullChain}, Config: chain.SentFile()},
		{For: chain.ForClient, Who: "whoever made the identity", Text: "put the certificates into its file in the order item 0, its issuer, the issuer's issuer", Commands: []string{chain.IdentityChain}},
	},
	Apple:     chain.AppleError{Class: chain.ClassTLS},
	InsteadOf: []string{"reach-key-usage"}, // a CA's key is not for handshakes
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		if len(c.Paths) == 0 {
			return nil
		}
		leaf := c.Leaf()
		if leaf.Index == 0 && sorted(c) {
			return nil
		}
		var sent []*chain.Item
		var numbers []string
		for _, it := range c.Paths[0].Items {
			if it.Sent() {
				sent = append(sent, it)
				numbers = append(numbers, fmt.Sprint(it.Index))
			}
		}
		order := strings.Join(numbers, ", ")
		h := chain.Hit{
			Message:  fmt.Sprintf("the items of the chain are not in the order of their issuers: %s is the path", order),
			Evidence: []chain.Evid{{Field: "order", Got: fmt.Sprintf("0…%d as sent", len(c.Sent())-1), Want: order}},
			Advice:   []chain.Advice{{Repair: chain.RepairList(sent...)}},
			AtMost:   chain.Note,
		}
		if leaf.Index > 0 {
			whose, advice, command, config := "server's", "put the certificate %q first and its issuers after it", fixCommand(c, chain.FullChain), chain.SentFile()
			if clientIdentity(c) {
				whose, command, config = "client's", chain.IdentityChain, nil
			}
			h.AtMost, h.Item = "", c.Items[0]
			h.Message = fmt.Sprintf("{item} is a CA certificate; the %s own is %s, and is judged in its place here", whose, leaf.Label())
			h.Evidence = append(h.Evidence, chain.Evid{Field: h.Item.Label(), Got: "the CA " + h.Item.Cert.Subject.Short(), Want: leaf.Cert.Subject.Short()})
			h.Short = fmt.Sprintf("the list begins with the CA certificate %q, not with the %s own", h.Item.Cert.Subject.Short(), whose)
			h.Advise(administrator(c), fmt.Sprintf(advice, leaf.Cert.Subject.Short()), command)
			h.Advice[0].Config = config
		}
		return []chain.Hit{h}
	}),
}

// sorted reports whether any of the best paths has its items in the order sent.
// (What stands between them is another rule's matter.)
func sorted(c *chain.Case) bool {
	for _, p := range c.Paths {
		if p.End != c.Paths[0].End {
			break
		}
		last, ok := -1, true
		for _, it := range p.Items {
			if it.Sent() {
				ok = ok && it.Index > last
				last = it.Index
			}
		}
		if ok {
			return true
		}
	}
	return false
}
