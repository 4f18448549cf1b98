package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Gate is the answer of a policy to a run. It is complete before Begin, and is
// what a format for people says first: a target that is not trusted may pass.
type Gate struct{ Rows []GateRow }

// GateRow is the answer for one target, or for the policy's own waivers.
type GateRow struct {
	Report  *chain.Report  // nil: the target could not be inspected
	Failure *chain.Failure // why, then
	Fails   bool
	Own     bool // the policy's own waivers, which are no target
}

// Target names the job.
func (r *GateRow) Target() string {
	if r.Report == nil {
		return failedJob(r.Failure)
	}
	return heading(r.Report)
}

// Note is the answer with its reason, and what the policy did about it.
func (r *GateRow) Note() string {
	if r.Report == nil {
		return "could not be inspected (" + string(r.Failure.Error.Kind) + "): " + causeOf(r.Failure)
	}
	notes := []string{headline(r.Report)}
	if r.Fails && !r.Own {
		notes = append(notes, unmet(r.Report)...)
	}
	if g := r.Report.GoodUntil; g != nil {
		notes = append(notes, "good until "+g.Time.UTC().Format(time.DateOnly))
	}
	if g := r.Report.Gate; g != nil {
		notes = append(notes, entries("expected", g.Expected)...)
		notes = append(notes, entries("waived", g.Waived)...)
		if len(g.Graded) > 0 {
			notes = append(notes, "graded by the policy: "+strings.Join(g.Graded, " "))
		}
	}
	return strings.Join(notes, "; ")
}

// unmet is the first demand of the policy that a report does not meet: a trusted
// target may fail by it alone.
func unmet(r *chain.Report) (notes []string) {
	n := 0
	for i := range r.Findings {
		f := &r.Findings[i]
		if !strings.HasPrefix(f.Rule, "gate-") || !f.Counts(chain.Error) {
			continue
		}
		if n++; n == 1 {
			notes = append(notes, f.Fault())
		}
	}
	if n > 1 {
		notes[0] += fmt.Sprintf(" (+%d more)", n-1)
	}
	return notes
}

// entries names the rules that a policy keeps from counting, each once.
func entries(what string, list []chain.GateEntry) (notes []string) {
	var names []string
	for _, e := range list {
		s := e.Rule
		if e.Until != "" {
			s += " until " + e.Until
		}
		if !slices.Contains(names, s) {
			names = append(names, s)
		}
	}
	if len(names) > 0 {
		notes = []string{what + ": " + strings.Join(names, ", ")}
	}
	return notes
}

// count tells how many targets there are, how many fail, and whether the
// policy's own waivers do.
func (g *Gate) count() (failed, targets int, own bool) {
	for _, r := range g.Rows {
		switch {
		case r.Own:
			own = own || r.Fails
			continue
		case r.Fails:
			failed++
		}
		targets++
	}
	return failed, targets, own
}

// Sentence sums the rows up.
func (g *Gate) Sentence() string {
	failed, targets, own := g.count()
	s := fmt.Sprintf("%d of %s fail", failed, count(targets, "target"))
	if targets == 1 {
		s += "s"
	}
	if own {
		s += ", and so does the policy itself"
	}
	if failed > 0 || own {
		return "the gate fails: " + s
	}
	return "the gate passes: " + s
}

// State is the answer in one word.
func (r *GateRow) State() string {
	if r.Fails {
		return "FAIL"
	}
	return "ok"
}

// gate writes the rows, a line each for those who search in them, then what
// they come to.
func (t *text) gate() {
	var names []string
	width := 0
	for i := range t.o.Gate.Rows {
		names = append(names, printable(t.o.Gate.Rows[i].Target()))
		width = max(width, columns(names[i]))
	}
	for i := range t.o.Gate.Rows {
		r := &t.o.Gate.Rows[i]
		c := t.green
		if r.Fails {
			c = t.red
		}
		t.line(c.Sprint(pad(r.State(), 4)) + "  " + pad(names[i], width) + "  " + printable(r.Note()))
	}
	if t.o.Verbosity >= 0 {
		t.line("")
		t.put("", "", t.o.Gate.Sentence(), nil)
	}
	if t.o.Verbosity == 0 {
		t.causes(names)
	}
}

// gate is the table of a job summary.
func (m *markdown) gate() string {
	s := mdText(m.o.Gate.Sentence()) + "\n\n| gate | target | what |\n| --- | --- | --- |\n"
	for i := range m.o.Gate.Rows {
		r := &m.o.Gate.Rows[i]
		mark := "✅ "
		if r.Fails {
			mark = "❌ "
		}
		s += "| " + mark + r.State() + " | " + mdCell(r.Target()) + " | " + mdText(r.Note()) + " |\n"
	}
	return s
}

// policyLine is where in the policy a finding comes from: its own demand, else the job; nil without a gate.
func policyLine(r *chain.Report, f *chain.Finding) *chain.PolicyLine {
	if f.Policy != nil {
		return f.Policy
	}
	return r.Policy
}
