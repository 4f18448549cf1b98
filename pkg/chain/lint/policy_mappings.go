package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(policyMappings)

var policyMappings = &chain.Rule{
	ID:      "lint-policy-mappings",
	Level:   chain.LevelX509,
	Title:   "policyMappings maps anyPolicy, is empty or malformed",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.5"}},
	Explain: "A CA may declare that another CA's policy equals its own, policy by policy. anyPolicy must not be mapped from or to: that would equate everything with everything and end all control by policies in the chain.",
	Advice:  []chain.Advice{{Who: "CA", Text: "issue {item} again with explicit pairs of policies"}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultPolicyMappingsSyntax, x509read.FaultPolicyMappingsEmpty, x509read.FaultPolicyMappingAny)
	}),
}
