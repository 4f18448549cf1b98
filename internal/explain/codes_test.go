package explain_test

import (
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/explain"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// TestEveryPrintedCodeIsKnown: what a report shows as an Apple code can be
// explained, and the first line of the answer has it.
func TestEveryPrintedCodeIsKnown(t *testing.T) {
	where := map[int]string{-1200: "ATS required", -9802: "ATS required", -1202: "ATS not required", -9807: "ATS not required"}
	add := func(from string, codes ...int) {
		for _, c := range codes {
			if c != 0 && where[c] == "" {
				where[c] = from
			}
		}
	}
	for _, book := range rulebook.Books() {
		for _, r := range book {
			add(r.ID, r.Apple.Sec, r.Apple.URL, r.Apple.SSL)
		}
	}
	outcomes := []*chain.Outcome{{ErrorKind: "closed"}, {ErrorKind: "timeout"}}
	for alert := range tlsname.Alert(256) {
		outcomes = append(outcomes, &chain.Outcome{Alert: &alert})
		_, ssl := alert.Refusal()
		add("a refused identity", ssl)
	}
	for _, o := range outcomes {
		e := chain.HandshakeError(o)
		add("a handshake that failed", e.Sec, e.URL, e.SSL)
	}
	// A hit may have another code than its rule; those stand in the checks.
	written := regexp.MustCompile(`\b(?:Sec|URL|SSL)\s*[:=]=?\s*(-\d+)`)
	pkg := os.DirFS("../../pkg")
	err := fs.WalkDir(pkg, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := fs.ReadFile(pkg, path)
		for _, m := range written.FindAllSubmatch(source, -1) {
			if code, err := strconv.Atoi(string(m[1])); err == nil {
				add(path, code)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if where[-9827] == "" || where[-1001] == "" || where[-67825] == "" {
		t.Fatalf("the walk does not find what is there: %v", where)
	}
	for code, from := range where {
		text := strconv.Itoa(code)
		found := explain.Find(text)
		if len(found) == 0 {
			t.Errorf("%s of %s is not known", text, from)
		} else if found[0].Code != text {
			t.Errorf("%s of %s leads to %q by %q", text, from, found[0].Title, found[0].Code)
		}
	}
}
