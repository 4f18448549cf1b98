package stories

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// said is a string of the source as the regular expression of what it prints, with
// the letters it says by itself.
type said struct {
	expression *regexp.Regexp
	letters    int
	place      string
}

// findable is how many letters in a row grep wants to find a place of its own.
const findable = 10

var verb = regexp.MustCompile(`%[-+# 0]*[0-9.]*[a-zA-Z]`)

// sentences lists the strings of the rules' packages that are long enough to be found.
func sentences(t *testing.T) (all []said) {
	t.Helper()
	fset := token.NewFileSet()
	err := filepath.WalkDir("../../pkg", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(fset, path, data, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil || !utf8.ValidString(text) || !strings.Contains(text, " ") {
				return true
			}
			parts := verb.Split(text, -1)
			letters := 0
			for i := range parts {
				letters += len(strings.TrimSpace(parts[i]))
				parts[i] = regexp.QuoteMeta(parts[i])
			}
			if letters >= findable {
				all = append(all, said{regexp.MustCompile("(?s)" + strings.Join(parts, ".*?")), letters, fset.Position(lit.Pos()).String()})
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestMessagesAreFound: of each message a part that is long enough stands in one
// string of the source, so that grep finds what the user saw: none is put together
// of words that stand apart.
func TestMessagesAreFound(t *testing.T) {
	all := sentences(t)
	checked := map[string]bool{}
	for _, s := range load(t) {
		for _, f := range judge(t, &s.Scene).Findings {
			if checked[f.Rule] {
				continue
			}
			checked[f.Rule] = true
			best := 0
			for _, x := range all {
				if x.letters > best && x.expression.MatchString(f.Message) {
					best = x.letters
				}
			}
			if best < findable {
				t.Errorf("%s: no string of the source makes %d letters of %q", f.Rule, findable, f.Message)
			}
		}
	}
	t.Logf("messages of %d rules", len(checked))
}
