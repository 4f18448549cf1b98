package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(inhibitAnyPolicyCritical)

var inhibitAnyPolicyCritical = &chain.Rule{
	ID:      "lint-inhibit-any-policy-critical",
	Level:   chain.LevelX509,
	Title:   "inhibitAnyPolicy is not critical",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.14"}},
	Explain: "inhibitAnyPolicy says from where on anyPolicy no longer stands for every policy. " +
		"A client that may skip it would accept what the CA wanted to rule out, so the extension must be critical.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with inhibitAnyPolicy=critical,0", Issue: &chain.Issuing{With: []string{"inhibitAnyPolicy=critical,0"}}}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return critical(it, x509read.OIDExtInhibitAnyPolicy, true)
	}),
}
