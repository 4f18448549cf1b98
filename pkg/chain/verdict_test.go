package chain_test

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestNothingToTrust: where level 1 does not apply the verdict is unknown, unless
// a level fails.
func TestNothingToTrust(t *testing.T) {
	m := fixture(t)
	in := input(m, chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed)), "leaf", "ca")
	for name, tc := range map[string]struct {
		fails, applies bool
		verdict        chain.Verdict
		headline       string
	}{
		"a chain":           {false, true, chain.Trusted, "trusted"},
		"no chain":          {false, false, chain.Undecided, "nothing to trust: clear text"},
		"no chain, refused": {true, false, chain.Untrusted, "not trusted: level 3 (App Transport Security) fails"},
	} {
		e := chain.NewEvaluator(profile(), chain.NewMemory(8), chain.Book{
			{ID: "test-ats", Level: chain.LevelATS, Check: chain.PerList(func(*chain.Case) []chain.Hit {
				if tc.fails {
					return []chain.Hit{{Message: "refused"}}
				}
				return nil
			})},
		})
		e.Hooks[chain.LevelX509] = chain.LevelHook{Applies: func(*chain.Case) (bool, string) { return tc.applies, "clear text" }}
		r := e.Evaluate(in)
		if r.Verdict != tc.verdict || r.Headline != tc.headline || r.NothingToTrust() != (tc.verdict == chain.Undecided) {
			t.Errorf("%s: %s, %q", name, r.Verdict, r.Headline)
		}
	}
}
