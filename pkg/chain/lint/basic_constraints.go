package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(basicConstraintsRule)

var basicConstraintsRule = &chain.Rule{
	ID:      "lint-basic-constraints",
	Level:   chain.LevelX509,
	Title:   "basicConstraints does not decode",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.9"}},
	Explain: "basicConstraints says whether the certificate may issue others and how long a chain below it may be. " +
		"The extension is there, but what it says cannot be made out, so the chain of trust cannot be allowed to pass through it.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with basicConstraints=critical,CA:TRUE or CA:FALSE", Issue: &chain.Issuing{Anew: true}}},
	InsteadOf: []string{"lint-cert-sign-without-ca"},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultBasicConstraintsSyntax, x509read.FaultPathLenNegative)
	}),
}
