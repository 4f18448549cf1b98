package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(anchorLeaf)

var anchorLeaf = &chain.Rule{
	ID:    "apple-anchor-leaf",
	Level: chain.LevelX509,
	Title: "item 0 itself is the trusted anchor",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c", Section: "X-27, X-28", Confidence: chain.ConfidenceTested},
	},
	Explain: "Where item 0 itself is trusted, the chain of trust has one certificate: basicConstraints, critical extensions, name constraints and SHA-1 are not examined, nor is Certificate Transparency, while name, dates, key strength and extended key usage still are. " +
		"An anchor the app adds has to keep to the limits on lifetime and key size as well; an installed one is free of them. With the next renewal the trust is gone.",
	Advice: []chain.Advice{{Who: "device owner", Text: "install the root of the CA that issues item 0, instead of item 0: it outlives renewals"}},
	Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		if !p.AnchoredLeaf() || p.Anchor.Kind == chain.Builtin {
			return nil
		}
		return []chain.Hit{{Item: p.Leaf(), AtMost: chain.Note, Message: fmt.Sprintf("{item} itself is trusted (%s): the trust ends with its renewal", string(p.Anchor.Kind)),
			Evidence: []chain.Evid{{Field: "anchor", Got: p.Leaf().Label(), Want: "a root"}}}}
	}),
}
