package hostname

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(cnOnly)

var cnOnly = &chain.Rule{
	ID:    "hostname-cn-only",
	Level: chain.LevelName,
	Title: "the name stands in the common name only",
	Sources: []chain.Source{
		{Doc: "RFC 9525", Section: "section 2 and appendix A"},
		{Doc: "LEAF SecPolicyCheckCertSSLHostname", Section: "H-01", Confidence: chain.ConfidenceTested},
		{Doc: "Apple 103769", Section: "DNS name in subjectAltName", Confidence: chain.ConfidenceDocument},
	},
	Explain: "Old tools wrote the server's name into the common name of the subject, and old clients read it there. " +
		"RFC 9525 forbids that now, and Apple platforms stopped with iOS 13 and macOS 10.15: the common name of item 0 is not looked at, so the name does not match although a person reads it in the certificate.",
	Advice:    []chain.Advice{{Who: "whoever issues the certificate", Text: "issue item 0 again with the name in subjectAltName too; the common name may stay or be left out", Issue: &chain.Issuing{Anew: true}}},
	Apple:     appleCode(),
	InsteadOf: []string{"hostname-mismatch", "lint-br-cn-in-san", "lint-br-san-missing"},
	Reads:     x509read.FieldSubjectAltName,
	Check:     chain.PerLeaf(checkCNOnly),
}

func checkCNOnly(c *chain.Case, leaf *chain.Item) []chain.Hit {
	j := judge(c)
	if j == nil || j.cause != causeCNOnly {
		return nil
	}
	got := "none"
	if leaf.Cert.SubjectAltName != nil {
		got = coveredNames(leaf.Cert, j.kind)
	} else if unreadable(leaf) {
		got = "does not decode"
	}
	return j.hit(leaf, fmt.Sprintf("%s stands in the common name of {item} only, which counts for nothing", quote(j.name)), got, j.addName())
}

// unreadable reports whether the names of item 0 could not be read.
func unreadable(leaf *chain.Item) bool {
	return leaf.Cert.Unread&x509read.FieldSubjectAltName != 0
}
