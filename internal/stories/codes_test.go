package stories

import (
	"slices"
	"strconv"
	"testing"

	"github.com/chainspect/chainspect/internal/explain"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
)

// TestPrintedCodesLeadBack: whoever looks a printed code up finds the rule that
// printed it.
func TestPrintedCodesLeadBack(t *testing.T) {
	t.Parallel()
	rules := slices.Concat(rulebook.Books()...)
	all := allRules(t)
	printed := 0
	for name, s := range load(t) {
		findings := judge(t, &s.Scene).Findings
		for _, f := range findings {
			if f.Codes == nil || f.Status != chain.Broken {
				continue
			}
			for _, code := range []int{f.Codes.Sec, f.Codes.URL, f.Codes.SSL} {
				if code == 0 {
					continue
				}
				printed++
				var ids []string
				for _, m := range explain.Find(strconv.Itoa(code)) {
					ids = append(ids, m.Rules...)
				}
				for _, r := range explain.Printing(strconv.Itoa(code), rules) {
					ids = append(ids, r.ID)
				}
				// A rule that stands instead of what follows from a mistake has the code of that.
				of := append([]string{f.Rule}, all[f.Rule].InsteadOf...)
				// One that says to replace an item has the code of what is wrong with it, a note beside it.
				for _, x := range findings {
					if f.Item != nil && x.Item != nil && *x.Item == *f.Item && x.Severity == chain.Note {
						of = append(of, x.Rule)
					}
				}
				if !slices.ContainsFunc(of, func(id string) bool { return slices.Contains(ids, id) }) {
					t.Errorf("%s: %s prints %d, which does not lead to it", name, f.Rule, code)
				}
			}
		}
	}
	if printed < 200 {
		t.Errorf("only %d codes were printed", printed)
	}
}
