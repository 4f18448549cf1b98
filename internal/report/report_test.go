package report

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestFormatsCountAlike: one run of every kind of answer, and each format for
// people comes to the same numbers.
func TestFormatsCountAlike(t *testing.T) {
	level := func(v chain.LevelVerdict) []chain.LevelReport {
		return []chain.LevelReport{{Level: chain.LevelX509, Verdict: v}}
	}
	broken := []chain.Finding{{Rule: "basic-x", Level: chain.LevelX509, Severity: chain.Error, Status: chain.Broken, Message: "m"}}
	reports := []*chain.Report{
		{Target: "a", Verdict: chain.Trusted, Levels: level(chain.Pass)},
		{Target: "b", Part: 1, Label: "1", Verdict: chain.Trusted, Levels: level(chain.Pass)},
		{Target: "b", Part: 2, Label: "2", Verdict: chain.Untrusted, Levels: level(chain.Fail), Findings: broken},
		{Target: "c", Verdict: chain.Untrusted, Levels: level(chain.Fail), Findings: broken},
		{Target: "d", Verdict: chain.Undecided, Levels: level(chain.LevelUnknown)},
		{Target: "e", Verdict: chain.Trusted, Levels: level(chain.NotApplicable)},
	}
	const sum = "7 targets, 8 answers: 2 trusted, 2 not trusted, 1 could not tell, 1 nothing to trust, 2 not inspected"
	for format, counted := range map[string]string{
		"text":       "\n\n" + sum + "\n",
		"github":     "::error title=chainspect::" + sum + "\n",
		"markdown":   "\n\n" + sum + "\n\n",
		"html":       "<h1>" + sum + "</h1>",
		"prometheus": "chainspect_inspected{target=\"g\"} 0",
	} {
		if out := countedRun(t, format, Options{Width: 120}, reports); !strings.Contains(out, counted) {
			t.Errorf("%s does not say %q:\n%s", format, counted, out)
		}
	}
	if out := countedRun(t, "text", Options{Width: 120, FailuresSaid: true}, reports); !strings.Contains(out, sum) || strings.Contains(out, "dns") {
		t.Errorf("failures said elsewhere are counted and not shown:\n%s", out)
	}
	markdown := countedRun(t, "markdown", Options{}, reports)
	for mark, want := range map[string]int{"| ✅ trusted ": 2, "| ❌ not trusted ": 2, "| ❔ could not tell ": 1, "| ❔ nothing to trust ": 1,
		"| ❌ not inspected ": 2} {
		if n := strings.Count(markdown, mark); n != want {
			t.Errorf("%d rows with %q, want %d", n, mark, want)
		}
	}
	var suites junitSuites
	if err := xml.Unmarshal([]byte(countedRun(t, "junit", Options{}, reports)), &suites); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(len(suites.Suites), suites.Failures, suites.Skipped, suites.Errors); got != "8 2 2 2" {
		t.Errorf("JUnit has answers, failures, skipped, errors %s", got)
	}
}

// countedRun is the run in one format: the reports, and two targets that were not inspected.
func countedRun(t *testing.T, format string, o Options, reports []*chain.Report) string {
	t.Helper()
	var b strings.Builder
	rep, err := New(format, &b, o)
	if err != nil {
		t.Fatal(err)
	}
	err = rep.Begin()
	for _, target := range []string{"f", "g"} {
		err = errors.Join(err, rep.Failure(&chain.Failure{Target: target, Error: chain.FailureCause{Kind: "dns", Message: "m"}}))
	}
	for _, r := range reports {
		err = errors.Join(err, rep.Report(r))
	}
	if err = errors.Join(err, rep.End()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestQuietIsOneLine: with -q an answer is one line, whatever its length.
func TestQuietIsOneLine(t *testing.T) {
	r := &chain.Report{Target: strings.Repeat("a.", 60) + "example", Verdict: chain.Untrusted, Headline: strings.Repeat("not trusted ", 20)}
	if out := countedRun(t, "text", Options{Verbosity: -1, FailuresSaid: true}, []*chain.Report{r, r}); strings.Count(out, "\n") != 2 {
		t.Errorf("two answers are to be two lines:\n%s", out)
	}
}
