package strict

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(depth)

var depth = &chain.Rule{
	ID:       "strict-depth",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "more intermediates on the path than some clients follow",
	Sources:  []chain.Source{{Doc: "mozilla::pkix", Section: "BuildForward, MAX_SUBCA_COUNT"}, {Doc: "RFC 5280", Section: "section 6.1"}},
	Explain:  "RFC 5280 sets no limit to the length of a path. Firefox follows at most six intermediates and says beyond that that the issuer is unknown; other clients follow more.",
	Advice:   []chain.Advice{{Who: "CA", Text: "issue item 0 nearer to the root; two intermediates are plenty"}},
	Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		n := len(p.Items) - 2
		if p.End != chain.Anchored || n <= 4 {
			return nil
		}
		return []chain.Hit{{Message: fmt.Sprintf("the path has %d intermediates", n), Kinds: []string{"intermediates"}, Measure: n,
			Evidence: []chain.Evid{{Field: "intermediates", Got: fmt.Sprint(n), Want: "at most 4, which every client follows"}}}}
	}),
}
