package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(keyIdSyntax)

var keyIdSyntax = &chain.Rule{
	ID:      "lint-key-id-syntax",
	Level:   chain.LevelX509,
	Title:   "a key identifier does not decode",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "sections 4.2.1.1 and 4.2.1.2"}},
	Explain: "Key identifiers tell apart CA certificates of the same name, so that the chain is built with the right one. " +
		"Here one is empty, unreadable, or names the issuer without its serial number, and the builder has to try.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with subjectKeyIdentifier=hash and authorityKeyIdentifier=keyid", Issue: &chain.Issuing{With: []string{"subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid"}}}},
	InsteadOf: []string{"lint-aki-missing", "lint-br-aki-shape", "lint-br-root-aki"},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultSubjectKeyIDSyntax, x509read.FaultSubjectKeyIDEmpty, x509read.FaultAuthorityKeyIDSyntax, x509read.FaultAuthorityKeyIDEmpty, x509read.FaultAuthorityKeyIDPair)
	}),
}
