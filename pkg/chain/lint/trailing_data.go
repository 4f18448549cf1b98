package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(trailingData)

var trailingData = &chain.Rule{
	ID:      "lint-trailing-data",
	Level:   chain.LevelX509,
	Title:   "there are octets where the certificate should end",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.1"}},
	Explain: "Nothing may follow the last field of a structure. " +
		"Extra octets inside what is signed are a sign of faulty software at the CA; some readers skip them and others take the whole certificate for damaged.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again; where the octets follow the certificate in a file, cut them off"}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultTrailingOuter, x509read.FaultTrailingTBS, x509read.FaultTrailingField)
	}),
}
