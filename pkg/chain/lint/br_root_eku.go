package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brRootEku)

var brRootEku = &chain.Rule{
	ID:      "lint-br-root-eku",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "{item} is a root and has extKeyUsage",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.2.1.2"}},
	Explain: "What a root may be used for is decided by the store that holds it, not by the root: its certificate must not have extKeyUsage. " +
		"Clients that look at the purposes of the anchor would judge the same chain of trust differently from those that do not.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again without extendedKeyUsage and restrict the intermediates instead"}},
	Check:  chain.PerItem(checkRootEKU),
}

func checkRootEKU(c *chain.Case, it *chain.Item, at chain.Place) []chain.Hit {
	if at.Leaf || it.Cert.Extension(x509read.OIDExtExtKeyUsage) == nil || !isRoot(c, it, at) {
		return nil
	}
	return one(it, "{item} is a root and has extKeyUsage", "extKeyUsage", "present", "none")
}
