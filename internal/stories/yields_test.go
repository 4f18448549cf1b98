package stories

import (
	"testing"

	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
)

// TestInsteadOfWithoutCircle: two rules that each stand instead of the other
// would both be silent, and what is broken would count as good.
func TestInsteadOfWithoutCircle(t *testing.T) {
	rules := map[string]*chain.Rule{}
	for _, book := range rulebook.Books() {
		for _, r := range book {
			rules[r.ID] = r
		}
	}
	for id, r := range rules {
		seen := map[string]bool{}
		var walk func(at *chain.Rule, way string)
		walk = func(at *chain.Rule, way string) {
			for _, next := range at.InsteadOf {
				switch {
				case next == id:
					t.Errorf("%s > %s", way, next)
				case rules[next] == nil:
					t.Errorf("%s stands instead of %s, which is no rule", at.ID, next)
				case !seen[next]:
					seen[next] = true
					walk(rules[next], way+" > "+next)
				}
			}
		}
		walk(r, id)
	}
}
