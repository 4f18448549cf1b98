package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(policyConstraintsCritical)

var policyConstraintsCritical = &chain.Rule{
	ID:      "lint-policy-constraints-critical",
	Level:   chain.LevelX509,
	Title:   "policyConstraints is not critical",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.11"}},
	Explain: "policyConstraints takes rights away from the CAs below, so every client has to take note of it. Only an extension that is marked critical makes sure of that.",
	Advice:  []chain.Advice{{Who: "CA", Text: "issue {item} again with policyConstraints=critical,requireExplicitPolicy:0 in openssl.cnf", Issue: &chain.Issuing{With: []string{"policyConstraints=critical,requireExplicitPolicy:0"}}}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return critical(it, x509read.OIDExtPolicyConstraints, true)
	}),
}
