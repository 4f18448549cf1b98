package report

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Gate is the answer of a policy to a run. It is complete before Begin, and is
// what a format for people says first: a target that is not trusted may pass.
type Gate struct{ Rows []GateRow }

// GateRow is the answer for one target, or for the policy's own waivers.
type GateRow struct {
	Target, Note string
	Fails        bool
	Own          bool // the policy's own waivers, which are no target
}

// Sentence sums the rows up.
func (g *Gate) Sentence() string {
	failed, targets, own := 0, 0, false
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
	width := 0
	for _, r := range t.o.Gate.Rows {
		width = max(width, columns(printable(r.Target)))
	}
	for i := range t.o.Gate.Rows {
		r := &t.o.Gate.Rows[i]
		c := t.green
		if r.Fails {
			c = t.red
		}
		t.line(c.Sprint(pad(r.State(), 4)) + "  " + pad(printable(r.Target), width) + "  " + printable(r.Note))
	}
	if t.o.Verbosity >= 0 {
		t.line("")
		t.put("", "", t.o.Gate.Sentence(), nil)
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
		s += "| " + mark + r.State() + " | " + mdCell(r.Target) + " | " + mdText(r.Note) + " |\n"
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
