package lint

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brEkuAny)

var brEkuAny = &chain.Rule{
	ID:      "lint-br-eku-any",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "extKeyUsage has anyExtendedKeyUsage",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "sections 7.1.2.7.10 and 7.1.2.10.6"}},
	Explain: "anyExtendedKeyUsage undoes the list it stands in: the key may be used for everything again. " +
		"Public CAs must not put it into a server's certificate.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with extendedKeyUsage=serverAuth alone", Issue: &chain.Issuing{Anew: true}}},
	Check:  chain.PerCertificate(checkEKUAny),
}

func checkEKUAny(it *chain.Item, at chain.Place) []chain.Hit {
	if !at.Leaf || !slices.Contains(it.Cert.ExtKeyUsage, x509read.OIDAnyExtKeyUsage) {
		return nil
	}
	return one(it, "extKeyUsage of {item} has anyExtendedKeyUsage", "extKeyUsage", "anyExtendedKeyUsage", "serverAuth")
}
