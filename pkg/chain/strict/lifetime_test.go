package strict

import (
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestLifetime: one second on either side, and under a root that was installed.
func TestLifetime(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	rule := Rules()[indexOf(t, "strict-lifetime")]
	for _, tt := range []struct {
		about string
		store string
		kind  chain.AnchorKind
		life  time.Duration
		fires bool
	}{
		{"398 days", "chrome", chain.Builtin, 398 * day, false},
		{"a second more", "chrome", chain.Builtin, 398*day + time.Second, true},
		{"under an installed root", "chrome", chain.Installed, 900 * day, false},
		{"another store", "mozilla", chain.Builtin, 900 * day, false},
	} {
		root := &chain.Item{Cert: lasting(t, now, 9000*day), Anchor: &chain.Anchor{Kind: tt.kind}}
		p := &chain.Path{Items: []*chain.Item{{Cert: lasting(t, now, tt.life)}, root}, End: chain.Anchored, Anchor: root.Anchor}
		c := &chain.Case{Anchors: chain.NewAnchors(chain.StoreInfo{Name: tt.store})}
		if hits := rule.Check.(chain.PerPath)(c, p); (len(hits) > 0) != tt.fires {
			t.Errorf("%s: %+v", tt.about, hits)
		}
	}
}

func indexOf(t *testing.T, id string) int {
	t.Helper()
	for i, r := range Rules() {
		if r.ID == id {
			return i
		}
	}
	t.Fatal(id)
	return 0
}
