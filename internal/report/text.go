package report

import (
	"io"
	"strings"

	"github.com/fatih/color"

	"github.com/chainspect/chainspect/pkg/chain"
)

// text writes for a person at a terminal. The words alone say everything;
// colour only repeats them.
type text struct {
	w                                     io.Writer
	o                                     Options
	out                                   strings.Builder
	red, yellow, green, blue, bold, faint *color.Color
	tally                                 tally
	begun                                 bool // an answer was shown
}

func newText(w io.Writer, o Options) Reporter {
	// fatih/color decides once, for standard output; each writer needs its own answer.
	paint := func(a ...color.Attribute) *color.Color {
		c := color.New(a...)
		if o.Color {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c
	}
	return &text{w: w, o: o,
		red: paint(color.FgRed, color.Bold), yellow: paint(color.FgYellow, color.Bold), green: paint(color.FgGreen, color.Bold),
		blue: paint(color.FgBlue, color.Bold), bold: paint(color.Bold), faint: paint(color.Faint)}
}

func (t *text) Begin() error {
	if t.o.Gate != nil {
		t.gate()
	}
	return t.flush()
}

func (t *text) Report(r *chain.Report) error {
	if t.summed() {
		return nil
	}
	t.gap()
	t.tally.report(r)
	switch {
	case r.Verdict == chain.Trusted && !r.NothingToTrust():
		t.first(heading(r), headline(r), t.green)
	case r.Verdict == chain.Untrusted:
		t.first(heading(r), headline(r), t.red)
	default:
		t.first(heading(r), headline(r), t.yellow)
	}
	if t.o.Verbosity >= 0 {
		if r.Part == 0 && r.Label != "" {
			t.put("  ", "  ", printable(r.Label), nil)
		}
		t.changes(r)
		t.items(r)
		t.levels(r)
		t.outlook(r)
		t.identity(r)
		t.findings(r)
		t.exception(r)
		if t.o.Verbosity > 0 {
			t.details(r)
		}
	}
	return t.flush()
}

func (t *text) Failure(f *chain.Failure) error {
	t.tally.uninspected++
	if t.summed() || t.o.FailuresSaid {
		return nil
	}
	t.gap()
	t.first(f.Target, "not inspected ("+f.Error.Kind+"): "+causeOf(f), t.red)
	return t.flush()
}

// End sums up a run over several targets.
func (t *text) End() error {
	if t.tally.answers() < 2 || t.o.Verbosity < 0 || t.o.Gate != nil {
		return nil
	}
	if t.begun {
		t.line("")
	}
	t.put("", "", t.tally.sentence(), nil)
	return t.flush()
}

// summed reports whether a gate's rows have said all that is asked for.
func (t *text) summed() bool { return t.o.Gate != nil && t.o.Verbosity < 0 }

// gap separates one target's answer from the next one's, and from a gate's.
func (t *text) gap() {
	if t.begun && t.o.Verbosity >= 0 || t.o.Gate != nil {
		t.line("")
	}
	t.begun = true
}

// first is the line that a hurried reader reads: target and verdict. Where it is
// all there is it stays one line, which a script reads.
func (t *text) first(target, verdict string, c *color.Color) {
	target, verdict = printable(target), printable(verdict)
	if s := target + "   " + verdict; columns(s) <= t.o.Width || t.o.Verbosity < 0 {
		t.line(t.bold.Sprint(target) + "   " + c.Sprint(verdict))
		return
	}
	for _, l := range wrap(target, t.o.Width) {
		t.line(t.bold.Sprint(l))
	}
	for _, l := range wrap(verdict, t.o.Width-2) {
		t.line("  " + c.Sprint(l))
	}
}

// put writes a wrapped text: the first line behind first, the others behind
// rest. Where c is given and first ends in a word of state, first is painted.
func (t *text) put(first, rest, s string, c *color.Color) {
	if columns(first) > t.o.Width/2 { // a label that leaves no room stands above its text
		rest = "      "
		first, s = first[:len(first)-len(strings.TrimLeft(first, " "))], strings.TrimLeft(first, " ")+s
	}
	head := first
	if c != nil {
		body := strings.TrimLeft(first, " ")
		head = first[:len(first)-len(body)] + c.Sprint(body)
	}
	for i, l := range wrap(s, t.o.Width-max(columns(first), columns(rest))) {
		if i == 0 {
			t.line(strings.TrimRight(head+l, " "))
			continue
		}
		t.line(strings.TrimRight(rest+l, " "))
	}
}

// paragraph writes a text of several lines behind a label.
func (t *text) paragraph(label string, s string) {
	rest := strings.Repeat(" ", columns(label))
	for _, l := range printableLines(s) {
		t.put(label, rest, l, nil)
		label = rest
	}
}

func (t *text) line(s string) {
	t.out.WriteString(s)
	t.out.WriteByte('\n')
}

func (t *text) flush() error {
	_, err := io.WriteString(t.w, t.out.String())
	t.out.Reset()
	return err
}
