package report

import "strings"

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
