package hostname

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(ipAsDns)

var ipAsDns = &chain.Rule{
	ID:    "hostname-ip-as-dns",
	Level: chain.LevelName,
	Title: "the IP address stands in a dNSName",
	Sources: []chain.Source{
		{Doc: "RFC 9525", Section: "section 6.5"},
		{Doc: "RFC 5280", Section: "section 4.2.1.6"},
		{Doc: "LEAF SecPolicyCheckCertSSLHostname", Section: "H-10", Confidence: chain.ConfidenceTested},
	},
	Explain: "subjectAltName has a kind of entry of its own for addresses, iPAddress, which holds the four or sixteen octets. " +
		"A client that was given an address compares it with these entries only; the digits of an address written as a dNSName look right to a person and never match. An app that connects by address fails with “certificate name does not match input” in its log.",
	Advice:    []chain.Advice{{Who: "whoever issues the certificate", Text: "issue item 0 again with the address as iPAddress, IP:192.0.2.1 instead of DNS:192.0.2.1", Issue: &chain.Issuing{With: []string{"subjectAltName=IP:192.0.2.1"}}}},
	Apple:     appleCode(),
	InsteadOf: []string{"hostname-mismatch", "lint-san-ip-as-dns"},
	Reads:     x509read.FieldSubjectAltName,
	Check:     chain.PerLeaf(checkIPAsDNS),
}

func checkIPAsDNS(c *chain.Case, leaf *chain.Item) []chain.Hit {
	j := judge(c)
	if j == nil || j.cause != causeIPAsDNS {
		return nil
	}
	return j.hit(leaf, fmt.Sprintf("the address %s stands in subjectAltName of {item} as %s, it has to be an iPAddress", j.name, j.why), j.why+" "+j.by, j.addName())
}
