package stories

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestOneFaultIsOneErrorEverywhere: a single fault is at most one error in the
// other profiles and under the other kinds of anchor as well, or none there.
// Timestamps, which a built-in root asks for, are left out: most stories have none.
func TestOneFaultIsOneErrorEverywhere(t *testing.T) {
	t.Parallel()
	judged := 0
	for name, s := range load(t) {
		if len(s.Fires) != 1 {
			continue
		}
		for _, profile := range []string{"apple", "rfc"} {
			for _, kind := range []chain.AnchorKind{chain.Installed, chain.Builtin, chain.App} {
				scene := s.Scene
				scene.Profile = profile
				switch kind {
				case chain.Builtin:
					scene.Builtin, scene.Installed = append(scene.Builtin, scene.Installed...), nil
				case chain.App:
					scene.App, scene.Installed, scene.For = append(scene.App, scene.Installed...), nil, "network"
				}
				var errors []string
				own := &scene
				if kind == chain.Installed {
					own = &s.Scene
				}
				for _, f := range judgeAs(t, own, profile).Findings {
					if f.Status == chain.Broken && f.Severity == chain.Error && f.Rule != "apple-ct-missing" {
						errors = append(errors, f.Rule+": "+f.Message)
					}
				}
				if len(errors) > 1 {
					t.Errorf("%s, profile %s, anchors %s: %q", name, profile, kind, errors)
				}
				judged++
			}
		}
	}
	t.Logf("%d scenes judged", judged)
}
