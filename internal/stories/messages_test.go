package stories

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/chainspect/chainspect/pkg/chain"
)

// said is a string of the source as the regular expression of all that it prints.
type said struct {
	expression *regexp.Regexp
	longest    string // of what it says by itself: a message without it is not its own
	place      string
}

// findable is how many letters of its own a format string needs for grep to find it.
const findable = 10

var verb = regexp.MustCompile(`%[-+# 0]*[0-9.]*[a-zA-Z%]|\{item\}`)

// sayings lists the strings of the rules' packages that may be messages, as
// patterns of what they print. What stands in other fields of a rule is none.
func sayings(t *testing.T) (all []said) {
	t.Helper()
	other := []string{"Title", "Explain", "Text", "Doc", "Section", "Field", "Got", "Want"}
	fset := token.NewFileSet()
	err := filepath.WalkDir("../../pkg", func(path string, d fs.DirEntry, err error) error {
		if d.IsDir() && slices.Contains([]string{"x509read", "pfx", "ctlog", "tlsname", "client"}, d.Name()) {
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if kv, ok := n.(*ast.KeyValueExpr); ok {
				if key, ok := kv.Key.(*ast.Ident); ok && slices.Contains(other, key.Name) {
					return false
				}
			}
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, ok := saying(lit.Value); ok {
					s.place = fset.Position(lit.Pos()).String()
					all = append(all, s)
				}
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

// saying is the pattern of a string literal; false where it is too short to be found.
func saying(literal string) (said, bool) {
	text, err := strconv.Unquote(literal)
	if err != nil || !utf8.ValidString(text) || !strings.Contains(text, " ") {
		return said{}, false
	}
	var s said
	var expression strings.Builder
	letters, from := 0, 0
	own := func(part string) {
		letters += len(strings.ReplaceAll(part, " ", ""))
		if len(part) > len(s.longest) {
			s.longest = part
		}
		expression.WriteString(regexp.QuoteMeta(part))
	}
	for _, at := range verb.FindAllStringIndex(text, -1) {
		own(text[from:at[0]])
		switch text[at[1]-1] {
		case '}': // the certificate's label
			expression.WriteString(`(item [0-9]+|the (trusted anchor|certificate) .+)`)
		case '%':
			expression.WriteByte('%')
		case 'd':
			expression.WriteString(`-?[0-9]+`)
		case 'q':
			expression.WriteString(`"(?:[^"\\]|\\.)*"`)
		default:
			expression.WriteString(`.*`)
		}
		from = at[1]
	}
	own(text[from:])
	if letters < findable {
		return said{}, false
	}
	s.expression = regexp.MustCompile("(?s)^" + expression.String() + "$")
	return s, true
}

// recorded are the messages of the reports that the formats are tested with.
func recorded(t *testing.T) (all []chain.Finding) {
	t.Helper()
	files, err := filepath.Glob("../report/testdata/reports/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var r chain.Report
		if strings.Contains(file, "hostile") { // written to try the formats, by no rule
			continue
		}
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatal(file, err)
		}
		all = append(all, r.Findings...)
	}
	return all
}

// dated finds what is written like a date or a time of day, and instant how both are
// written: chain.Instant, or the day alone.
var (
	dated   = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2}(:[0-9]{2})?|\b(January|February|March|April|June|July|August|September|October|November|December) [0-9]`)
	instant = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2} UTC)?( |$|[.,;:)])`)
)

// TestMessagesAreWhole: each message is made by one format string, and by that
// alone, so that grep finds the place of what the user saw. Dates are written in one
// way throughout.
func TestMessagesAreWhole(t *testing.T) {
	t.Parallel()
	all := sayings(t)
	checked := map[string]bool{}
	check := func(f *chain.Finding) {
		if checked[f.Message] {
			return
		}
		checked[f.Message] = true
		if strings.Contains(f.Message+f.Short, "{") {
			t.Errorf("%s: nobody has put the certificate into %q", f.Rule, f.Message+f.Short)
		}
		if rest := instant.ReplaceAllString(f.Message, " "); dated.MatchString(rest) {
			t.Errorf("%s: a date in another notation: %q", f.Rule, f.Message)
		}
		var by []string
		for _, x := range all {
			if strings.Contains(f.Message, x.longest) && x.expression.MatchString(f.Message) {
				by = append(by, x.place)
			}
		}
		if len(by) != 1 {
			t.Errorf("%s: %q is made by %d format strings: %s", f.Rule, f.Message, len(by), fmt.Sprint(by))
		}
	}
	for _, s := range load(t) {
		for _, r := range []*chain.Report{judge(t, &s.Scene), judge(t, s.Near)} {
			for i := range r.Findings {
				check(&r.Findings[i])
			}
		}
	}
	for _, f := range recorded(t) {
		check(&f)
	}
	t.Logf("%d messages", len(checked))
}
