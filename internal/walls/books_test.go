package walls

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var shared = regexp.MustCompile(`(?m)^\s+([a-z0-9_]+\.go) {2,}\S`)

// TestRuleFilesHaveTheRulesName: in every book a file that registers a rule
// registers one, and is named after it: the ID without the book's prefix. The
// others are what several rules share; doc.go lists them, and says what for.
func TestRuleFilesHaveTheRulesName(t *testing.T) {
	rules := 0
	for _, dir := range []string{"pkg/chain/basic", "pkg/chain/lint", "pkg/chain/apple", "pkg/chain/revocation", "pkg/chain/hostname",
		"pkg/chain/identity", "pkg/chain/mtls", "pkg/chain/reach", "pkg/chain/strict", "pkg/ats"} {
		listed, found := map[string]bool{}, map[string]bool{}
		for _, s := range sources(t, dir) {
			if s.dir != dir || s.test {
				continue
			}
			name := filepath.Base(s.path)
			ids := registered(s.file)
			switch {
			case name == "doc.go":
				for _, m := range shared.FindAllStringSubmatch(bookComment(s.file), -1) {
					listed[m[1]] = true
				}
				if len(ids) > 0 {
					t.Errorf("%s registers %s", s.path, ids)
				}
			case len(ids) == 0:
				found[name] = true
			default:
				rules++
				want := strings.ReplaceAll(strings.TrimPrefix(ids[0], filepath.Base(dir)+"-"), "-", "_") + ".go"
				if len(ids) > 1 || name != want {
					t.Errorf("%s registers %s: one rule stands in %s", s.path, ids, want)
				}
			}
		}
		for name := range found {
			if !listed[name] {
				t.Errorf("%s/%s is no rule's: the comment of rules in doc.go says what it is for", dir, name)
			}
		}
		for name := range listed {
			if !found[name] {
				t.Errorf("%s/doc.go speaks of %s, which is not there, or is a rule's", dir, name)
			}
		}
	}
	if rules < 200 {
		t.Errorf("only %d rules were found", rules)
	}
}

// registered lists the IDs of the rules a file adds to its book. Each is a variable
// of the file: a rule written into the call would be made at every start.
func registered(f *ast.File) (ids []string) {
	added := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 1 {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Add" && isIdent(sel.X, "rules") {
				if rule, ok := call.Args[0].(*ast.Ident); ok {
					added[rule.Name] = true
				}
			}
		}
		return true
	})
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !added[spec.Names[0].Name] {
			return true
		}
		ast.Inspect(spec, func(n ast.Node) bool {
			if kv, ok := n.(*ast.KeyValueExpr); ok && isIdent(kv.Key, "ID") {
				if lit, ok := kv.Value.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					id, _ := strconv.Unquote(lit.Value)
					ids = append(ids, id)
				}
			}
			return true
		})
		return false
	})
	return ids
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// bookComment is what stands above the variable of a package's book.
func bookComment(f *ast.File) string {
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR && len(g.Specs) == 1 && g.Specs[0].(*ast.ValueSpec).Names[0].Name == "rules" {
			return g.Doc.Text()
		}
	}
	return ""
}

// TestMessagesAreNotJoined: what a finding says is one string or one format string,
// never words joined by +. (internal/stories looks for each message that is made.)
func TestMessagesAreNotJoined(t *testing.T) {
	says := func(e ast.Expr) bool {
		switch x := e.(type) {
		case *ast.Ident:
			return x.Name == "Message" || x.Name == "Short"
		case *ast.SelectorExpr:
			return x.Sel.Name == "Message" || x.Sel.Name == "Short"
		}
		return false
	}
	joined := func(e ast.Expr) bool {
		b, ok := e.(*ast.BinaryExpr)
		return ok && b.Op == token.ADD
	}
	for _, s := range sources(t, "pkg") {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			bad := false
			switch x := n.(type) {
			case *ast.KeyValueExpr:
				bad = says(x.Key) && joined(x.Value)
			case *ast.AssignStmt:
				for i, l := range x.Lhs {
					bad = bad || says(l) && (x.Tok == token.ADD_ASSIGN || i < len(x.Rhs) && joined(x.Rhs[i]))
				}
			}
			if bad {
				t.Errorf("%s: a message is joined of pieces, so that grep does not find it", s.path)
			}
			return true
		})
	}
}
