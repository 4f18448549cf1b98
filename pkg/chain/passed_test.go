package chain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestPassed: only a rule that had something to look at, on a level that
// applies, is listed as passed.
func TestPassed(t *testing.T) {
	m := fixture(t)
	in := input(m, chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed)), "leaf", "ca")
	good := chain.PerList(func(*chain.Case) []chain.Hit { return nil })
	bad := chain.PerList(func(*chain.Case) []chain.Hit { return []chain.Hit{{Message: "bad"}} })
	has := func(yes bool) func(*chain.Case) bool { return func(*chain.Case) bool { return yes } }
	e := chain.NewEvaluator(profile(chain.Grade{Prefix: "test-public", Severity: chain.Warning, BuiltinOnly: true}), chain.NewMemory(8), chain.Book{
		{ID: "test-good", Level: chain.LevelX509, Check: good},
		{ID: "test-bad", Level: chain.LevelX509, Check: bad},
		{ID: "test-has", Level: chain.LevelX509, Check: good, Needs: has(true)},
		{ID: "test-lacks", Level: chain.LevelX509, Check: bad, Needs: has(false)},
		{ID: "test-void", Level: chain.LevelName, Check: good},
		{ID: "test-late", Level: chain.LevelATS, Check: good},
		{ID: "test-identity", Level: chain.LevelX509, Check: chain.PerIdentity(func(*chain.Case, *chain.Identity) []chain.Hit { return nil })},
		{ID: "test-public", Level: chain.LevelX509, Check: chain.PerLeaf(func(*chain.Case, *chain.Item) []chain.Hit { return nil })},
		{ID: "test-later", Level: chain.LevelX509, Check: good, Applies: chain.Applies{JudgedFrom: clock.Add(time.Second)}},
		{ID: "test-issued", Level: chain.LevelX509, Applies: chain.Applies{IssuedFrom: clock}, Check: chain.PerLeaf(func(*chain.Case, *chain.Item) []chain.Hit { return nil })},
	})
	e.Hooks[chain.LevelName] = chain.LevelHook{Applies: func(*chain.Case) (bool, string) { return false, "no name" }}
	if r := e.Evaluate(in); r.Passed != nil {
		t.Errorf("passed %q without being asked for", r.Passed)
	}
	e.Verbose = true
	r := e.Evaluate(in)
	if got := strings.Join(r.Passed, " "); got != "test-good test-has test-late" {
		t.Errorf("passed: %q", got)
	}
	if severityOf(r, "test-lacks") != "" {
		t.Error("a rule was asked that has nothing to look at")
	}
}
