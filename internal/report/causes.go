package report

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// A cause is a finding that several rows of a gate share, word for word: it is told
// once, with the targets it hits.
type cause struct {
	report  *chain.Report // the first of them
	finding *chain.Finding
	rows    []int
}

// causeKey is what makes two findings one to a reader.
type causeKey struct{ rule, severity, message, fix string }

func keyOf(f *chain.Finding) causeKey {
	return causeKey{f.Rule, string(f.Severity), f.Message, f.Fix}
}

// causes lists the findings that fail more than one target, in the order met.
func (g *Gate) causes(failOn chain.Severity) []cause {
	at := map[causeKey]int{}
	var all []cause
	for n := range g.Rows {
		row := &g.Rows[n]
		if row.Report == nil || row.Own || !row.Fails {
			continue
		}
		for i := range row.Report.Findings {
			f := &row.Report.Findings[i]
			if !f.Counts(failOn) {
				continue
			}
			k, known := at[keyOf(f)]
			if !known {
				k = len(all)
				at[keyOf(f)] = k
				all = append(all, cause{report: row.Report, finding: f})
			}
			if rows := all[k].rows; len(rows) == 0 || rows[len(rows)-1] != n {
				all[k].rows = append(rows, n)
			}
		}
	}
	var shared []cause
	for _, c := range all {
		if len(c.rows) > 1 {
			shared = append(shared, c)
		}
	}
	return shared
}

// Told reports whether everything that fails a target is a cause it shares with
// others, and so has been told beneath the rows of the text format.
func (g *Gate) Told(r *chain.Report, failOn chain.Severity) bool {
	shared := map[causeKey]bool{}
	for _, c := range g.causes(failOn) {
		shared[keyOf(c.finding)] = true
	}
	counts := 0
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Counts(failOn) {
			if !shared[keyOf(f)] {
				return false
			}
			counts++
		}
	}
	return counts > 0
}

// causes tells what several targets share.
func (t *text) causes(names []string) {
	for _, c := range t.o.Gate.causes(t.o.FailOn) {
		var hit []string
		for _, n := range c.rows {
			hit = append(hit, names[n])
		}
		t.line("")
		label := count(len(c.rows), "target") + ": "
		t.put(label, strings.Repeat(" ", len(label)), strings.Join(hit, ", "), nil)
		t.finding(c.report, c.finding, true)
	}
}

// untold leaves out what has been told beneath a gate's rows.
func (t *text) untold(list []*chain.Finding) []*chain.Finding {
	if t.o.Gate == nil || t.o.Verbosity != 0 {
		return list
	}
	told := map[causeKey]bool{}
	for _, c := range t.o.Gate.causes(t.o.FailOn) {
		told[keyOf(c.finding)] = true
	}
	var rest []*chain.Finding
	for _, f := range list {
		if !f.Counts(t.o.FailOn) || !told[keyOf(f)] {
			rest = append(rest, f)
		}
	}
	return rest
}

// changed names what counts as a change since the baseline, for the one line of -q.
func changed(r *chain.Report) string {
	var what []string
	for _, c := range r.Changes {
		if c.Counts {
			what = append(what, c.What)
		}
	}
	return strings.Join(what, ", ")
}
