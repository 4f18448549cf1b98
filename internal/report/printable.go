package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable makes one harmless line of any string, for what is said outside a report.
func Printable(s string) string { return printable(s) }

// printable makes one harmless line of any string: what a terminal or a reader
// could obey – control characters, escape sequences, bidirectional overrides,
// other invisible characters, invalid UTF-8 – is shown as \n, \x1b or \u202e.
// Printable text is returned unchanged.
func printable(s string) string {
	clean := true
	for i := 0; i < len(s) && clean; i++ {
		clean = s[i] >= 0x20 && s[i] < 0x7f
	}
	if clean {
		return defuse(s)
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		i += n
	}
	return defuse(b.String())
}

// defuse breaks what a build log would obey: workflow commands of GitHub Actions
// (::error::…, also behind spaces, so also where a line was wrapped) and of Azure
// and TeamCity (##[…], ##vso[…]).
func defuse(s string) string {
	s = strings.ReplaceAll(s, "##", `#\u0023`)
	i := strings.Index(s, "::")
	if i < 0 {
		return s
	}
	var b strings.Builder
	for ; i >= 0; i = strings.Index(s, "::") {
		b.WriteString(s[:i+1])
		s = s[i+1:]
		if isCommand(s[1:]) {
			b.WriteString(`\u003a`)
			s = s[1:]
		}
	}
	return b.String() + s
}

// isCommand reports whether a text begins like the name of a workflow command.
func isCommand(s string) bool {
	for _, word := range []string{"error", "warning", "notice", "debug", "group", "endgroup", "add-", "remove-", "set-", "save-", "stop-", "echo"} {
		if len(s) >= len(word) && strings.EqualFold(s[:len(word)], word) {
			return true
		}
	}
	return false
}

// printableLines is printable for texts that may have several lines, such as a
// remedy with lines of configuration: the line breaks stay, nothing else does.
func printableLines(s string) []string {
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n"), "\n")
	for i, l := range lines {
		lines[i] = printable(strings.ReplaceAll(l, "\t", "    "))
	}
	return lines
}

// schemeless drops the scheme of every URL in a text, so that nothing a
// certificate names becomes a link by itself.
func schemeless(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	var out []byte
	for part := range strings.SplitSeq(s, "://") {
		for n := len(out); n > 0 && isSchemeByte(out[n-1]); n-- {
			out = out[:n-1]
		}
		out = append(out, part...)
	}
	return string(out)
}

func isSchemeByte(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'
}
