package report

import (
	"strconv"
	"strings"

	"github.com/fatih/color"

	"github.com/chainspect/chainspect/pkg/chain"
)

func itoa(n int) string { return strconv.Itoa(n) }

// findings shows each finding in the order message, evidence, why, fix, more;
// notes get one line each unless everything is asked for.
func (t *text) findings(r *chain.Report) {
	var notes []*chain.Finding
	for _, f := range worstFirst(r.Findings) {
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
	if f.FixChecked {
		t.put("         ", "         ", checkedSentence(f), nil)
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

// checkedSentence tells that the repair was tried and what came of it.
func checkedSentence(f *chain.Finding) string {
	s := "checked"
	if f.FixTried != "" {
		s += " " + printable(f.FixTried)
	}
	if f.FixUntil != nil {
		return s + ": then trusted until " + instant(*f.FixUntil)
	}
	return s + ": it clears this finding"
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
