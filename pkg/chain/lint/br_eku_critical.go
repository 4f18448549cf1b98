package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brEkuCritical)

var brEkuCritical = &chain.Rule{
	ID:      "lint-br-eku-critical",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "extKeyUsage of item 0 is critical",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.2.7.6"}},
	Explain: "In a server's certificate extKeyUsage must not be marked critical. " +
		"RFC 5280 leaves the choice to the CA; public CAs have none, so that all their certificates are read alike.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with extendedKeyUsage=serverAuth, without critical", Issue: &chain.Issuing{Anew: true}}},
	Check:  chain.PerCertificate(checkEKUCritical),
}

func checkEKUCritical(it *chain.Item, at chain.Place) []chain.Hit {
	if !at.Leaf {
		return nil
	}
	return critical(it, x509read.OIDExtExtKeyUsage, false)
}
