package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(akiCritical)

var akiCritical = &chain.Rule{
	ID:      "lint-aki-critical",
	Level:   chain.LevelX509,
	Title:   "authorityKeyIdentifier is critical",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.1"}},
	Explain: "authorityKeyIdentifier is a hint for building the chain, so it must not be marked critical. A client that does not use hints would have to refuse the certificate.",
	Advice:  []chain.Advice{{Who: "CA", Text: "issue {item} again with authorityKeyIdentifier=keyid, without critical", Issue: &chain.Issuing{With: []string{"authorityKeyIdentifier=keyid"}}}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return critical(it, x509read.OIDExtAuthorityKeyID, false)
	}),
}
