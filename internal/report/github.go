package report

import (
	"io"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// annotations is how many a step of GitHub Actions shows of one kind; with the
// summary as the first, the worst nine follow.
const annotations = 10

// github collects a run and writes workflow commands: a summary, then the worst.
type github struct {
	w     io.Writer
	o     Options
	notes []annotation
	tally tally
}

// annotation is one workflow command. They are sorted by rank: the findings of
// rank 0, the targets that were not inspected, then the other findings.
type annotation struct {
	rank           int
	command        string // error, warning, notice
	file           string
	line           int
	title, message string
}

// in places the annotation in a gate's policy, where one judged.
func (a *annotation) in(p *chain.PolicyLine) {
	if p != nil {
		a.file, a.line = p.File, p.Line
	}
}

func newGitHub(w io.Writer, o Options) Reporter { return &github{w: w, o: o} }

func (g *github) Begin() error { return nil }

func (g *github) Report(r *chain.Report) error {
	g.tally.report(r)
	for i := range r.Findings {
		f := &r.Findings[i]
		if rank(f) >= 3 && !f.Counts(g.o.FailOn) && g.o.Verbosity < 1 || f.Status == chain.Waived {
			continue
		}
		a := annotation{rank: 2 * rank(f), command: "notice", title: grade(f) + "[" + f.Rule + "]", message: heading(r) + about(r, f)}
		a.in(policyLine(r, f))
		switch {
		case f.Counts(g.o.FailOn):
			a.command = "error"
		case rank(f) <= 2:
			a.command = "warning"
		}
		if it, _ := findingItem(r, f); it != nil && it.File != "" {
			a.file, a.line = it.File, it.Line
		}
		a.message += ": " + f.Fault()
		fixes := g.o.fixes(r, f)
		for i, fix := range fixes { // on one line: a number tells where the next one begins
			if i == 0 {
				a.message += ". Fix:"
			}
			if len(fixes) > 1 {
				a.message += " (" + itoa(i+1) + ")"
			}
			a.message += " " + strings.Join(strings.Fields(fix), " ")
		}
		g.notes = append(g.notes, a)
	}
	return nil
}

func (g *github) Failure(f *chain.Failure) error {
	g.tally.uninspected++
	a := annotation{rank: 1, command: "error", title: "not inspected", message: failedJob(f) + ": " + causeOf(f)}
	a.in(f.Policy)
	g.notes = append(g.notes, a)
	return nil
}

func (g *github) End() error {
	slices.SortStableFunc(g.notes, func(a, b annotation) int { return a.rank - b.rank })
	sum := annotation{command: "notice", title: g.o.Tool.Name, message: g.tally.sentence()}
	if g.o.Gate != nil {
		sum.message = g.o.Gate.Sentence() + g.tally.open()
	}
	for _, a := range g.notes {
		if a.command == "error" || a.command == "warning" && sum.command == "notice" {
			sum.command = a.command
		}
	}
	shown := g.notes
	if rest := len(shown) - (annotations - 1); rest > 0 {
		shown = shown[:annotations-1]
		sum.message += "; the worst " + itoa(len(shown)) + " of " + count(len(g.notes)-g.tally.uninspected, "finding")
		if n := g.tally.uninspected; n > 0 {
			sum.message += " and " + count(n, "target") + " not inspected"
		}
		sum.message += " follow"
	}
	for _, a := range append([]annotation{sum}, shown...) {
		if _, err := io.WriteString(g.w, a.String()); err != nil {
			return err
		}
	}
	return nil
}

// String is the workflow command. Data escapes percent signs and line ends,
// properties also colons and commas.
func (a annotation) String() string {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	var props []string
	if a.file != "" {
		props = append(props, "file="+property.Replace(printable(a.file)))
		if a.line > 0 {
			props = append(props, "line="+itoa(a.line))
		}
	}
	props = append(props, "title="+property.Replace(printable(a.title)))
	return "::" + a.command + " " + strings.Join(props, ",") + "::" + data.Replace(schemeless(printable(a.message))) + "\n"
}
