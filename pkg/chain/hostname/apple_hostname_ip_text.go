package hostname

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(hostnameIpText)

var hostnameIpText = &chain.Rule{
	ID:    "apple-hostname-ip-text",
	Level: chain.LevelName,
	Title: "an IPv6 address with a dotted tail is not parsed",
	Sources: []chain.Source{
		{Doc: "LEAF SecPolicyCheckCertSSLHostname", Section: "H-11", Confidence: chain.ConfidenceSource},
	},
	Explain: "Apple's trust evaluation reads an IPv6 reference name as colon-separated groups only; the form with an IPv4 tail (::ffff:192.0.2.1) is not understood as an address there. " +
		"It is then compared as text, and no iPAddress of item 0 can match it.",
	Advice: []chain.Advice{{Who: "app developer", Text: "write the address in groups (::ffff:c000:201), or connect to the IPv4 address itself"}},
	Apple:  appleCode(),
	Check:  chain.PerLeaf(checkAppleIPText),
}

func checkAppleIPText(c *chain.Case, leaf *chain.Item) []chain.Hit {
	j := judge(c)
	written := c.Question.Name
	if j == nil || j.kind != chain.NameIP || j.cause != covered || !strings.Contains(written, ":") || !strings.Contains(written, ".") {
		return nil
	}
	groups := make([]string, 0, 8)
	for i := 0; i+1 < len(j.octet); i += 2 {
		groups = append(groups, fmt.Sprintf("%x", int(j.octet[i])<<8|int(j.octet[i+1])))
	}
	plain := strings.Join(groups, ":")
	return []chain.Hit{{
		Item:     leaf,
		Message:  fmt.Sprintf("the iPAddress %s of {item} has a dotted tail, which an Apple platform does not read as an address", quote(written)),
		Evidence: []chain.Evid{{Field: "reference name", Got: quote(written), Want: plain}},
		Advice:   []chain.Advice{{Who: "app developer", Text: "write the address as " + plain + ", or connect to the server by a name", Repair: chain.RepairName(plain, chain.NameIP)}},
	}}
}
