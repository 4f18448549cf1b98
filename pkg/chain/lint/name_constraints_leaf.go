package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(nameConstraintsLeaf)

var nameConstraintsLeaf = &chain.Rule{
	ID:      "lint-name-constraints-leaf",
	Level:   chain.LevelX509,
	Title:   "{item} has nameConstraints and is no CA's",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.10"}},
	Explain: "nameConstraints restricts the names a CA may issue for. " +
		"A certificate that issues nothing must not have it: there is nothing below that it could restrict.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again without nameConstraints", Issue: &chain.Issuing{Anew: true}}},
	Check:  chain.PerCertificate(checkNameConstraintsLeaf),
}

func checkNameConstraintsLeaf(it *chain.Item, at chain.Place) []chain.Hit {
	if it.Cert.IsCA() || !at.Leaf || it.Cert.Extension(x509read.OIDExtNameConstraints) == nil {
		return nil
	}
	return one(it, "{item} has nameConstraints and is no CA's", "nameConstraints", "present", "none")
}
