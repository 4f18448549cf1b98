package report

import "github.com/chainspect/chainspect/pkg/chain"

// tally counts the answers of a run by verdict, for the sentence that every
// format for people says the same.
type tally struct {
	more                                              int // answers about a target that has had one
	trusted, untrusted, undecided, empty, uninspected int
}

func (t *tally) report(r *chain.Report) {
	if r.Part > 1 {
		t.more++
	}
	switch {
	case r.NothingToTrust():
		t.empty++
	case r.Verdict == chain.Trusted:
		t.trusted++
	case r.Verdict == chain.Untrusted:
		t.untrusted++
	default:
		t.undecided++
	}
}

// answers is how many were counted.
func (t *tally) answers() int {
	return t.trusted + t.untrusted + t.undecided + t.empty + t.uninspected
}

// sentence sums the run up: "3 targets: 2 trusted, 1 not trusted".
func (t *tally) sentence() string {
	n := t.answers()
	s := count(n-t.more, "target")
	if t.more > 0 {
		s += ", " + count(n, "answer")
	}
	s += ": " + itoa(t.trusted) + " trusted, " + itoa(t.untrusted) + " not trusted"
	return s + t.open()
}

// open lists, behind commas, those without a verdict.
func (t *tally) open() (s string) {
	if t.undecided > 0 {
		s += ", " + itoa(t.undecided) + " could not tell"
	}
	if t.empty > 0 {
		s += ", " + itoa(t.empty) + " nothing to trust"
	}
	if t.uninspected > 0 {
		s += ", " + itoa(t.uninspected) + " not inspected"
	}
	return s
}
