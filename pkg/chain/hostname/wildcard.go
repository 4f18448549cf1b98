package hostname

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(wildcardRule)

var wildcardRule = &chain.Rule{
	ID:    "hostname-wildcard",
	Level: chain.LevelName,
	Title: "a wildcard does not reach the reference name",
	Sources: []chain.Source{
		{Doc: "RFC 9525", Section: "section 6.3"},
		{Doc: "RFC 2818", Section: "section 3.1"},
		{Doc: "LEAF SecDNSMatch", Section: "H-07", Confidence: chain.ConfidenceTested},
	},
	Explain: "A wildcard is the whole left-most label of a name and stands for exactly one label: *.example.com covers www.example.com, but neither example.com nor a.b.example.com. " +
		"Nor does it count inside a label (w*.example.com), further right (www.*.com), or directly under a top-level domain (*.com), where it would cover the servers of strangers. The log on the device says that the certificate name does not match input.",
	Advice:    []chain.Advice{{Who: "whoever issues the certificate", Text: "add the name itself to subjectAltName, as in subjectAltName=DNS:*.example.com,DNS:example.com; for deeper names add a wildcard of their own, *.sub.example.com"}},
	Apple:     appleCode(),
	InsteadOf: []string{"hostname-mismatch", "lint-br-cn-in-san", "lint-br-wildcard-suffix", "lint-san-dns-name"},
	Reads:     x509read.FieldSubjectAltName,
	Check:     chain.PerLeaf(checkWildcard),
}

func checkWildcard(c *chain.Case, leaf *chain.Item) []chain.Hit {
	j := judge(c)
	if j == nil || j.cause != causeWildcard {
		return nil
	}
	return j.hit(leaf, fmt.Sprintf("%s does not cover %s: %s", j.by, quote(j.name), j.why), coveredNames(leaf.Cert, j.kind), j.addName())
}
