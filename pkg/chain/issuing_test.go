package chain

import (
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// TestEndOfWhatIsIssued: a report promises no longer trust than its own command gives:
// the trial leaves the old certificate's end.
func TestEndOfWhatIsIssued(t *testing.T) {
	now := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	leaf, ca := &Item{Origin: OriginFile, Cert: new(x509read.Certificate)}, &Item{Origin: OriginFile, Cert: new(x509read.Certificate)}
	c := &Case{Capture: &Capture{}, Items: []*Item{leaf, ca}, Question: Question{Time: now}}
	in := func(days int) *time.Time { at := now.AddDate(0, 0, days); return &at }
	for _, k := range []struct {
		name  string
		issue *Issuing
		of    *Item
		until *time.Time
		want  *time.Time
	}{
		{"longer than the command's 90 days", &Issuing{}, leaf, in(300), in(90)},
		{"than the days it names", &Issuing{Days: 200}, leaf, in(300), in(200)},
		{"something else ends before", &Issuing{}, leaf, in(40), in(40)},
		{"no command", nil, leaf, in(300), in(300)},
		{"not trusted then", &Issuing{}, leaf, nil, nil},
	} {
		got := k.issue.ends(c, k.of, k.until)
		if (got == nil) != (k.want == nil) || got != nil && !got.Equal(*k.want) {
			t.Errorf("%s: %v, want %v", k.name, got, k.want)
		}
	}
	if got := (&Issuing{}).ends(c, ca, in(3000)); !got.Equal(*in(3000)) {
		t.Errorf("an intermediate: %v", got)
	}
}
