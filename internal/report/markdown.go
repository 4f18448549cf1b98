package report

import (
	"io"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// markdown collects a run and writes a job summary: a table first, then the
// details of what is not in order.
type markdown struct {
	w       io.Writer
	o       Options
	table   strings.Builder
	details strings.Builder
	tally   tally
}

func newMarkdown(w io.Writer, o Options) Reporter { return &markdown{w: w, o: o} }

func (m *markdown) Begin() error { return nil }

func (m *markdown) Report(r *chain.Report) error {
	until := ""
	if r.GoodUntil != nil {
		until = instant(r.GoodUntil.Time) + ", " + distance(r.EvaluatedAt, r.GoodUntil.Time)
	}
	m.tally.report(r)
	m.row(verdictMark(r), heading(r), headline(r), until)
	m.section(r)
	return nil
}

func (m *markdown) Failure(f *chain.Failure) error {
	m.tally.uninspected++
	m.row("❌ not inspected", failedJob(f), causeOf(f), "")
	return nil
}

func (m *markdown) End() error {
	table := "| verdict | target | what | good until |\n| --- | --- | --- | --- |\n" + m.table.String()
	if m.o.Gate != nil {
		table = m.gate()
	} else if m.tally.answers() > 1 {
		table = mdText(m.tally.sentence()) + "\n\n" + table
	}
	_, err := io.WriteString(m.w, "## "+mdText(m.o.Tool.Name)+"\n\n"+table+m.details.String())
	return err
}

func (m *markdown) row(cells ...string) {
	m.table.WriteString("| " + cells[0] + " | " + mdCell(cells[1]) + " | " + mdText(cells[2]) + " | " + cells[3] + " |\n")
}

// verdictMark is the verdict in words; the sign only repeats them.
func verdictMark(r *chain.Report) string {
	sign := "❔ "
	switch verdictClass(r) {
	case "trusted":
		sign = "✅ "
	case "untrusted":
		sign = "❌ "
	}
	return sign + verdictWords(r)
}

// section is a target's levels and findings; notes only when everything is asked for.
func (m *markdown) section(r *chain.Report) {
	var shown []*chain.Finding
	for _, f := range worstFirst(r.Findings) {
		if rank(f) < 3 || m.o.Verbosity > 0 || f.Counts(m.o.FailOn) {
			shown = append(shown, f)
		}
	}
	if len(shown) == 0 && len(r.Changes) == 0 && r.IdentityFile() == nil {
		return
	}
	b := &m.details
	b.WriteString("\n### " + mdCode(heading(r)) + "\n\n")
	for _, c := range r.Changes {
		b.WriteString("- changed: " + mdText(c.What) + ": " + mdCode(c.Before) + " → " + mdCode(c.After) + "\n")
	}
	for _, l := range r.Levels {
		if l.Verdict == chain.NotApplicable {
			continue
		}
		b.WriteString("- " + levelName(l.Level) + ": **" + string(l.Verdict) + "**")
		if l.Reason != "" {
			b.WriteString(", " + mdText(l.Reason))
		}
		b.WriteString("\n")
	}
	if r.Device != nil {
		b.WriteString("- " + mdText(deviceSentence(r)) + "\n")
	}
	m.identity(r)
	m.clients(r)
	if len(r.Plan) > 0 {
		b.WriteString("\n**fix**\n\n")
		m.steps("1. ", stepsOf(r.Plan))
	}
	for _, f := range shown {
		m.finding(r, f)
	}
}

// steps are entries of a list, each command a span of code on a line of its own.
// Every entry begins alike: Markdown counts those of an ordered list by itself.
func (m *markdown) steps(bullet string, steps []step) {
	const more = "   <br>"
	for i := range steps {
		s := &steps[i]
		head := bullet
		for _, l := range printableLines(s.said()) {
			m.details.WriteString(head + mdAdvice(l) + "\n")
			head = more
		}
		for _, c := range s.Commands {
			m.details.WriteString(more + mdCode(c) + "\n")
		}
		for _, c := range s.Config {
			server, line, _ := strings.Cut(c, ": ")
			m.details.WriteString(more + "in " + mdText(server) + ": " + mdCode(line) + "\n")
		}
		for _, after := range []string{s.Then, s.Tried} {
			if after != "" {
				m.details.WriteString(more + mdText(after) + "\n")
			}
		}
	}
}

// identity is what protects an identity file, its keys, and who takes it.
func (m *markdown) identity(r *chain.Report) {
	id := r.IdentityFile()
	if id == nil {
		return
	}
	b := &m.details
	b.WriteString("- protected: " + mdText(protectedBy(*id.Protection)) + "\n")
	for _, k := range id.Keys {
		b.WriteString("- key: " + mdText(keyFits(r, k)) + "\n")
	}
	if len(id.Imports) > 0 {
		b.WriteString("\n| importer | takes the file |\n| --- | --- |\n")
	}
	for _, i := range id.Imports {
		b.WriteString("| " + mdText(i.Where) + " | " + mdText(takes(i)) + " |\n")
	}
	for _, c := range conversions(id) {
		b.WriteString("\nConvert for " + mdText(c.For()) + ": " + mdCode(c.Command) + "\n")
	}
}

func (m *markdown) finding(r *chain.Report, f *chain.Finding) {
	b := &m.details
	b.WriteString("\n**" + grade(f) + "** " + mdCode(f.Rule) + ": " + mdText(f.Message) + "\n\n")
	if it, label := findingItem(r, f); it != nil {
		b.WriteString("- " + mdText(label) + ": " + mdCode(shortName(it)) + "\n")
	}
	for _, e := range f.Evidence {
		b.WriteString("- " + mdText(e.Field) + ": " + mdCode(e.Got))
		if e.Want != "" {
			b.WriteString(", want: " + mdText(e.Want))
		}
		b.WriteString("\n")
	}
	if f.Waiver != "" {
		b.WriteString("- waived: " + mdText(f.Waiver) + "\n")
	}
	if why := m.o.rule(f.Rule).Explain; why != "" {
		b.WriteString("- why: " + mdAdvice(why) + "\n")
	}
	if f.Elsewhere != "" {
		b.WriteString("- elsewhere: " + mdText(f.Elsewhere) + "\n")
	}
	if where := planned(r, f); where != "" {
		b.WriteString("- fix: " + where + "\n")
	} else {
		m.steps("- fix: ", m.o.steps(f))
	}
}

// mdText escapes a text for GitHub's Markdown: nothing in it is a heading, a
// table cell, HTML, a mention, a reference or a link, also none that GitHub
// would make by itself of a bare address.
func mdText(s string) string {
	s = schemeless(printable(s))
	var b strings.Builder
	for _, r := range s {
		switch r {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '@':
			b.WriteString("&#64;")
		case '#':
			b.WriteString("&#35;")
		case '|':
			b.WriteString("&#124;")
		case '\\', '`', '*', '_', '~', '[', ']', '!', '$':
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	// GitHub links www.… by itself; a numeric reference in it ends that.
	return replaceFold(b.String(), "www.", "&#46;")
}

// mdAdvice escapes an explanation or a remedy, in which commands stand between
// backticks; where those do not pair, all is text.
func mdAdvice(s string) string {
	parts := strings.Split(s, "`")
	if len(parts)%2 == 0 {
		return mdText(s)
	}
	for i, p := range parts {
		switch {
		case i%2 == 0:
			parts[i] = mdText(p)
		case p != "":
			parts[i] = mdCode(p)
		}
	}
	return strings.Join(parts, "")
}

// replaceFold replaces the last byte of every occurrence of an ASCII word.
func replaceFold(s, word, last string) string {
	var b strings.Builder
	lower := strings.ToLower(s)
	if len(lower) != len(s) { // a letter whose lower case has another length: positions would not fit
		lower = s
	}
	for {
		i := strings.Index(lower, word)
		if i < 0 {
			return b.String() + s
		}
		n := i + len(word)
		b.WriteString(s[:n-1] + last)
		s, lower = s[n:], lower[n:]
	}
}

// mdCode is a code span: its fence is longer than any run of backticks inside.
func mdCode(s string) string {
	s = printable(s)
	if s == "" {
		return "(none)"
	}
	run, longest := 0, 0
	for _, r := range s {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	if longest > 0 || strings.HasPrefix(s, " ") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// mdCell is a code span inside a table, where only a backslash keeps a bar from
// ending the cell.
func mdCell(s string) string { return strings.ReplaceAll(mdCode(s), "|", `\|`) }
