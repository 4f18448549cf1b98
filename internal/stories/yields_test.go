package stories

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// TestUnreadFieldsAreReported: what a rule reads, and is silent about where it
// could not be read, is another rule's finding.
func TestUnreadFieldsAreReported(t *testing.T) {
	var reported x509read.Fields
	for _, book := range rulebook.Books() {
		for _, r := range book {
			reported |= r.Reports
		}
	}
	for _, book := range rulebook.Books() {
		for _, r := range book {
			if r.Reads&^reported != 0 {
				t.Errorf("%s reads fields that no rule reports as unread: %b", r.ID, r.Reads&^reported)
			}
		}
	}
}

// TestYieldsWithoutCircle: two rules that each leave the other to explain a
// fault would both be silent, and what is broken would count as good.
func TestYieldsWithoutCircle(t *testing.T) {
	rules := map[string]*chain.Rule{}
	for _, book := range rulebook.Books() {
		for _, r := range book {
			rules[r.ID] = r
		}
	}
	yields := map[string][]string{}
	for id, r := range rules {
		for _, pattern := range r.YieldsTo {
			prefix, all := strings.CutSuffix(pattern, "*")
			for other := range rules {
				if other != id && (other == pattern || all && strings.HasPrefix(other, prefix)) {
					yields[id] = append(yields[id], other)
				}
			}
		}
	}
	for id := range rules {
		seen := map[string]bool{}
		var walk func(at, way string)
		walk = func(at, way string) {
			for _, next := range yields[at] {
				switch {
				case next == id:
					t.Errorf("%s > %s", way, next)
				case !seen[next]:
					seen[next] = true
					walk(next, way+" > "+next)
				}
			}
		}
		walk(id, id)
	}
}
