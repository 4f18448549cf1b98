package report

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestGateSentence(t *testing.T) {
	ok, bad := GateRow{}, GateRow{Fails: true}
	own, ownBad := GateRow{Own: true}, GateRow{Own: true, Fails: true}
	for _, tc := range []struct {
		rows []GateRow
		want string
	}{
		{[]GateRow{ok}, "the gate passes: 0 of 1 target fails"},
		{[]GateRow{ok, ok, own}, "the gate passes: 0 of 2 targets fail"},
		{[]GateRow{ok, bad}, "the gate fails: 1 of 2 targets fail"},
		{[]GateRow{ok, ownBad}, "the gate fails: 0 of 1 target fails, and so does the policy itself"},
	} {
		if got := (&Gate{Rows: tc.rows}).Sentence(); got != tc.want {
			t.Errorf("%v: %q, want %q", tc.rows, got, tc.want)
		}
	}
}

// TestFormatsForPeopleSayTheGatesAnswerFirst: before any target's own verdict,
// and hostile targets stay harmless in it.
func TestFormatsForPeopleSayTheGatesAnswerFirst(t *testing.T) {
	for _, format := range []string{"text", "markdown", "github", "html"} {
		var b strings.Builder
		gate := &Gate{Rows: []GateRow{{Report: &chain.Report{Target: "<b>\x1b[31m|", Headline: "not trusted\n::error::x"}}}}
		rep, err := New(format, &b, Options{Gate: gate})
		if err != nil {
			t.Fatal(err)
		}
		r := &chain.Report{Target: "t", Verdict: chain.Untrusted, Headline: "not trusted: level 1"}
		if err := errors.Join(rep.Begin(), rep.Report(r), rep.End()); err != nil {
			t.Fatal(err)
		}
		out := b.String()
		answer, verdict := strings.Index(out, "the gate passes"), strings.Index(out, "not trusted: level 1")
		if answer < 0 || verdict >= 0 && verdict < answer {
			t.Errorf("%s: the gate's answer is not first:\n%s", format, out)
		}
		if strings.Contains(out, "\x1b") || strings.Contains(out, "\n::error") || format == "html" && strings.Contains(out, "<b>") {
			t.Errorf("%s: a target's name had its way:\n%s", format, out)
		}
	}
}

// TestGateResultInJSON: a job's result stands in its report, the policy's at the end.
func TestGateResultInJSON(t *testing.T) {
	r := &chain.Report{Target: "t", Levels: []chain.LevelReport{{Level: chain.LevelX509, Verdict: chain.Fail}}, Verdict: chain.Untrusted,
		Gate: &chain.GateReport{Result: "pass", Waived: []chain.GateEntry{{Rule: "basic-expired", Until: "2027-01-31"}}}}
	f := &chain.Failure{Target: "u", Gate: &chain.GateReport{Result: "fail", Expected: []chain.GateEntry{}, Waived: []chain.GateEntry{}}}
	own := &chain.Report{Target: "p.yaml", Verdict: chain.Trusted, Gate: &chain.GateReport{Result: "pass"}}
	gate := &Gate{Rows: []GateRow{{Report: r}, {Failure: f, Fails: true}, {Report: own, Own: true}}}
	var b strings.Builder
	rep, _ := New("json", &b, Options{Gate: gate})
	if err := errors.Join(rep.Begin(), rep.Report(r), rep.Failure(f), rep.Report(own), rep.End()); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Reports []struct{ Gate *chain.GateReport }
		Gate    *jsonGate
		Totals  *jsonTotals
	}
	if err := json.Unmarshal([]byte(b.String()), &doc); err != nil {
		t.Fatal(err)
	}
	if g := doc.Gate; g == nil || *g != (jsonGate{Result: "fail", Targets: 2, Failed: 1, Policy: "pass"}) {
		t.Errorf("gate %+v", g)
	}
	if g := doc.Totals; g == nil || *g != (jsonTotals{Targets: 2, Answers: 2, Untrusted: 1, NotInspected: 1}) {
		t.Errorf("totals %+v", g)
	}
	for i, want := range []string{"pass", "fail", "pass"} {
		if g := doc.Reports[i].Gate; g == nil || g.Result != want || g.Expected == nil || g.Waived == nil {
			t.Errorf("report %d: %+v", i, g)
		}
	}
	if note := gate.Rows[0].Note(); note != "not trusted; waived: basic-expired until 2027-01-31" {
		t.Error(note)
	}
}

func TestResultsPointAtThePolicy(t *testing.T) {
	job, demand := &chain.PolicyLine{File: "p.yaml", Line: 4}, &chain.PolicyLine{File: "p.yaml", Line: 6}
	r := &chain.Report{Target: "t", Policy: job, Findings: []chain.Finding{
		{Rule: "a", Severity: chain.Error, Status: chain.Broken},
		{Rule: "b", Severity: chain.Error, Status: chain.Broken, Policy: demand}}}
	f := &chain.Failure{Target: "u", Policy: job}
	for format, want := range map[string][]string{
		"github": {"file=p.yaml,line=4,title=error[a]", "file=p.yaml,line=6,title=error[b]", "file=p.yaml,line=4,title=not inspected"},
		"sarif":  {`"startLine": 4`, `"startLine": 6`, `"uri": "p.yaml"`},
	} {
		var b strings.Builder
		rep, _ := New(format, &b, Options{Gate: &Gate{}})
		if err := errors.Join(rep.Begin(), rep.Report(r), rep.Failure(f), rep.End()); err != nil {
			t.Fatal(err)
		}
		for _, s := range want {
			if !strings.Contains(b.String(), s) {
				t.Errorf("%s lacks %s:\n%s", format, s, b.String())
			}
		}
	}
}

// TestAnUnmetDemandIsTold: a target that is trusted and fails says by what.
func TestAnUnmetDemandIsTold(t *testing.T) {
	demand := func(rule, message string) chain.Finding {
		return chain.Finding{Rule: rule, Severity: chain.Error, Status: chain.Broken, Message: message}
	}
	r := &chain.Report{Headline: "trusted",
		Findings: []chain.Finding{demand("basic-expired", "x"), demand("gate-client", "Java says trusted"), demand("gate-good-until", "y")}}
	for fails, want := range map[bool]string{true: "trusted; Java says trusted (+1 more)", false: "trusted"} {
		if got := (&GateRow{Report: r, Fails: fails}).Note(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
