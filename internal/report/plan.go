package report

import (
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// step is one thing to do, as every format shows it.
type step struct {
	Who, Text string
	Commands  []string // run as pasted
	Config    []string // lines of a server's configuration, each behind the server they are for
	Then      string   // what follows them and is neither
	Tried     string   // "checked: then trusted until …", "not checked: …"; "": it is no repair
}

// steps are the steps of a finding, the best first. Reports written before there
// were steps have a line instead.
func (o *Options) steps(f *chain.Finding) []step {
	if len(f.Advice) > 0 {
		return stepsOf(f.Advice)
	}
	s := step{Text: f.Fix}
	if a := o.rule(f.Rule).Advice; s.Text == "" && len(a) > 0 {
		s = stepsOf([]chain.AdviceReport{a[0].General()})[0]
	}
	if s.Text == "" {
		return nil
	}
	s.Tried = tried(&chain.AdviceReport{Checked: f.FixChecked, Assumes: f.FixTried, Until: f.FixUntil})
	return []step{s}
}

func stepsOf(list []chain.AdviceReport) []step {
	var steps []step
	for i := range list {
		a := &list[i]
		steps = append(steps, step{Who: a.Who, Text: a.Text, Commands: a.Commands, Config: a.Config, Then: a.Then, Tried: tried(a)})
	}
	return steps
}

// tried tells what came of trying a step, and what that assumes.
func tried(a *chain.AdviceReport) string {
	switch {
	case !a.Checked && a.Lacks != "":
		return "not checked: " + a.Lacks
	case !a.Checked:
		return ""
	}
	s := "checked"
	if a.Assumes != "" {
		s += " " + a.Assumes
	}
	if a.Until != nil {
		return s + ": then trusted until " + instant(*a.Until)
	}
	return s + ": it clears this finding"
}

// cured is the number of the step in the report's plan that cures an error; -1: none does.
// In reports written before findings said so, the rule tells it.
func cured(r *chain.Report, f *chain.Finding) int {
	switch {
	case !f.Counts(chain.Error):
		return -1
	case f.Step > 0 && f.Step <= len(r.Plan):
		return f.Step - 1
	}
	return slices.IndexFunc(r.Plan, func(s chain.AdviceReport) bool { return slices.Contains(s.Mends, f.Rule) })
}

// planned says where in the report's plan an error is cured; "": nowhere.
func planned(r *chain.Report, f *chain.Finding) string {
	switch n := cured(r, f); {
	case n < 0:
		return ""
	case len(r.Plan) == 1:
		return "above"
	default:
		return "step " + itoa(n+1) + " above"
	}
}

// plan is what to do first: about all that fails, where one act mends several
// faults, else about the worst. The findings it is about are left without steps
// of their own.
func (o *Options) plan(r *chain.Report) (steps []step, about *chain.Finding) {
	if len(r.Plan) > 0 {
		return stepsOf(r.Plan), nil
	}
	for _, f := range worstFirst(r.Findings) {
		if f.Severity == chain.Error && f.Status == chain.Broken {
			return o.steps(f), f
		}
	}
	return nil, nil
}

// fix is what to do about a finding that stands alone, a line each: the step of the
// report's plan that cures it, else its own steps.
func (o *Options) fix(r *chain.Report, f *chain.Finding) string {
	return strings.Join(o.fixes(r, f), "\n")
}

// fixes is the same as a list.
func (o *Options) fixes(r *chain.Report, f *chain.Finding) (lines []string) {
	var steps []step
	of := ""
	if n := cured(r, f); n < 0 {
		steps = o.steps(f)
	} else {
		steps = stepsOf(r.Plan[n : n+1])
		if len(r.Plan) > 1 {
			of = "step " + itoa(n+1) + " of " + itoa(len(r.Plan)) + ", "
		}
	}
	for i := range steps {
		lines = append(lines, of+steps[i].line())
	}
	return lines
}

// said is who does a step, and what.
func (s *step) said() string {
	if s.Who == "" {
		return s.Text
	}
	return s.Who + ": " + s.Text
}

// line is a step with its commands between backticks.
func (s *step) line() string {
	l := s.said()
	for i, command := range s.Commands {
		l += map[bool]string{true: ": ", false: "; "}[i == 0] + "`" + command + "`"
	}
	for _, c := range s.Config {
		l += "; in " + c
	}
	return semicolon(l, s.Then)
}

// semicolon joins what is not empty.
func semicolon(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}
