package stories

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/dial"
	"github.com/chainspect/chainspect/internal/fetch/web"
	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/lab"
	"github.com/chainspect/chainspect/internal/report"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// printed is a report as text.
func printed(t *testing.T, r *chain.Report, width int) []string {
	t.Helper()
	return written(t, r, "text", width)
}

// written is a report in a format.
func written(t *testing.T, r *chain.Report, format string, width int) []string {
	t.Helper()
	var b bytes.Buffer
	rep, err := report.New(format, &b, report.Options{Width: width, Rules: rulebook.Rule})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(rep.Begin(), rep.Report(r), rep.End()); err != nil {
		t.Fatal(err)
	}
	return strings.Split(b.String(), "\n")
}

// TestTheAnswerIsInTheFirstLines: in each story of one fault the first line names
// the fault and its subject, and the first eight lines say who does what about
// it; also where names are as long as forty characters.
func TestTheAnswerIsInTheFirstLines(t *testing.T) {
	t.Parallel()
	single := map[string]bool{}
	for _, long := range []bool{false, true} {
		for name, s := range load(t) {
			if long {
				s = longNames()[name]
			}
			r := judge(t, &s.Scene)
			switch f := onlyError(r); {
			case f != nil:
				single[name] = true
				firstLines(t, name, r, f)
			case long && single[name] && !slices.Contains(spelledOut, name):
				t.Errorf("%s has another fault where the names are long", name)
			}
		}
	}
	if len(single) < 200 {
		t.Errorf("%d stories of one fault", len(single))
	}
}

// TestTheAnswerOfTheLabIsInTheFirstLines: so it is with the lab's servers, whose
// targets are names of a live server.
func TestTheAnswerOfTheLabIsInTheFirstLines(t *testing.T) {
	t.Parallel()
	l, err := lab.New(lab.Options{Dir: t.TempDir(), Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	r := &inspect.Runner{Ask: dial.Ask, Fetch: new(web.Client).Fetch, Now: time.Now}
	n := 0
	for _, name := range lab.FaultNames(l.Faults) {
		s, err := l.Start(name, "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if s.Expect.Verdict != chain.Untrusted {
			continue
		}
		for _, res := range r.Inspect(context.Background(), s.Job()) {
			if res.Failure != nil {
				t.Errorf("%s: %s", name, res.Failure.Error.Message)
				continue
			}
			if f := onlyError(res.Report); f != nil {
				n++
				firstLines(t, name, res.Report, f)
			}
		}
	}
	if n < 25 {
		t.Errorf("%d servers with one fault", n)
	}
}

// spelledOut are the stories in which an extension stands as octets, with the
// short name in it: with long names they have that fault beside theirs.
var spelledOut = []string{"apple-empty-subject", "lint-br-san-critical", "lint-name-constraints-subtree", "lint-name-encoding",
	"lint-san-not-critical", "lint-san-syntax"}

// longNames are the stories that can be told with names of forty characters.
var longNames = sync.OnceValue(func() map[string]*testpki.Story {
	longer := strings.NewReplacer("www.example.com", "www.customers-of-the-north.shop.example", "Example Issuing CA 3",
		"Example Issuing Certification Authority 3",
		"Example Root CA", "Example Root Certification Authority 2026")
	files, _ := filepath.Glob("../../testdata/certs/*.txt")
	out := map[string]*testpki.Story{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			panic(err)
		}
		s, err := testpki.ParseStory(longer.Replace(string(data)))
		if err != nil {
			panic(f + ": " + err.Error())
		}
		out[strings.TrimSuffix(filepath.Base(f), ".txt")] = s
	}
	return out
})

func firstLines(t *testing.T, name string, r *chain.Report, f *chain.Finding) {
	t.Helper()
	lines := printed(t, r, 80)
	top := strings.Join(lines[:min(8, len(lines))], "\n")
	words := strings.Join(strings.Fields(top), " ")
	fault := strings.Join(strings.Fields(f.Fault()), " ")
	answer, _, ok := strings.Cut(words, fault+" ("+f.Level.Label())
	if answer += fault; !ok {
		t.Errorf("%s: the first lines do not name the fault %q:\n%s", name, f.Fault(), top)
		return
	}
	names := []string{}
	if f.Item != nil {
		names = subjects(r, *f.Item)
	}
	if len(names) > 0 && !slices.ContainsFunc(names, func(s string) bool { return strings.Contains(answer, s) }) {
		t.Errorf("%s: %q names neither the certificate nor its issuer", name, f.Fault())
	}
	if len(f.Advice) == 0 {
		t.Errorf("%s: no advice", name)
		return
	}
	first := f.Advice[0]
	if !strings.Contains(words, first.Who+": ") {
		t.Errorf("%s: nobody is named in\n%s", name, top)
	}
	if len(first.Commands) > 0 && !strings.Contains(top, "  "+first.Commands[0]) {
		t.Errorf("%s: the command %s is not in\n%s", name, first.Commands[0], top)
	}
	for _, width := range []int{40, 80, 120} {
		lines := printed(t, r, width)
		for _, a := range f.Advice {
			for _, c := range a.Commands {
				if !slices.ContainsFunc(lines, func(l string) bool { return strings.TrimSpace(l) == c }) {
					t.Errorf("%s at %d columns: no line is %s", name, width, c)
				}
			}
		}
	}
}

// onlyError is the one error of an untrusted report; nil where there are others.
func onlyError(r *chain.Report) (only *chain.Finding) {
	if r.Verdict != chain.Untrusted {
		return nil
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Severity != chain.Error || f.Status != chain.Broken {
			continue
		}
		if only != nil {
			return nil
		}
		only = f
	}
	return only
}

// subjects are the names of an item and of its issuer: a fault is about either.
func subjects(r *chain.Report, index int) (names []string) {
	for i := range r.Items {
		if r.Items[i].Index != index {
			continue
		}
		for _, n := range r.Items[i].Names {
			_, n, _ = strings.Cut(n, ":")
			names = append(names, n)
		}
		for _, dn := range []string{r.Items[i].Subject, r.Items[i].Issuer} {
			if _, cn, ok := strings.Cut(dn, "CN="); ok {
				cn, _, _ = strings.Cut(cn, ",")
				names = append(names, cn)
			}
		}
	}
	return names
}
