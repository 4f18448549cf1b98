package rulebook

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestWhatIsUnknownIsAnErrorThatNamesTheNearOne(t *testing.T) {
	_, profile := Profile("Apple", chain.PurposeServer)
	for _, tt := range []struct {
		err  error
		want string
	}{
		{profile, "did you mean apple?"},
		{Platform("ios28"), "did you mean ios"},
		{Platform("maco15"), "did you mean macos15?"},
		{Platform("ios19"), "write ios9 to ios18"},
		{Choose("aple", "apple", "mozilla"), "did you mean apple?"},
		{Choose("nonsense", "apple", "mozilla"), "write apple or mozilla"},
	} {
		if tt.err == nil || !strings.Contains(tt.err.Error(), tt.want) {
			t.Errorf("%v, want %q", tt.err, tt.want)
		}
	}
	for _, name := range []string{"", "ios9", "ios26", "ios18.4", "macos15", "tvos18", "watchos11", "visionos2", "visionos27"} {
		if err := Platform(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestProfilesByPurpose(t *testing.T) {
	for purpose, want := range map[chain.Purpose]string{chain.PurposeServer: "apple", chain.PurposeClient: "rfc", "": "apple"} {
		if p, err := Profile("", purpose); err != nil || p.Name != want {
			t.Errorf("purpose %q: %v, %v", purpose, p, err)
		}
	}
	for _, p := range chain.Profiles() {
		if s := Store(p); s == nil || s.Len() == 0 {
			t.Errorf("profile %s has no trust store", p.Name)
		}
	}
}

func TestRulesAreFound(t *testing.T) {
	ids := RuleIDs()
	if len(ids) < 200 {
		t.Errorf("%d rules", len(ids))
	}
	for _, id := range ids {
		if r := Rule(id); r == nil || r.ID != id {
			t.Errorf("%s is not found", id)
		}
	}
	if r := Rule("basic-nothing"); r != nil {
		t.Errorf("there is a rule %s", r.ID)
	}
}
