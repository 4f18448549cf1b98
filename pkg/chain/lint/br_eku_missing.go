package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brEkuMissing)

var brEkuMissing = &chain.Rule{
	ID:      "lint-br-eku-missing",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "item 0 has no extKeyUsage",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.2.7.6"}},
	Explain: "A public CA has to say in extKeyUsage that the certificate is for TLS servers. " +
		"Without the extension the key may be used for every purpose, which RFC 5280 allows, and which no server needs; " +
		"Apple platforms want serverAuth under their own roots too.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with extendedKeyUsage=serverAuth", Issue: &chain.Issuing{Anew: true}}},
	Reads:  x509read.FieldExtKeyUsage,
	Check:  chain.PerCertificate(checkEKUMissing),
}

func checkEKUMissing(it *chain.Item, at chain.Place) []chain.Hit {
	if !at.Leaf || it.Cert.Extension(x509read.OIDExtExtKeyUsage) != nil {
		return nil
	}
	return one(it, "{item} has no extKeyUsage", "extKeyUsage", "none", "serverAuth")
}
