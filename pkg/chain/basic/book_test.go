package basic

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestBook: a rule without title, source, explanation or remedy is not one.
func TestBook(t *testing.T) {
	seen := map[string]string{}
	for _, r := range Rules() {
		if !strings.HasPrefix(r.ID, "basic-") || r.Level != chain.LevelX509 || r.Check == nil || len(r.Sources) == 0 {
			t.Errorf("%s: incomplete", r.ID)
		}
		if r.Title == "" || len([]rune(r.Title)) > 60 || strings.HasSuffix(r.Title, ".") {
			t.Errorf("%s: title %q", r.ID, r.Title)
		}
		if len(r.Advice) == 0 {
			t.Errorf("%s: no remedy", r.ID)
		}
		if n := strings.Count(r.Explain, ". ") + 1; n < 2 {
			t.Errorf("%s: the explanation has %d sentence", r.ID, n)
		}
		if other := seen[r.Explain]; other != "" {
			t.Errorf("%s has the explanation of %s", r.ID, other)
		}
		seen[r.Explain] = r.ID
		if seen[r.ID] != "" {
			t.Errorf("%s stands in the book twice", r.ID)
		}
		seen[r.ID] = r.ID
	}
}
