package stories

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/policy"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// allRules are the rules of all books by their IDs, those of the gate too.
func allRules(t *testing.T) map[string]*chain.Rule {
	t.Helper()
	rules := map[string]*chain.Rule{}
	for _, book := range append(rulebook.Books(), policy.Rules) {
		for _, r := range book {
			if rules[r.ID] != nil {
				t.Errorf("two rules have the ID %s", r.ID)
			}
			rules[r.ID] = r
		}
	}
	return rules
}

// named finds what looks like the ID of a rule: the prefix of a book, and words.
var named = regexp.MustCompile(`\b(?:basic|apple|hostname|lint|revocation|ats|mtls|identity|reach|gate)-[a-z0-9]+(?:-[a-z0-9]+)*\b`)

// otherwiseNamed are words of the same shape that name something else.
var otherwiseNamed = map[string]string{
	"apple-coverage":           "a page of the documents",
	"apple-foo":                "the rule of CONTRIBUTING's example",
	"apple-mapkit":             "a host's name",
	"basic-constraints-syntax": "a fault of the reader",
}

// TestNamedRulesExist: a rule that is named anywhere – in another rule, in a
// profile, in explain, in the documents, in an example of a policy – is one.
func TestNamedRulesExist(t *testing.T) {
	t.Parallel()
	rules := allRules(t)
	families := map[string]bool{}
	for id := range rules {
		for i := range id {
			if id[i] == '-' {
				families[id[:i]] = true // "ats-plist": what a profile or a text says of several
			}
		}
	}
	checked := 0
	look := func(where, text string) {
		for _, at := range named.FindAllStringIndex(text, -1) {
			id, after := text[at[0]:at[1]], text[at[1]:]
			if len(after) > 1 && after[0] == '.' && after[1] >= 'a' && after[1] <= 'z' {
				continue // a file's name
			}
			checked++
			if rules[id] == nil && !families[id] && otherwiseNamed[id] == "" && !isHello(id) {
				t.Errorf("%s names %s, which is no rule", where, id)
			}
		}
	}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && (name == ".git" || name == "golden"):
			return filepath.SkipDir
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					if s, err := strconv.Unquote(l.Value); err == nil {
						look(path, s)
					}
				}
				return true
			})
		case strings.HasSuffix(name, ".md") && name != "CHANGELOG.md", strings.HasSuffix(name, ".yaml"), strings.HasSuffix(name, ".yml"),
			filepath.Ext(name) == ".txt" && filepath.Base(filepath.Dir(path)) == "certs":
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			look(path, string(data))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range chain.Profiles() {
		for _, g := range p.Table {
			if rules[g.Prefix] == nil && !(strings.HasSuffix(g.Prefix, "-") && families[strings.TrimSuffix(g.Prefix, "-")]) {
				t.Errorf("profile %s grades %s, which is no rule and the beginning of none", p.Name, g.Prefix)
			}
		}
	}
	if checked < 1000 {
		t.Errorf("only %d names were looked at", checked)
	}
}

func isHello(name string) bool {
	_, ok := tlsname.HelloNamed(name)
	return ok
}

// TestInsteadOf: what a special rule stands instead of exists, and no two rules
// stand instead of each other: both would be silent, and what is broken would
// count as good.
func TestInsteadOf(t *testing.T) {
	t.Parallel()
	rules := allRules(t)
	for id, r := range rules {
		seen := map[string]bool{}
		var walk func(at *chain.Rule, way string)
		walk = func(at *chain.Rule, way string) {
			for _, next := range at.InsteadOf {
				switch {
				case next == id:
					t.Errorf("%s > %s", way, next)
				case rules[next] == nil:
					t.Errorf("%s stands instead of %s, which is no rule", at.ID, next)
				case !seen[next]:
					seen[next] = true
					walk(rules[next], way+" > "+next)
				}
			}
		}
		walk(r, id)
	}
}

// TestOrderOfFilesIsNoMatter: the books in any order, and their rules in any,
// give the same reports.
func TestOrderOfFilesIsNoMatter(t *testing.T) {
	t.Parallel()
	books := rulebook.Books()
	rng := rand.New(rand.NewPCG(1, 2))
	shuffled := make([]chain.Book, len(books))
	for i, k := range rng.Perm(len(books)) {
		shuffled[i] = slices.Clone(books[k])
		rng.Shuffle(len(shuffled[i]), func(a, b int) { shuffled[i][a], shuffled[i][b] = shuffled[i][b], shuffled[i][a] })
	}
	for name, s := range load(t) {
		want := judgeBy(t, &s.Scene, books)
		if got := judgeBy(t, &s.Scene, shuffled); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the order of the rules tells: %+v, then %+v", name, want.Findings, got.Findings)
		}
	}
}

// judgeBy judges a scene by some books alone, without what the assembly adds.
func judgeBy(t *testing.T, s *testpki.Scene, books []chain.Book) *chain.Report {
	t.Helper()
	profile, err := rulebook.Profile(s.Profile, chain.Purpose(s.Purpose))
	if err != nil {
		t.Fatal(err)
	}
	return chain.NewEvaluator(profile.WithSeverities(grades(s)), memory, books...).Evaluate(input(t, s))
}
