package fleet

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Summary sums up what the answers of a run have in common: faults, issuers of
// leaves, and the weeks in which trust ends.
type Summary struct {
	Answers, Trusted, Untrusted, Unknown, NotInspected int

	faults, issuers, weeks counts
}

// counts counts by a name. What comes after maxNames is counted under others, so
// that memory stays flat whatever the certificates say.
type counts map[string]int

const (
	maxNames = 4096
	others   = "others"
)

func (c *counts) add(name string) {
	if *c == nil {
		*c = counts{}
	}
	if _, known := (*c)[name]; !known && len(*c) >= maxNames {
		name = others
	}
	(*c)[name]++
}

// Report adds the report of a target; the parts of one target count once.
func (s *Summary) Report(r *chain.Report) {
	s.Answer(&Answer{ID: r.ID, Target: r.Target, Part: r.Part, Verdict: r.Verdict, Findings: r.Findings, Items: r.Items, Good: r.GoodUntil})
}

// Failure adds a target that was not inspected.
func (s *Summary) Failure(f *chain.Failure) { s.Answer(&Answer{Target: f.Target, Error: &f.Error}) }

// Answer adds an answer of this run or of an earlier one.
func (s *Summary) Answer(a *Answer) {
	if a.Part > 1 {
		return
	}
	s.Answers++
	switch {
	case a.Error != nil:
		s.NotInspected++
		s.faults.add("not inspected: " + string(a.Error.Kind))
		return
	case a.Verdict == chain.Trusted:
		s.Trusted++
	case a.Verdict == chain.Untrusted:
		s.Untrusted++
	default:
		s.Unknown++
	}
	seen := map[string]bool{}
	for i := range a.Findings {
		f := &a.Findings[i]
		if counts := f.Severity == chain.Error && f.Status != chain.Waived; counts && !seen[f.Rule] {
			seen[f.Rule] = true
			s.faults.add(f.Rule)
		}
	}
	if i := slices.IndexFunc(a.Items, func(it chain.ItemReport) bool { return it.Index == 0 }); i >= 0 && a.Items[i].Issuer != "" {
		s.issuers.add(a.Items[i].Issuer)
	}
	if a.Good != nil {
		s.weeks.add(week(a.Good.Time))
	}
}

// week names the week of an instant by its Monday, which sorts by time.
func week(t time.Time) string {
	t = t.UTC()
	return "week of " + t.AddDate(0, 0, -(int(t.Weekday())+6)%7).Format(time.DateOnly)
}

// shown is how many lines of each part are printed.
const shown = 10

// Sentence counts the answers, as the end of a text report does.
func (s *Summary) Sentence() string {
	t := fmt.Sprintf("%d targets: %d trusted, %d not trusted", s.Answers, s.Trusted, s.Untrusted)
	if s.Unknown > 0 {
		t += fmt.Sprintf(", %d could not tell", s.Unknown)
	}
	if s.NotInspected > 0 {
		t += fmt.Sprintf(", %d not inspected", s.NotInspected)
	}
	return t
}

// Write prints what the answers have in common.
func (s *Summary) Write(w io.Writer, printable func(string) string) error {
	var b strings.Builder
	byCount := func(c counts) func(x, y string) int {
		return func(x, y string) int { return cmp.Or(cmp.Compare(c[y], c[x]), cmp.Compare(x, y)) }
	}
	for _, part := range []struct {
		title string
		names counts
		order func(x, y string) int
	}{
		{"by fault", s.faults, byCount(s.faults)},
		{"by issuer", s.issuers, byCount(s.issuers)},
		{"trust ends", s.weeks, cmp.Compare[string]},
	} {
		if len(part.names) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s\n", part.title)
		var names []string
		for name := range part.names {
			names = append(names, name)
		}
		slices.SortFunc(names, part.order)
		rest := 0
		for i, name := range names {
			if i >= shown {
				rest += part.names[name]
				continue
			}
			fmt.Fprintf(&b, "  %7d  %s\n", part.names[name], printable(name))
		}
		if rest > 0 {
			fmt.Fprintf(&b, "  %7d  in %d more\n", rest, len(names)-shown)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
