package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(nameConstraintsRule)

var nameConstraintsRule = &chain.Rule{
	ID:      "lint-name-constraints",
	Level:   chain.LevelX509,
	Title:   "nameConstraints is empty or does not decode",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.10"}, {Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.2.5.2"}},
	Explain: "A CA whose names are restricted has to say to which: at least one subtree has to be there. " +
		"An extension that names none, or cannot be read, looks like a restriction and restricts nothing.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with nameConstraints=critical,permitted;DNS:example.com, or without the extension"}},
	InsteadOf: []string{"lint-name-constraints-leaf"},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultNameConstraintsSyntax, x509read.FaultNameConstraintsEmpty)
	}),
}
