package report

import (
	"strings"
)

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
