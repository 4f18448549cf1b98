package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/chainspect/chainspect/pkg/chain"
)

// FuzzReports lets every reporter write any report, such as a saved one that was
// changed: none panics, and what a terminal or a page would obey is in none.
func FuzzReports(f *testing.F) {
	for _, name := range append(recorded()[:4], "hostile") {
		data, err := os.ReadFile(filepath.Join("testdata", "reports", name+".json"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var r chain.Report
		if json.Unmarshal(data, &r) != nil {
			return
		}
		for _, format := range Formats() {
			for _, verbosity := range []int{-1, 0, 1} {
				var b bytes.Buffer
				rep, err := New(format, &b, Options{Verbosity: verbosity, Rules: testRules})
				if err != nil {
					t.Fatal(err)
				}
				if err = rep.Begin(); err == nil {
					err = rep.Report(&r)
				}
				if err == nil {
					err = rep.End()
				}
				if err != nil { // such as a format that lacks what it needs
					continue
				}
				if i := strings.IndexFunc(b.String(), func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' || c == '\u202e' }); i >= 0 {
					t.Fatalf("%s shows the control character %q", format, b.String()[i:min(i+8, b.Len())])
				}
				if format == "html" && bytes.Contains(b.Bytes(), []byte("<script")) {
					t.Fatalf("html has a script")
				}
			}
		}
	})
}
