package chain_test

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestNothingToTrust: where level 1 does not apply it does not count, and the
// headline says that there is nothing to trust, unless a level fails.
func TestNothingToTrust(t *testing.T) {
	m := fixture(t)
	in := input(m, chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed)), "leaf", "ca")
	for name, tc := range map[string]struct {
		fails, applies bool
		verdict        chain.Verdict
		nothing        bool
		headline       string
	}{
		"a chain":           {false, true, chain.Trusted, false, "trusted, name not judged"},
		"no chain":          {false, false, chain.Trusted, true, "nothing to trust: clear text"},
		"no chain, refused": {true, false, chain.Untrusted, false, "not trusted: refused (level 3)"},
	} {
		e := chain.NewEvaluator(profile(), chain.NewMemory(8), chain.Book{
			{ID: "test-x509", Level: chain.LevelX509, Check: chain.PerList(func(*chain.Case) []chain.Hit { return nil })},
			{ID: "test-ats", Level: chain.LevelATS, Check: chain.PerList(func(*chain.Case) []chain.Hit {
				if tc.fails {
					return []chain.Hit{{Message: "refused"}}
				}
				return nil
			})},
		})
		e.Hooks[chain.LevelX509] = chain.LevelHook{Applies: func(*chain.Case) (bool, string) { return tc.applies, "clear text" }}
		r := e.Evaluate(in)
		if r.Verdict != tc.verdict || r.Headline != tc.headline || r.NothingToTrust() != tc.nothing {
			t.Errorf("%s: %s, %q", name, r.Verdict, r.Headline)
		}
	}
}

// TestUnknownLevelSaysWhy: the reason of a level that could not be told is what
// could not be told; a level that fails has its findings.
func TestUnknownLevelSaysWhy(t *testing.T) {
	m := fixture(t)
	in := input(m, chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed)), "leaf", "ca")
	open, broken := chain.Hit{Status: chain.Unknown, Message: "no answer came"}, chain.Hit{Message: "refused"}
	for want, hits := range map[string][]chain.Hit{"unknown: no answer came": {open}, "fail: ": {open, broken}, "pass: ": nil} {
		e := chain.NewEvaluator(profile(), chain.NewMemory(8), chain.Book{
			{ID: "test-answer", Level: chain.LevelIdentity, Check: chain.PerList(func(*chain.Case) []chain.Hit { return hits })},
		})
		for _, l := range e.Evaluate(in).Levels {
			if got := string(l.Verdict) + ": " + l.Reason; l.Level == chain.LevelIdentity && got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
	}
}

// TestLevelWithoutRules: a level that no rule was asked of does not apply.
func TestLevelWithoutRules(t *testing.T) {
	m := fixture(t)
	in := input(m, chain.NewAnchors(chain.StoreInfo{}, anchor(m, "root", chain.Installed)), "leaf", "ca")
	e := chain.NewEvaluator(profile(), chain.NewMemory(8), chain.Book{
		{ID: "test-x509", Level: chain.LevelX509, Check: chain.PerList(func(*chain.Case) []chain.Hit { return nil })},
	})
	for _, l := range e.Evaluate(in).Levels {
		want := chain.NotApplicable
		if l.Level == chain.LevelX509 {
			want = chain.Pass
		}
		if l.Verdict != want {
			t.Errorf("level %s: %s (%s), want %s", l.Level, l.Verdict, l.Reason, want)
		}
	}
}

func TestStatusLine(t *testing.T) {
	for sentence, want := range map[string]string{
		"": "HTTP 403", "Forbidden": "HTTP 403 Forbidden", "403 Forbidden": "HTTP 403 Forbidden", "403": "HTTP 403", "4030 errors": "HTTP 403 4030 errors",
	} {
		if got := chain.StatusLine(403, sentence); got != want {
			t.Errorf("%q: %q, want %q", sentence, got, want)
		}
	}
}
