package report

import (
	"strings"

	"github.com/fatih/color"

	"github.com/chainspect/chainspect/pkg/chain"
)

// levels lists the verdicts of the levels with what decided them. The level
// identity is left out where no identity was given: most runs have none.
func (t *text) levels(r *chain.Report) {
	if len(r.Levels) == 0 {
		return
	}
	t.line("")
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
