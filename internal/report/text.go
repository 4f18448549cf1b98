package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/fatih/color"
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
		t.first(r, t.green)
	case r.Verdict == chain.Untrusted:
		t.first(r, t.red)
	default:
		t.first(r, t.yellow)
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
	t.answer(failedJob(f), "not inspected ("+string(f.Error.Kind)+"): "+causeOf(f), t.red)
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

// first is the line that a hurried reader reads: target and answer. Where it is
// all there is it stays one line, which a script reads, and says what was asked.
func (t *text) first(r *chain.Report, c *color.Color) {
	target := r.Target
	if r.Part > 0 && r.Label != "" {
		target += " (" + r.Label + ")"
	}
	if t.o.Verbosity < 0 {
		s := t.bold.Sprint(printable(target)) + "   " + c.Sprint(printable(headline(r)))
		if q := question(r.Target, r.Name, r.ID, serverName(r), ""); q != "" {
			s += "   " + printable(q)
		}
		if what := changed(r); what != "" {
			s += "   changed: " + printable(what)
		}
		t.line(s)
		return
	}
	t.answer(target, headline(r), c)
}

// answer is the first line, or as many as it takes.
func (t *text) answer(target, verdict string, c *color.Color) {
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

func itoa(n int) string { return strconv.Itoa(n) }

// findings shows each finding in the order message, evidence, why, fix, more;
// notes get one line each unless everything is asked for.
func (t *text) findings(r *chain.Report) {
	var notes []*chain.Finding
	for _, f := range t.untold(worstFirst(r.Findings)) {
		if rank(f) >= 3 && t.o.Verbosity < 1 {
			notes = append(notes, f)
			continue
		}
		t.line("")
		t.finding(r, f)
	}
	if len(notes) == 0 {
		return
	}
	t.line("")
	for _, f := range notes {
		t.message(f)
	}
	t.line(t.faint.Sprint("(-v explains notes)"))
}

// message is the finding's first line: what it is and the rule, linked to its page.
func (t *text) message(f *chain.Finding) {
	tag := grade(f) + "[" + printable(f.Rule) + "]:"
	c := t.gradeColor(f)
	for i, l := range wrap(tag+" "+printable(f.Message), t.o.Width-2) {
		if i > 0 {
			t.line("  " + l)
			continue
		}
		if rest, ok := strings.CutPrefix(l, tag); ok {
			l = t.link(rulePage(f.Rule), c.Sprint(tag)) + rest
		}
		t.line(l)
	}
}

func (t *text) finding(r *chain.Report, f *chain.Finding) {
	t.message(f)
	rule := t.o.rule(f.Rule)
	if it := itemAt(r, f.Item); it != nil {
		label := "  " + absent(r) + "   "
		if listed(it) {
			label = "  item " + itoa(it.Index) + "   "
		}
		t.put(label, strings.Repeat(" ", columns(label)), printable(shortName(it)), nil)
	}
	for _, e := range f.Evidence {
		t.evidence(e)
	}
	if f.Waiver != "" {
		t.paragraph("  waived: ", f.Waiver)
	}
	if rule.Explain != "" {
		t.paragraph("  why:   ", rule.Explain)
	}
	if fix := t.o.fix(f); fix != "" {
		t.paragraph("  fix:   ", fix)
	}
	for _, x := range t.o.steps(f) {
		if x.Tried != "" {
			t.put("         ", "         ", printable(x.Tried), nil)
		}
	}
	if t.o.Verbosity > 0 {
		t.sources(rule)
		if f.Codes != nil {
			t.put("  codes: ", "         ", codesSentence(f.Codes), nil)
		}
	}
	t.put("  more:  ", "         ", "chainspect explain "+printable(f.Rule), nil)
}

// evidence is a measured value beside what was wanted, on one line if it fits.
func (t *text) evidence(e chain.Evid) {
	label := "    " + printable(e.Field) + "   "
	got, want := printable(e.Got), printable(e.Want)
	switch one := got + "   want: " + want; {
	case want == "":
		t.put(label, "      ", got, nil)
	case columns(label+one) <= t.o.Width:
		t.line(label + one)
	default:
		t.put(label, "      ", got, nil)
		t.put("      want: ", "            ", want, nil)
	}
}

// sources names the documents a rule comes from.
func (t *text) sources(rule *chain.Rule) {
	for _, s := range rule.Sources {
		l := s.Doc
		if s.Section != "" {
			l += ", " + s.Section
		}
		if s.Confidence != "" {
			l += " (" + string(s.Confidence) + ")"
		}
		if columns(l)+9 <= t.o.Width {
			t.line("  from:  " + t.link(documentPage(s.Doc), l))
			continue
		}
		t.put("  from:  ", "         ", l, nil)
	}
}

// codesSentence lists what a device shows for one finding.
func codesSentence(c *chain.Codes) string {
	var parts []string
	if c.Sec != 0 {
		parts = append(parts, "SecTrust "+code(c.Sec))
	}
	if c.URL != 0 {
		parts = append(parts, "NSURLErrorDomain "+code(c.URL))
	}
	if c.SSL != 0 {
		parts = append(parts, "SSL "+code(c.SSL))
	}
	return strings.Join(parts, ", ")
}

func (t *text) gradeColor(f *chain.Finding) *color.Color {
	switch rank(f) {
	case 0:
		return t.red
	case 1, 2:
		return t.yellow
	case 3:
		return t.blue
	}
	return t.faint
}

// levels lists the verdicts of the levels with what decided them. The level
// identity is left out where no identity was given: most runs have none.
func (t *text) levels(r *chain.Report) {
	if len(r.Levels) == 0 {
		return
	}
	t.line("")
	if q := question(r.Target, r.Name, r.ID, serverName(r), ""); q != "" {
		t.put("", "  ", "judged "+printable(q), nil)
	}
	wordW := 0
	for _, l := range r.Levels {
		wordW = max(wordW, columns(verdictWord(l.Verdict)))
	}
	for _, l := range r.Levels {
		if l.Level == chain.LevelIdentity && l.Verdict == chain.NotApplicable && t.o.Verbosity < 1 && !identityGiven(r) {
			continue
		}
		label := pad(levelLabel(l.Level), 9)
		word := verdictWord(l.Verdict)
		painted := label + pad(levelTitle(l.Level), 22) + "  " + t.levelColor(l.Verdict).Sprint(word)
		reason := printable(l.Reason)
		if reason == "" {
			t.line(painted)
			continue
		}
		start := 9 + 22 + 2 + wordW + 3
		if t.o.Width-start < 24 {
			t.line(painted)
			t.put("         ", "         ", reason, nil)
			continue
		}
		for i, line := range wrap(reason, t.o.Width-start) {
			if i == 0 {
				t.line(painted + strings.Repeat(" ", wordW+3-columns(word)) + line)
				continue
			}
			t.line(strings.Repeat(" ", start) + line)
		}
	}
}

// identityGiven reports whether a server was to be shown an identity.
func identityGiven(r *chain.Report) bool {
	return r.Connection != nil && len(r.Connection.ClientAuth.Attempts) > 0
}

func (t *text) levelColor(v chain.LevelVerdict) *color.Color {
	switch v {
	case chain.Pass:
		return t.green
	case chain.Fail:
		return t.red
	case chain.LevelUnknown:
		return t.yellow
	}
	return t.faint
}

// outlook says until when the verdict holds and what a device would show.
func (t *text) outlook(r *chain.Report) {
	if r.GoodUntil == nil && r.Device == nil {
		return
	}
	t.line("")
	if g := r.GoodUntil; g != nil {
		s := "good until " + instant(g.Time) + ", " + distance(r.EvaluatedAt, g.Time)
		var why []string
		if it := itemAt(r, g.Item); it != nil {
			why = append(why, printable(itemLabel(it)))
		}
		if g.Rule != "" {
			why = append(why, printable(g.Rule))
		}
		if len(why) > 0 {
			s += " (" + strings.Join(why, ": ") + ")"
		}
		t.put("", "  ", s, nil)
	}
	if r.Device != nil {
		t.put("", "  ", deviceSentence(r), nil)
	}
}

// itemLabel is "item 0", or the name of a certificate that has no number.
func itemLabel(it *chain.ItemReport) string {
	if listed(it) {
		return "item " + itoa(it.Index)
	}
	return shortName(it)
}

// deviceSentence is the one error an Apple platform would show.
func deviceSentence(r *chain.Report) string {
	d := r.Device
	s := platformName(r.Platform) + " would show:"
	if d.Codes.URL != 0 {
		s += " " + code(d.Codes.URL)
		if d.Codes.SSL != 0 {
			s += " / " + code(d.Codes.SSL)
		}
	}
	if d.Text != "" {
		s += " " + printable(d.Text)
	}
	if d.Codes.Sec != 0 {
		s += " (SecTrust " + code(d.Codes.Sec) + ")"
	}
	if n := len(d.Hides); n > 0 {
		s += ", which hides " + count(n, "other")
	}
	return s
}

// code writes a negative number with the minus sign the documents use.
func code(n int) string { return strings.Replace(itoa(n), "-", "−", 1) }

// platformName is how Apple writes the platform of a name such as "ios26".
func platformName(p string) string {
	for _, n := range []string{"iOS", "macOS", "iPadOS", "tvOS", "watchOS", "visionOS"} {
		if strings.HasPrefix(p, strings.ToLower(n)) {
			return n
		}
	}
	return "an Apple device"
}
