package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(policies)

var policies = &chain.Rule{
	ID:      "lint-policies",
	Level:   chain.LevelX509,
	Title:   "certificatePolicies is malformed or repeats a policy",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.4"}},
	Explain: "Each policy a certificate was issued under is listed once, and the list is not empty. " +
		"Software that works with policies builds a tree from it for the whole chain; a repeated entry makes that tree ambiguous.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with every policy once"}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultPoliciesSyntax, x509read.FaultPoliciesEmpty, x509read.FaultPolicyDuplicate)
	}),
}
