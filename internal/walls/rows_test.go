package walls

import (
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// widest is how many columns a row of a test's table may have, a tab being four: a
// reader sees it whole.
const widest = 160

// TestRowsAreSeenWhole: no line of a test is wider, but for one long string in it.
func TestRowsAreSeenWhole(t *testing.T) {
	for _, dir := range []string{"pkg", "internal", "cmd", "web"} {
		for _, s := range sources(t, dir) {
			if !s.test {
				continue
			}
			text, err := os.ReadFile(filepath.Join("../..", s.path))
			if err != nil {
				t.Fatal(err)
			}
			long := longStrings(text)
			for i, line := range strings.Split(string(text), "\n") {
				if n := utf8.RuneCountInString(line) + 3*strings.Count(line, "\t"); n > widest && !long[i+1] {
					t.Errorf("%s:%d has %d columns, at most %d can be read: break the row", s.path, i+1, n, widest)
				}
			}
		}
	}
}

// longStrings are the lines with a string of more than a hundred columns, which
// cannot be broken, and those inside of a raw string.
func longStrings(text []byte) map[int]bool {
	out := map[int]bool{}
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, 0)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return out
		}
		if lines := strings.Count(lit, "\n"); tok == token.STRING && (lines > 0 || utf8.RuneCountInString(lit) > 100) {
			for i := range lines + 1 {
				out[file.Line(pos)+i] = true
			}
		}
	}
}
