package report

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/fatih/color"

	"github.com/chainspect/chainspect/pkg/chain"
)

// text writes for a person at a terminal. The words alone say everything;
// colour only repeats them.
type text struct {
	w                                     io.Writer
	o                                     Options
	out                                   bytes.Buffer
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
	if t.o.Gate == nil {
		return nil
	}
	t.gate()
	return t.flush()
}

func (t *text) Report(r *chain.Report) error {
	if t.summed() {
		return nil
	}
	t.gap()
	t.tally.report(r)
	t.first(r)
	if t.o.Verbosity >= 0 {
		if r.Label != "" {
			t.put("  ", "  ", printable(r.Label), nil)
		}
		t.changes(r)
		about := t.fix(r)
		t.items(r)
		t.levels(r)
		t.revocation(r)
		t.elsewhere(r)
		t.outlook(r)
		t.identity(r)
		t.findings(r, about)
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
func (t *text) first(r *chain.Report) {
	c := map[string]*color.Color{"trusted": t.green, "untrusted": t.red, "undecided": t.yellow}[verdictClass(r)]
	if t.o.Verbosity < 0 {
		s := t.bold.Sprint(printable(r.Target)) + "   " + c.Sprint(printable(headline(r)))
		label := r.Label
		if r.Part == 0 {
			label = ""
		}
		if q := question(r.Target, r.Name, r.ID, serverName(r), label); q != "" {
			s += "   " + printable(q)
		}
		if what := changed(r); what != "" {
			s += "   changed: " + printable(what)
		}
		t.line(s)
		return
	}
	t.answer(r.Target, headline(r), c)
}

// answer is the first line, or as many as it takes. A target that takes most of
// one stands alone.
func (t *text) answer(target, verdict string, c *color.Color) {
	target, verdict = t.plain(printable(target)), t.plain(printable(verdict))
	room := t.o.Width - columns(target) - 3
	if t.o.Verbosity < 0 || room >= columns(verdict) {
		t.line(t.bold.Sprint(target) + "   " + c.Sprint(verdict))
		return
	}
	if room >= t.o.Width/3 {
		first := wrap(verdict, room)[0]
		t.line(t.bold.Sprint(target) + "   " + c.Sprint(first))
		verdict = strings.TrimLeft(verdict[len(first):], " ")
	} else {
		for _, l := range wrap(target, t.o.Width) {
			t.line(t.bold.Sprint(l))
		}
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
	for i, l := range wrap(t.plain(s), t.o.Width-max(columns(first), columns(rest))) {
		if i == 0 {
			t.line(strings.TrimRight(head+l, " "))
			continue
		}
		t.line(strings.TrimRight(rest+l, " "))
	}
}

func (t *text) line(s string) {
	t.out.WriteString(t.plain(s))
	t.out.WriteByte('\n')
}

func (t *text) flush() error {
	_, err := t.w.Write(t.out.Bytes())
	t.out.Reset()
	return err
}

func itoa(n int) string { return strconv.Itoa(n) }

// fix says first what to do: who, and how. It gives the finding that the steps
// are about; nil where they are about several.
func (t *text) fix(r *chain.Report) *chain.Finding {
	steps, about := t.o.plan(r)
	told := about != nil && len(t.untold([]*chain.Finding{about})) == 0
	if len(steps) > 0 && !told {
		t.line("")
		t.steps("fix  ", steps)
	}
	return about
}

// steps lists what to do, numbered where it is more than one thing. A command is
// a line of its own, whatever its length: it is there to be pasted.
func (t *text) steps(label string, steps []step) {
	head := label
	for i := range steps {
		s := &steps[i]
		if len(steps) > 1 {
			head = pad(head, columns(label)) + itoa(i+1) + "  "
		}
		rest := strings.Repeat(" ", columns(head))
		lines := printableLines(s.Text)
		if s.Who != "" {
			lines[0] = printable(s.Who) + ": " + lines[0]
		}
		t.put(head, rest, lines[0], nil)
		for _, l := range lines[1:] {
			if strings.HasPrefix(strings.TrimSpace(l), "<") { // of a property list: to be pasted
				t.line(rest + "  " + l)
				continue
			}
			t.put(rest, rest, l, nil)
		}
		for _, command := range s.Commands {
			t.line(rest + "  " + printable(command))
		}
		for _, c := range s.Config { // to be pasted, too: not wrapped
			t.line(rest + "in " + printable(c))
		}
		for _, after := range []string{s.Then, s.Tried} {
			if after != "" {
				t.put(rest, rest, printable(after), nil)
			}
		}
		head = ""
	}
}

// findings shows each finding in the order message, evidence, what a device
// shows, why, fix; notes get one line each unless everything is asked for.
func (t *text) findings(r *chain.Report, about *chain.Finding) {
	var notes []*chain.Finding
	for _, f := range t.untold(worstFirst(r.Findings)) {
		if rank(f) >= 3 && t.o.Verbosity < 1 {
			notes = append(notes, f)
			continue
		}
		t.line("")
		t.finding(r, f, f != about)
	}
	if len(notes) == 0 {
		return
	}
	t.line("")
	for _, n := range joined(notes) {
		t.message(n.f, n.message)
	}
	t.line(t.faint.Sprint("(-v explains notes)"))
}

// note is what several findings have in common.
type note struct {
	f       *chain.Finding
	message string
}

// joined makes one line of notes that say the same about several items.
func joined(list []*chain.Finding) (notes []note) {
	also := map[string][]string{}
	at := map[string]int{}
	for _, f := range list {
		key := grade(f) + f.Rule + f.Message
		if f.Item != nil {
			key = grade(f) + f.Rule + strings.Replace(f.Message, "item "+itoa(*f.Item), "item", 1)
		}
		if _, seen := at[key]; !seen || f.Item == nil {
			at[key] = len(notes)
			notes = append(notes, note{f, f.Message})
			continue
		}
		also[key] = append(also[key], itoa(*f.Item))
	}
	for key, items := range also {
		what := " (also item "
		if len(items) > 1 {
			what = " (also items "
		}
		notes[at[key]].message += what + strings.Join(items, ", ") + ")"
	}
	return notes
}

// message is the finding's first line: what it is and the rule, linked to its page.
func (t *text) message(f *chain.Finding, message string) {
	tag := grade(f) + "[" + printable(f.Rule) + "]:"
	c := t.gradeColor(f)
	for i, l := range wrap(t.plain(tag+" "+printable(message)), t.o.Width-2) {
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

// finding is a block; its steps stand in it unless they are at the top.
func (t *text) finding(r *chain.Report, f *chain.Finding, withSteps bool) {
	t.message(f, f.Message)
	rule := t.o.rule(f.Rule)
	if it, label := findingItem(r, f); it != nil && !f.Named {
		if f.List != "identity" && !listed(it) {
			label = absent(r)
		}
		t.row("where", printable(label+", "+shortName(it)))
	}
	for _, e := range f.Evidence {
		t.evidence(e)
	}
	if r.Device != nil && r.Device.Rule == f.Rule {
		t.row(platformName(r.Platform), deviceWords(r.Device))
	}
	if f.Waiver != "" {
		t.row("waived", printable(f.Waiver))
	}
	t.why(f, rule)
	if f.Elsewhere != "" {
		t.row("elsewhere", printable(f.Elsewhere))
	}
	if where := planned(r, f); where != "" {
		t.row("fix", where)
	} else if steps := t.o.steps(f); withSteps && len(steps) > 0 {
		t.steps("  fix    ", steps)
	}
	if t.o.Verbosity > 0 {
		t.sources(rule)
		if f.Codes != nil {
			t.row("codes", codesSentence(f.Codes))
		}
	}
}

// why is a sentence, or with -v the whole of the rule's explanation.
func (t *text) why(f *chain.Finding, rule *chain.Rule) {
	command := "chainspect explain " + printable(f.Rule)
	switch first := firstSentence(rule.Explain); {
	case rule.Explain == "":
		t.row("why", command)
	case t.o.Verbosity > 0:
		for i, l := range printableLines(rule.Explain) {
			t.row(map[bool]string{true: "why"}[i == 0], l)
		}
		t.row("more", command)
	default:
		t.row("why", printable(first)+" (all of it: "+command+")")
	}
}

// firstSentence ends at a full stop that a new sentence follows.
func firstSentence(s string) string {
	for i := 0; i+2 < len(s); i++ {
		if s[i] == '.' && (s[i+1] == ' ' || s[i+1] == '\n') && s[i+2] >= 'A' && s[i+2] <= 'Z' {
			return s[:i]
		}
	}
	return strings.TrimSuffix(s, ".")
}

// row is a line of a block: a label, and text behind it.
func (t *text) row(label, s string) {
	head := "  " + pad(label, 7)
	if columns(label) >= 7 {
		head = "  " + label + "  "
	}
	t.put(head, strings.Repeat(" ", columns(head)), s, nil)
}

// evidence is a measured value beside what was wanted, on one line if it fits.
func (t *text) evidence(e chain.Evid) {
	between := " "
	if strings.Contains(e.Field, " ") {
		between = ": "
	}
	found, want := printable(strings.TrimSpace(e.Field+between+e.Got)), printable(e.Want)
	if one := found + "     want  " + want; want != "" && columns(one)+9 <= t.o.Width {
		t.row("found", one)
		return
	}
	t.row("found", found)
	if want != "" {
		t.row("want", want)
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
			l += " (" + s.Confidence.Words() + ")"
		}
		if columns(l)+9 <= t.o.Width {
			t.line("  from   " + t.link(documentPage(s.Doc), l))
			continue
		}
		t.row("from", l)
	}
}

// codesSentence lists what a device shows for one finding.
func codesSentence(c *chain.Codes) string {
	var parts []string
	if c.Sec != 0 {
		parts = append(parts, "SecTrust "+itoa(c.Sec))
	}
	if c.URL != 0 {
		parts = append(parts, "NSURLErrorDomain "+itoa(c.URL))
	}
	if c.SSL != 0 {
		parts = append(parts, "SSL "+itoa(c.SSL))
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
