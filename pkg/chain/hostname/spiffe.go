package hostname

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(spiffeRule)

var spiffeRule = &chain.Rule{
	ID:    "hostname-spiffe",
	Level: chain.LevelName,
	Title: "a SPIFFE certificate has more than one URI",
	Sources: []chain.Source{
		{Doc: "SPIFFE X509-SVID", Section: "section 2 and section 5.2"},
	},
	Explain: "A workload that is known by a SPIFFE ID has to carry exactly one URI in subjectAltName, so that the other side of mutual TLS cannot pick the one it likes. " +
		"Verifiers refuse a certificate with two, even where one of them is the ID that was asked for.",
	Advice: []chain.Advice{{Who: "whoever issues the client identity", Text: "issue item 0 again with the SPIFFE ID as its only URI; DNS names beside it are allowed"}},
	Reads:  x509read.FieldSubjectAltName,
	Check:  chain.PerLeaf(checkSPIFFE),
}

func checkSPIFFE(c *chain.Case, leaf *chain.Item) []chain.Hit {
	j := judge(c)
	if j == nil || j.kind != chain.NameURI || j.cause != covered || !spiffeID(j.name) {
		return nil
	}
	n := uriCount(leaf.Cert.SubjectAltName)
	if n == 1 {
		return nil
	}
	return j.hit(leaf, fmt.Sprintf("{item} has %d URIs in subjectAltName, a SPIFFE certificate has exactly 1", n), coveredNames(leaf.Cert, j.kind), chain.Advice{Who: "whoever issues the client identity", Text: "have item 0 issued again with " + j.opensslSAN() + " as its only URI"})
}
