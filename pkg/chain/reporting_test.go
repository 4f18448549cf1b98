package chain

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

func TestLongTextsAreCutWithTheirLength(t *testing.T) {
	for _, tc := range []struct {
		text, want string
	}{
		{"short", "short"}, {strings.Repeat("a", 10), strings.Repeat("a", 10)},
		{strings.Repeat("a", 5_000_000), strings.Repeat("a", 10) + "… (5000000 characters)"},
		{strings.Repeat("ü", 6), "üüüüü… (6 characters)"}, {"123456789ü", "123456789… (10 characters)"},
	} {
		if got := x509read.Shortened(tc.text, 10); got != tc.want {
			t.Errorf("%.20s: %.60q, want %q", tc.text, got, tc.want)
		}
	}
	if got := shortEvidence(nil); got == nil {
		t.Error("no evidence is null in JSON")
	}
}
