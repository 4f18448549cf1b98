package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(policyConstraints)

var policyConstraints = &chain.Rule{
	ID:      "lint-policy-constraints",
	Level:   chain.LevelX509,
	Title:   "policyConstraints is empty or does not decode",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.11"}},
	Explain: "policyConstraints demands policies from some certificate of the chain on, or forbids mapping them; at least one of the two has to be in it. " +
		"An empty one is forbidden, since nobody can say what it was to achieve.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with policyConstraints=critical,requireExplicitPolicy:0, or without the extension"}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultPolicyConstraintsSyntax, x509read.FaultPolicyConstraintsEmpty, x509read.FaultInhibitAnyPolicySyntax)
	}),
}
