package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(ctSingleOperator)

var ctSingleOperator = &chain.Rule{
	ID:    "apple-ct-single-operator",
	Level: chain.LevelX509,
	Title: "the SCTs come from too few log operators",
	Sources: []chain.Source{
		{Doc: "Apple 103214, CT policy 1.0", Section: "C-07", Confidence: chain.ConfidenceDocument},
	},
	Explain: "Apple's policy of 2025 counts one SCT per log operator for certificates of up to 180 days and two for longer ones, and wants at least one from a log of the RFC 6962 kind, so that one operator's failure cannot hide a certificate. " +
		"Apple's code of release 26.0 does not look at operators yet; a later release may refuse what passes today.",
	Advice:   []chain.Advice{{Who: "CA", Text: "embed SCTs of logs of at least two operators"}},
	Apple:    chain.AppleError{Class: chain.ClassCompliance, Sec: -67825},
	Needs:    ctNeeded,
	Instants: chain.AtValidity,
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if !ctEnforced(c, p) {
			return nil
		}
		n := count(c, p)
		if !n.compliant {
			return nil
		}
		counted, classic, names := n.operators(p.Leaf())
		needed := min(n.needed, 3)
		if counted >= needed && classic {
			return nil
		}
		h := chain.Hit{Item: p.Leaf(), AtMost: chain.Warning, Evidence: []chain.Evid{{Field: "log operators", Got: names, Want: "two or more"}}}
		if counted < needed {
			h.Message = fmt.Sprintf("%d SCTs of {item} count by operator, the policy of 2025 asks for %d", counted, needed)
		} else {
			h.Message = "no SCT of {item} is of a log of the RFC 6962 kind, which the policy of 2025 asks for"
		}
		return []chain.Hit{h}
	}),
}

// operators counts SCTs with at most one per operator up to 180 days, two
// beyond; classic: one is of an RFC 6962 log.
func (n *ctCount) operators(leaf *chain.Item) (counted int, classic bool, names string) {
	most := 2
	if d, ok := chain.Lifetime(leaf.Cert); ok && d <= 180*chain.Day {
		most = 1
	}
	per := map[string]int{}
	seen := map[[32]byte]bool{}
	for _, d := range n.all {
		if !d.now && !d.retiredLog || seen[d.sct.LogID] {
			continue
		}
		seen[d.sct.LogID] = true
		classic = classic || !d.log.Tiled
		if per[d.log.Operator] == 0 {
			if names != "" {
				names += ", "
			}
			names += d.log.Operator
		}
		if per[d.log.Operator]++; per[d.log.Operator] <= most {
			counted++
		}
	}
	return counted, classic, names
}
