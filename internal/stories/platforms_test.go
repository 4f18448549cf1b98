package stories

import (
	"testing"

	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/client"
)

// TestPlatformMatters: where Apple platforms are said to agree on a case they do.
func TestPlatformMatters(t *testing.T) {
	t.Parallel()
	e := (&rulebook.Assembly{Profile: chain.ProfileByName("apple"), Memory: memory}).Evaluator()
	agreed := 0
	for name, s := range load(t) {
		for about, scene := range map[string]*chain.Input{"story": ptr(input(t, &s.Scene)), "near miss": ptr(input(t, s.Near))} {
			c := e.Case(*scene)
			if client.PlatformMatters(c) {
				continue
			}
			agreed++
			q := scene.Question
			q.Platform = "ios26"
			want := e.Opinion(c, q).Verdict
			for _, platform := range []string{"ios17", "ios18", "macos26"} {
				q.Platform = platform
				if got := e.Opinion(c, q).Verdict; got != want {
					t.Errorf("%s, %s: %s says %s, ios26 %s", name, about, platform, got, want)
				}
			}
		}
	}
	if agreed < 100 {
		t.Errorf("only %d cases are agreed on", agreed)
	}
}

func ptr(in chain.Input) *chain.Input { return &in }
