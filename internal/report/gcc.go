package report

import (
	"io"

	"github.com/chainspect/chainspect/pkg/chain"
)

// gcc writes a line per finding as a compiler does, for the problem matchers of
// editors and for Xcode's build phases: "fullchain.pem:1: error: …". What is in
// no file is said by the tool itself ("chainspect: error: …"), as gcc does with
// the errors of its linker: HOST:PORT would be taken for a file and a line.
type gcc struct {
	w     io.Writer
	o     Options
	tally tally
}

func newGCC(w io.Writer, o Options) Reporter { return &gcc{w: w, o: o} }

func (g *gcc) Begin() error { return nil }

func (g *gcc) Report(r *chain.Report) error {
	g.tally.report(r)
	for _, f := range worstFirst(r.Findings) {
		if f.Status == chain.Waived || f.Severity == chain.Note && g.o.Verbosity < 1 && !f.Counts(g.o.FailOn) {
			continue
		}
		kind := "warning"
		switch {
		case f.Counts(g.o.FailOn):
			kind = "error" // what ends the build
		case f.Severity == chain.Note:
			kind = "note"
		}
		what := heading(r) + about(r, f) + ": " + f.Fault()
		if f.Status == chain.Unknown {
			what = "could not tell: " + what
		}
		if err := g.line(g.place(r, f), kind, what+" ["+f.Rule+"]"); err != nil {
			return err
		}
	}
	return nil
}

func (g *gcc) Failure(f *chain.Failure) error {
	g.tally.uninspected++
	where := ""
	if f.Policy != nil {
		where = filePlace(f.Policy.File, f.Policy.Line)
	}
	return g.line(where, "error", failedJob(f)+": not inspected ("+string(f.Error.Kind)+"): "+causeOf(f))
}

// End sums the run up, which no problem matcher takes for a problem.
func (g *gcc) End() error {
	if g.o.Gate != nil {
		return g.line("", "note", g.o.Gate.Sentence())
	}
	return g.line("", "note", g.tally.sentence())
}

// place is the file and line of a finding's item, of the first item of a list
// from a file, or of the gate's policy.
func (g *gcc) place(r *chain.Report, f *chain.Finding) string {
	it, _ := findingItem(r, f)
	if it == nil && len(r.Items) > 0 {
		it = &r.Items[0]
	}
	if it != nil && it.File != "" {
		return filePlace(it.File, it.Line)
	}
	if p := policyLine(r, f); p != nil {
		return filePlace(p.File, p.Line)
	}
	return ""
}

// filePlace is "file:line"; line 1 of a file that has none, such as a .p12.
func filePlace(file string, line int) string { return file + ":" + itoa(max(line, 1)) }

func (g *gcc) line(where, kind, what string) error {
	if where == "" {
		where = g.o.Tool.Name
	}
	_, err := io.WriteString(g.w, printable(where)+": "+kind+": "+printable(what)+"\n")
	return err
}
