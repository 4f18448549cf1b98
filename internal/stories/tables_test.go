package stories

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// The level that passes by Certificate Transparency says which list of logs counted,
// how old it is and where it came from.
func TestTheListOfLogsIsNamed(t *testing.T) {
	t.Parallel()
	all := scenes(t)
	enough, few := all["apple-ct-missing, near miss"], all["apple-ct-missing"]
	reason := func(in chain.Input, at string) string {
		e := assembled(t, enough, in, chain.NewMemory(1<<10), false)
		for _, l := range e.Evaluate(in).Levels {
			if l.Level == chain.LevelX509 {
				return l.Reason
			}
		}
		t.Fatalf("%s: level 1 was not judged", at)
		return ""
	}
	given := input(t, enough)
	list := func(in *chain.Input) *chain.Evidence {
		i := slices.IndexFunc(in.Capture.Evidence, func(e chain.Evidence) bool { return e.Kind == chain.EvidenceCTList })
		return &in.Capture.Evidence[i]
	}
	if got := reason(given, "given"); !strings.Contains(got, "SCTs counted after the logs of the story 1.0 of 2018-01-01, 3073 days old (given)") {
		t.Errorf("given: %q", got)
	}
	updated := input(t, enough)
	e := list(&updated)
	e.Origin, e.Source = chain.OriginUpdated, "apple"
	e.Data = bytes.Replace(bytes.Replace(e.Data, []byte(`"1.0"`), []byte(`"999"`), 1), []byte("2018-01-01"), []byte("2026-05-01"), 1)
	if got := reason(updated, "updated"); !strings.Contains(got, "SCTs counted after Apple's list 999 of 2026-05-01 (from chainspect update)") {
		t.Errorf("updated: %q", got)
	}
	if got := reason(input(t, few), "too few"); strings.Contains(got, "SCTs counted after") {
		t.Errorf("too few: %q", got)
	}
}
