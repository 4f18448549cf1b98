package hostname

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(noSan)

var noSan = &chain.Rule{
	ID:    "hostname-no-san",
	Level: chain.LevelName,
	Title: "item 0 has no subjectAltName",
	Sources: []chain.Source{
		{Doc: "RFC 9525", Section: "section 6.1"},
		{Doc: "LEAF SecPolicyCheckCertSSLHostname", Section: "H-01", Confidence: chain.ConfidenceTested},
		{Doc: "Apple 103769", Section: "DNS name in subjectAltName", Confidence: chain.ConfidenceDocument},
	},
	Explain: "The names a server may be asked for stand in the extension subjectAltName, and nowhere else: the subject of item 0 is a description for people. " +
		"A certificate without the extension covers no name at all, whatever its chain of trust is worth, so every client that follows the standard refuses it at level 2.",
	Advice:    []chain.Advice{{Who: "whoever issues the certificate", Text: "issue item 0 with the extension", Issue: &chain.Issuing{Anew: true}}},
	Apple:     appleCode(),
	InsteadOf: []string{"hostname-mismatch", "lint-br-san-missing"},
	Reads:     x509read.FieldSubjectAltName,
	Check:     chain.PerLeaf(checkNoSAN),
}

func checkNoSAN(c *chain.Case, leaf *chain.Item) []chain.Hit {
	j := judge(c)
	if j == nil || j.cause != causeNoSAN {
		return nil
	}
	message := "{item} has no subjectAltName, so that it covers no name"
	if unreadable(leaf) {
		message = "subjectAltName of {item} could not be read, so that it covers no name"
	}
	return j.hit(leaf, message, "none", j.addName())
}
