// Package walls holds the walls of docs/design.md by tests: what may import
// what, and that everything under pkg/ is pure.
package walls

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/chainspect/chainspect/"

// source is one parsed Go file below the root; dir has forward slashes.
type source struct {
	path, dir string
	file      *ast.File
	test      bool
	lines     int
}

func sources(t *testing.T, below string) []source {
	t.Helper()
	var out []source
	fset := token.NewFileSet()
	root := "../.."
	err := filepath.WalkDir(filepath.Join(root, below), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.Contains(filepath.ToSlash(path), "/testdata/") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(fset, path, data, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		out = append(out, source{rel, filepath.ToSlash(filepath.Dir(rel)), f, strings.HasSuffix(path, "_test.go"), strings.Count(string(data), "\n")})
		return nil
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("%s: %d files, %v", below, len(out), err)
	}
	return out
}

func imports(f *ast.File) []string {
	var out []string
	for _, i := range f.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		out = append(out, p)
	}
	return out
}

func TestCoreIsPure(t *testing.T) {
	banned := map[string]bool{"net": true, "os": true, "net/http": true, "log": true, "log/slog": true, "crypto/tls": true, "math/rand": true,
		"math/rand/v2": true}
	// The assembly is pure too, with what it is made of.
	assembly := map[string]bool{"internal/rulebook": true, "internal/anchors/embedded": true, "internal/anchors/storeindex": true, "internal/near": true}
	all := sources(t, "pkg")
	for dir := range assembly {
		all = append(all, sources(t, dir)...)
	}
	for _, s := range all {
		if s.test {
			continue
		}
		if s.dir == door || s.dir == liveDoor { // TestTheDoor
			continue
		}
		for _, p := range imports(s.file) {
			ours, internal := strings.CutPrefix(p, module+"internal/")
			if banned[p] || internal && ours != "near" && !(assembly[s.dir] && assembly["internal/"+ours]) { // near is among the assembly
				t.Errorf("%s imports %s: pkg/ and the assembly are pure", s.path, p)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok {
					switch x.Name + "." + sel.Sel.Name {
					case "time.Now", "time.Since", "time.Until", "rand.Reader", "x509.SystemCertPool":
						t.Errorf("%s uses %s.%s: pkg/ and the assembly depend on nothing but their input", s.path, x.Name, sel.Sel.Name)
					}
				}
			}
			return true
		})
	}
}

// The public door: the one part of pkg/ that stands before the assembly.
const (
	door     = "pkg/chainspect"
	liveDoor = "pkg/chainspect/live"
)

// TestTheDoor: it imports the assembly and what explains, and its live half what
// knows the world and the dialler it hands to it; no rule package.
func TestTheDoor(t *testing.T) {
	allowed := map[string][]string{
		door: {"internal/rulebook", "internal/anchors/embedded", "internal/near", "internal/explain", "pkg/chain", "pkg/chain/hostname",
			"pkg/chain/x509read", "pkg/ats"},
		liveDoor: {"internal/dial", "internal/inspect", "internal/load", "pkg/chain", door},
	}
	for _, s := range sources(t, door) {
		for _, p := range imports(s.file) {
			ours, internal := strings.CutPrefix(p, module)
			if !s.test && (internal && !slices.Contains(allowed[s.dir], ours) || s.dir == door && (p == "net" || p == "os" || p == "net/http")) {
				t.Errorf("%s imports %s", s.path, p)
			}
		}
	}
}

// TestVerifyIsAnOracle: crypto/x509's own judging is for tests.
func TestVerifyIsAnOracle(t *testing.T) {
	for _, s := range append(append(sources(t, "pkg"), sources(t, "internal")...), sources(t, "cmd")...) {
		if s.test {
			continue
		}
		usesX509 := false
		for _, p := range imports(s.file) {
			usesX509 = usesX509 || p == "crypto/x509"
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && usesX509 && (sel.Sel.Name == "VerifyHostname" || sel.Sel.Name == "VerifyOptions") {
				t.Errorf("%s uses %s outside a test", s.path, sel.Sel.Name)
			}
			return true
		})
	}
}

// TestNoPrivateKeysInCore: no field under pkg/ can hold one.
func TestNoPrivateKeysInCore(t *testing.T) {
	for _, s := range sources(t, "pkg") {
		if s.test || s.dir == liveDoor { // whose identity is opaque
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			st, ok := n.(*ast.StructType)
			if !ok {
				return true
			}
			for _, f := range st.Fields.List {
				if sel, ok := base(f.Type).(*ast.SelectorExpr); ok &&
					(strings.Contains(sel.Sel.Name, "PrivateKey") || sel.Sel.Name == "Signer" || sel.Sel.Name == "Decrypter") {
					t.Errorf("%s: a field of type %s can hold a private key", s.path, sel.Sel.Name)
				}
			}
			return true
		})
	}
}

func base(e ast.Expr) ast.Expr {
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.ArrayType:
			e = x.Elt
		default:
			return e
		}
	}
}

// TestArrows: rule packages import the core and no other rule package; the core
// imports its reader; IO packages do not import commands.
func TestArrows(t *testing.T) {
	reader, words := module+"pkg/chain/x509read", module+"pkg/tlsname"
	rules := []string{"pkg/chain/basic", "pkg/chain/lint", "pkg/chain/apple", "pkg/chain/revocation", "pkg/chain/hostname", "pkg/chain/identity",
		"pkg/chain/mtls", "pkg/chain/reach", "pkg/chain/strict", "pkg/ats"}
	allowed := map[string][]string{"pkg/tlsname": nil, "pkg/chain": {reader, words}, "pkg/chain/x509read": nil, "pkg/chain/ctlog": {reader},
		"pkg/chain/pfx": {reader}, "pkg/client": {module + "pkg/chain", module + "pkg/chain/ctlog", reader, words}}
	for _, r := range rules {
		allowed[r] = []string{module + "pkg/chain", reader, words, module + "pkg/chain/ctlog"}
	}
	allowed["pkg/ats"] = append(allowed["pkg/ats"], module+"internal/near") // which is pure, and finds the key that was meant
	for _, s := range sources(t, "pkg") {
		if s.dir == door || s.dir == liveDoor {
			continue
		}
		list, known := allowed[s.dir]
		if !known {
			t.Errorf("%s: the layout of docs/design.md has no package %s", s.path, s.dir)
			continue
		}
		if s.test {
			continue
		}
		for _, p := range imports(s.file) {
			if !strings.HasPrefix(p, module) {
				continue
			}
			ok := false
			for _, a := range list {
				ok = ok || p == a
			}
			if !ok {
				t.Errorf("%s imports %s: arrows run one way", s.path, strings.TrimPrefix(p, module))
			}
		}
	}
}

// TestRulesDoNotKnowProfiles: severities come from the profile alone.
func TestRulesDoNotKnowProfiles(t *testing.T) {
	for _, s := range sources(t, "pkg") {
		if s.test || s.dir == "pkg/chain" || strings.HasPrefix(s.dir, door) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && (id.Name == "ProfileByName" || id.Name == "Profiles" || id.Name == "Profile") {
				t.Errorf("%s knows of profiles", s.path)
			}
			return true
		})
	}
}

func TestFilesAreShortAndNamed(t *testing.T) {
	for _, dir := range []string{"pkg", "internal", "cmd"} {
		for _, s := range sources(t, dir) {
			if s.lines > 500 && !s.test && !ast.IsGenerated(s.file) {
				t.Errorf("%s has %d lines: give the reader two rooms", s.path, s.lines)
			}
			for _, name := range []string{"util", "utils", "helpers", "helper", "common", "misc", "types"} {
				if strings.TrimSuffix(filepath.Base(s.path), ".go") == name || filepath.Base(s.dir) == name {
					t.Errorf("%s: the name says nothing", s.path)
				}
			}
			for _, d := range s.file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
					t.Errorf("%s has an init function", s.path)
				}
			}
		}
	}
}
