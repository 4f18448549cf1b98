package walls

import (
	"bytes"
	"go/ast"
	"go/printer"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestSecurityLimits holds the table of limits in docs/security.md to the constants.
func TestSecurityLimits(t *testing.T) {
	constants := map[string]string{}
	for _, below := range []string{"internal", "pkg"} {
		for _, s := range sources(t, below) {
			if s.test {
				continue
			}
			for _, d := range s.file.Decls {
				g, ok := d.(*ast.GenDecl)
				if !ok || g.Tok != token.CONST {
					continue
				}
				for _, spec := range g.Specs {
					v := spec.(*ast.ValueSpec)
					for i, name := range v.Names {
						if i < len(v.Values) {
							var b bytes.Buffer
							if err := printer.Fprint(&b, token.NewFileSet(), v.Values[i]); err != nil {
								t.Fatal(err)
							}
							constants[s.dir+" "+name.Name] = b.String()
						}
					}
				}
			}
		}
	}
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(page), "| what | limit | constant |\n")
	if !ok {
		t.Fatal("docs/security.md has no table of limits")
	}
	row, named, n := regexp.MustCompile("^\\| .+ \\| .+ \\| `([a-z0-9/]+)` (.+) \\|$"), regexp.MustCompile(`(\w+) = ([^,]+)`), 0
	for _, line := range strings.Split(strings.SplitN(table, "\n\n", 2)[0], "\n")[1:] {
		m := row.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("%s: this row names no constant", line)
			continue
		}
		for _, c := range named.FindAllStringSubmatch(m[2], -1) {
			n++
			if got := constants[m[1]+" "+c[1]]; strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(c[2], " ", "") {
				t.Errorf("%s %s is %q in the source, %q in docs/security.md", m[1], c[1], got, c[2])
			}
		}
	}
	if n < 30 {
		t.Errorf("%d constants were compared", n)
	}
}
