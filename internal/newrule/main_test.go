package main

import (
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/testpki"
)

// What is written is a rule and a story, in the place where they belong.
func TestScaffold(t *testing.T) {
	for id, rule := range map[string]string{"apple-foo": "pkg/chain/apple/foo.go", "basic-foo-bar": "pkg/chain/basic/foo_bar.go", "ats-foo": "pkg/ats/foo.go"} {
		root := t.TempDir()
		for _, dir := range []string{filepath.Dir(rule), "testdata/certs", "docs"} {
			if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		page := filepath.Join(root, "docs/apple-coverage.md")
		if err := os.WriteFile(page, []byte("| fact | judged by |\n|---|---|\n| X-01 | `apple-x` |\n\nend\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := run(root, []string{id}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(root, rule))
		if err != nil {
			t.Fatal(err)
		}
		if formatted, err := format.Source(text); err != nil || string(formatted) != string(text) {
			t.Errorf("%s is no formatted Go: %v", rule, err)
		}
		story, err := os.ReadFile(filepath.Join(root, "testdata/certs", id+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if s, err := testpki.ParseStory(string(story)); err != nil || s.Near == nil || len(s.Fires) != 1 || s.Fires[0] != id {
			t.Errorf("%s: %+v, %v", id, s, err)
		}
		covered, _ := os.ReadFile(page)
		if apple := strings.HasPrefix(id, "apple-"); strings.Contains(string(covered), id) != apple {
			t.Errorf("%s on the coverage page: %s", id, covered)
		}
		if err := run(root, []string{id}); err == nil {
			t.Error("a rule that is there was written over")
		}
	}
	for _, bad := range []string{"", "foo", "Apple-foo", "nobook-foo", "apple-../x"} {
		if err := run(t.TempDir(), []string{bad}); err == nil {
			t.Errorf("%q is an ID", bad)
		}
	}
}
