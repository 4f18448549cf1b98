package hostname

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(idnaRule)

var idnaRule = &chain.Rule{
	ID:    "hostname-idna",
	Level: chain.LevelName,
	Title: "an international name is not written in A-labels",
	Sources: []chain.Source{
		{Doc: "RFC 9525", Section: "section 6.3"},
		{Doc: "RFC 5280", Section: "section 7.2"},
		{Doc: "LEAF SecDNSMatch", Section: "H-06", Confidence: chain.ConfidenceTested},
	},
	Explain: "A dNSName holds ASCII only: a name in another script has to be written in A-labels, which begin with xn--. " +
		"Clients convert the name that the user typed to A-labels and compare these; item 0 has the name in its own letters, and nobody converts the certificate's side. The user sees a name that looks the same and is told that it does not match.",
	Advice:    []chain.Advice{{Who: "whoever issues the certificate", Text: "issue item 0 again with the A-labels in subjectAltName; `idn2 NAME` prints them"}},
	Apple:     appleCode(),
	InsteadOf: []string{"basic-encoding", "hostname-mismatch"},
	Reads:     x509read.FieldSubjectAltName,
	Check:     chain.PerLeaf(checkIDNA),
}

func checkIDNA(c *chain.Case, leaf *chain.Item) []chain.Hit {
	j := judge(c)
	if j == nil || j.cause != causeIDNA {
		return nil
	}
	return j.hit(leaf, fmt.Sprintf("subjectAltName of {item} has %s, it has to be written as %s", j.by, quote(j.why)), "dNSName "+j.by, j.addName())
}
