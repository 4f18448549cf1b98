package report

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// runeWidth is the number of terminal columns a rune takes.
func runeWidth(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// columns is the number of terminal columns a string takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// pad fills a string up with spaces.
func pad(s string, n int) string {
	if c := columns(s); c < n {
		return s + strings.Repeat(" ", n-c)
	}
	return s
}

// wrap breaks a text into lines of at most n columns, at spaces, and inside a
// word only where it is longer than a line.
func wrap(s string, n int) []string {
	n = max(n, 8)
	var lines []string
	line, used := "", 0
	for i, word := range strings.Split(s, " ") {
		w := columns(word)
		if i > 0 && used+1+w <= n {
			line, used = line+" "+word, used+1+w
			continue
		}
		if i > 0 {
			lines = append(lines, strings.TrimRight(line, " "))
		}
		for w > n {
			head := cut(word, n)
			lines = append(lines, head)
			word = word[len(head):]
			w -= columns(head)
		}
		line, used = word, w
	}
	return append(lines, strings.TrimRight(line, " "))
}

// cut is the longest beginning of a word that fits into n columns, ended where
// names and paths have a joint, if there is one in its second half.
func cut(word string, n int) string {
	end, joint, used := 0, 0, 0
	for i, r := range word {
		if used += runeWidth(r); used > n {
			break
		}
		end = i + len(string(r))
		if used > n/2 && strings.ContainsRune("/,.-=&", r) {
			joint = end
		}
	}
	if joint > 0 {
		return word[:joint]
	}
	return word[:end]
}

// plain is the text in what the terminal's locale has: ASCII where that is not
// UTF-8. Marks of our own have their like there, letters of names are escaped.
func (t *text) plain(s string) string {
	if !t.o.ASCII {
		return s
	}
	s = strings.NewReplacer("…", "...", "·", "-", "→", "->", "–", "-", "−", "-", "“", `"`, "”", `"`, "’", "'", "×", "x", "↑", "^").Replace(s)
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String()
}
