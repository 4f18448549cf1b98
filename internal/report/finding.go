package report

import (
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// grade is the one word a finding is filed under: its severity where it is
// broken, else its status.
func grade(f *chain.Finding) string {
	if f.Status == chain.Unknown || f.Status == chain.Waived {
		return string(f.Status)
	}
	return string(f.Severity)
}

// rank orders findings, the worst first; an unknown one counts as a warning.
func rank(f *chain.Finding) int {
	if f.Status == chain.Waived {
		return 4
	}
	if f.Status == chain.Unknown && f.Severity != chain.Note {
		return 1
	}
	switch f.Severity {
	case chain.Error:
		return 0
	case chain.Warning:
		return 2
	}
	return 3
}

// worstFirst is the findings in the order they are shown; equals keep their order.
func worstFirst(findings []chain.Finding) []*chain.Finding {
	list := make([]*chain.Finding, len(findings))
	for i := range findings {
		list[i] = &findings[i]
	}
	slices.SortStableFunc(list, func(a, b *chain.Finding) int { return rank(a) - rank(b) })
	return list
}

// rulesPage is where every rule has a heading of its own.
const rulesPage = "https://github.com/chainspect/chainspect/blob/main/docs/rules.md"

// rulePage is the page of a rule; "" where the ID is none, since it would stand
// in an escape sequence.
func rulePage(id string) string {
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return ""
		}
	}
	return rulesPage + "#" + id
}

// documentPage is the page of a public document; "" where none is known.
func documentPage(doc string) string {
	n, ok := strings.CutPrefix(doc, "RFC ")
	if !ok || strings.Trim(n, "0123456789") != "" {
		return ""
	}
	return "https://www.rfc-editor.org/rfc/rfc" + n
}

// link makes a text an OSC 8 hyperlink where the terminal is known to have them.
func (t *text) link(url, s string) string {
	if !t.o.Links || url == "" {
		return s
	}
	return "\x1b]8;;" + url + "\x1b\\" + s + "\x1b]8;;\x1b\\"
}
