package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(sanSyntax)

var sanSyntax = &chain.Rule{
	ID:      "lint-san-syntax",
	Level:   chain.LevelX509,
	Title:   "subjectAltName is empty or does not decode",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.6"}},
	Explain: "subjectAltName holds at least one name, each of a known kind and in the form of that kind: " +
		"ASCII for host names, 4 or 16 octets for addresses. " +
		"A broken entry can spoil the good ones beside it, on Apple platforms all of its kind.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with well-formed names only; leave the extension out where there is none"}},
	InsteadOf: []string{"lint-san-dns-name", "lint-san-email"},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultAltNameSyntax, x509read.FaultAltNameEmpty, x509read.FaultGeneralNameSyntax, x509read.FaultGeneralNameTag, x509read.FaultGeneralNameString, x509read.FaultGeneralNameEmpty, x509read.FaultGeneralNameIPLength)
	}),
}
