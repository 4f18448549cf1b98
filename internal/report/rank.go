package report

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
)

// grade is the one word a finding is filed under: its severity where it is
// broken, else its status.
func grade(f *chain.Finding) string {
	if f.Status == chain.Unknown || f.Status == chain.Waived {
		return string(f.Status)
	}
	return string(f.Severity)
}

// rank orders findings, the worst first; an unknown one counts as a warning.
func rank(f *chain.Finding) int {
	if f.Status == chain.Waived {
		return 4
	}
	if f.Status == chain.Unknown && f.Severity != chain.Note {
		return 1
	}
	switch f.Severity {
	case chain.Error:
		return 0
	case chain.Warning:
		return 2
	}
	return 3
}

// worstFirst is the findings in the order they are shown; equals keep their order.
func worstFirst(findings []chain.Finding) []*chain.Finding {
	list := make([]*chain.Finding, len(findings))
	for i := range findings {
		list[i] = &findings[i]
	}
	slices.SortStableFunc(list, func(a, b *chain.Finding) int { return rank(a) - rank(b) })
	return list
}

// fails reports whether a finding is at or above the severity that fails a run.
func (o *Options) fails(f *chain.Finding) bool {
	switch o.FailOn {
	case chain.Note:
		return rank(f) <= 3
	case chain.Warning:
		return rank(f) <= 2
	case chain.Off:
		return false
	}
	return rank(f) == 0
}
