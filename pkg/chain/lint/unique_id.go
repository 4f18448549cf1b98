package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(uniqueId)

var uniqueId = &chain.Rule{
	ID:      "lint-unique-id",
	Level:   chain.LevelX509,
	Title:   "the certificate has a unique identifier",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.1.2.8"}},
	Explain: "Unique identifiers were meant for names that are given to somebody else later; the Internet's profile forbids CAs to write them and gives names only once. " +
		"Few readers do anything with the field, and what they do differs.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again without issuerUniqueID and subjectUniqueID", Issue: &chain.Issuing{}}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultUniqueID, x509read.FaultUniqueIDSyntax)
	}),
}
