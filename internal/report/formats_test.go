package report

import (
	"encoding/json"
	"encoding/pem"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestGoldenFormats(t *testing.T) {
	for format, ext := range map[string]string{"sarif": "sarif", "junit": "xml", "github": "github.txt", "html": "html", "prometheus": "prom",
		"markdown": "md", "pem": "pem", "nscurl": "nscurl.txt", "gcc": "gcc.txt"} {
		golden(t, "all."+ext, written(t, format, Options{}, recorded()...))
		golden(t, "hostile."+ext, written(t, format, Options{Verbosity: 1}, "hostile", "hostile-failure"))
	}
}

// TestEveryFormatIsHarmless: whatever a certificate says, no output holds a
// character that steers a terminal or turns the direction of writing, and none
// has lines that a certificate began.
func TestEveryFormatIsHarmless(t *testing.T) {
	for _, format := range Formats() {
		out := written(t, format, Options{Verbosity: 1, FailOn: chain.Note}, "hostile", "hostile-failure")
		for _, r := range strings.ReplaceAll(out, "\n", "") {
			if !unicode.IsPrint(r) {
				t.Errorf("%s: %U in the output", format, r)
				break
			}
		}
		for _, l := range strings.Split(out, "\n") {
			command := strings.HasPrefix(strings.TrimSpace(l), "::") && format != "github"
			if command || strings.HasPrefix(l, "error[fake]") || strings.HasPrefix(l, "::error::x") || strings.Contains(l, "##[") {
				t.Errorf("%s: a certificate began the line %q", format, l)
			}
		}
	}
}

// TestATargetIsNamedOnce: a message begins with its target where it stands
// alone; beside the target it does not say it again.
func TestATargetIsNamedOnce(t *testing.T) {
	for message, want := range map[string]string{
		"a.pem: the file is empty":        "the file is empty",
		"a.pem, line 3: cut off":          "line 3: cut off",
		"a.pem.old: the file is empty":    "a.pem.old: the file is empty",
		"--anchor root.pem: no such file": "--anchor root.pem: no such file",
	} {
		if got := causeOf(&chain.Failure{Target: "a.pem", Error: chain.FailureCause{Message: message}}); got != want {
			t.Errorf("%q became %q, want %q", message, got, want)
		}
	}
}

func TestNewRefusesUnknownFormats(t *testing.T) {
	if _, err := New("xml", io.Discard, Options{}); err == nil || !strings.Contains(err.Error(), "nscurl") {
		t.Errorf("%v: the formats are to be named", err)
	}
}

// full is a writer with no room left.
type full struct{}

var errFull = errors.New("no space left on device")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestEveryFormatReportsWriteErrors(t *testing.T) {
	r := withDER(&chain.Report{Target: "t", Items: []chain.ItemReport{{Origin: chain.OriginSent}}})
	r.Findings = []chain.Finding{{Rule: "basic-x", Severity: chain.Error, Status: chain.Broken, Message: "m"}}
	r.ATS = &chain.ATSReport{Rows: []chain.ATSRow{{Section: "s", Name: "n"}}}
	for _, format := range Formats() {
		rep, err := New(format, full{}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(rep.Begin(), rep.Report(r), rep.End()); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func TestJUnitCounts(t *testing.T) {
	var doc junitSuites
	if err := xml.Unmarshal([]byte(written(t, "junit", Options{}, recorded()...)), &doc); err != nil {
		t.Fatal(err)
	}
	tests, failures, errs, skipped := 0, 0, 0, 0
	for _, s := range doc.Suites {
		for _, c := range s.Cases {
			tests++
			if c.Failure != nil {
				failures++
			}
			if c.Error != nil {
				errs++
			}
			if c.Skipped != nil {
				skipped++
			}
		}
	}
	if got, want := fmt.Sprint(doc.Tests, doc.Failures, doc.Errors, doc.Skipped), fmt.Sprint(tests, failures, errs, skipped); got != want ||
		tests != 17 || failures != 2 || errs != 1 {
		t.Errorf("counted %s, there are %s", got, want)
	}
	var strict junitSuites
	if err := xml.Unmarshal([]byte(written(t, "junit", Options{FailOn: chain.Warning}, "cross-sign")), &strict); err != nil || strict.Failures != 1 {
		t.Errorf("%d failures with --fail-on warning, want 1 (%v)", strict.Failures, err)
	}
	var hostile junitSuites
	if err := xml.Unmarshal([]byte(written(t, "junit", Options{}, "hostile")), &hostile); err != nil || len(hostile.Suites) != 1 {
		t.Errorf("hostile: %v", err)
	}
}

func TestGitHubShowsTenWorstFirst(t *testing.T) {
	r := &chain.Report{Target: "t", Verdict: chain.Untrusted}
	for i := range 14 {
		f := chain.Finding{Rule: fmt.Sprintf("rule-%d", i), Severity: chain.Warning, Status: chain.Broken, Message: "m"}
		if i == 13 {
			f.Severity = chain.Error
		}
		r.Findings = append(r.Findings, f)
	}
	var b strings.Builder
	rep, _ := New("github", &b, Options{})
	if err := errors.Join(rep.Report(r), rep.End()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 10 || !strings.HasPrefix(lines[0],
		"::error title=chainspect::1 target: 0 trusted, 1 not trusted; the worst 9 of 14 findings follow") || !strings.Contains(lines[1], "rule-13") {
		t.Error(b.String())
	}
}

// TestGitHubCountsTargetsApart: a target that was not inspected is no finding; it
// stands behind what fails the run and before what does not.
func TestGitHubCountsTargetsApart(t *testing.T) {
	r := &chain.Report{Target: "t", Verdict: chain.Untrusted}
	for _, s := range []chain.Severity{chain.Warning, chain.Error, chain.Warning} {
		r.Findings = append(r.Findings, chain.Finding{Rule: "rule", Severity: s, Status: chain.Broken, Message: "m"})
	}
	var b strings.Builder
	rep, _ := New("github", &b, Options{})
	for i := range 7 {
		if err := rep.Failure(&chain.Failure{Target: fmt.Sprint("u", i), Error: chain.FailureCause{Kind: "dns", Message: "m"}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(rep.Report(r), rep.End()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if !strings.HasSuffix(lines[0], "::8 targets: 0 trusted, 1 not trusted, 7 not inspected; the worst 9 of 3 findings and 7 targets not inspected follow") ||
		!strings.Contains(lines[1], "error[rule]") || !strings.Contains(lines[2], "u0") || !strings.Contains(lines[8], "u6") ||
		!strings.Contains(lines[9], "warning[rule]") {
		t.Error(b.String())
	}
}

func TestGitHubEscapes(t *testing.T) {
	a := annotation{command: "error", file: "a:b,c%.pem", line: 3, title: "x,y:z", message: "100% of\nlines: all, here"}
	const want = "::error file=a%3Ab%2Cc%25.pem,line=3,title=x%2Cy%3Az::100%25 of\\nlines: all, here\n"
	if got := a.String(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestPrometheusParses(t *testing.T) {
	p := expfmt.NewTextParser(model.UTF8Validation)
	families, err := p.TextToMetricFamilies(strings.NewReader(written(t, "prometheus", Options{}, append(recorded(), "hostile", "trusted")...)))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(families["chainspect_trusted"].GetMetric()); n != 4 {
		t.Errorf("%d targets with a verdict, want 4: the worst of the two www.example.com, cross-sign, api, hostile", n)
	}
	for name, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if n := l.GetName(); n != "target" && n != "rule" && n != "severity" {
					t.Errorf("%s has the label %s", name, n)
				}
			}
		}
	}
	if f := families["chainspect_trusted"]; f.GetMetric()[3].GetGauge().GetValue() != 0 {
		t.Error("two lists of one target: the worse is to count")
	}
}

func TestPEMIsTheListAsSent(t *testing.T) {
	rest, n := []byte(written(t, "pem", Options{}, "trusted")), 0
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		n++
	}
	if n != 2 {
		t.Errorf("%d blocks, want the two that were sent", n)
	}
}

func TestMarkdownEscapes(t *testing.T) {
	for in, want := range map[string]string{
		"a|b":                   "a&#124;b",
		"<img>":                 "&lt;img&gt;",
		"www.evil.example":      "www&#46;evil.example",
		"WWW.evil.example":      "WWW&#46;evil.example",
		"see https://e.example": "see e.example",
		"@all #1 [x](y) `c`":    "&#64;all &#35;1 \\[x\\](y) \\`c\\`",
	} {
		if got := mdText(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"a": "`a`", "a`b": "`` a`b ``", "``": "``` `` ```", "": "(none)"} {
		if got := mdCode(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := mdCell("a|b"); got != "`a\\|b`" {
		t.Error(got)
	}
}

func TestSARIFPlacesEveryResult(t *testing.T) {
	var log sarifLog
	if err := json.Unmarshal([]byte(written(t, "sarif", Options{}, append(recorded(), "hostile")...)), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Results) == 0 || run.Invocations[0].ExecutionSuccessful {
		t.Error("results, and a run with a failure, were expected")
	}
	for _, r := range run.Results {
		if len(r.Locations) != 1 || r.Locations[0].Physical.Artifact.URI == "" {
			t.Errorf("%s has no physical location", r.RuleID)
		}
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("%s points at rule %d", r.RuleID, r.RuleIndex)
		}
		if r.Kind == "review" && r.Level != "none" {
			t.Errorf("%s: kind review with level %s", r.RuleID, r.Level)
		}
	}
}

// TestTwoJobsOnOneTargetAreToldApart: two names, two SNI servers or two ids on
// one HOST:PORT are two things in every format that has room for words, and
// what fails in one of them is not laid to the other.
func TestTwoJobsOnOneTargetAreToldApart(t *testing.T) {
	job := func(id, name, sni string) *chain.Report {
		return &chain.Report{ID: id, Target: "127.0.0.1:8443", Name: name, Verdict: chain.Untrusted, Connection: &chain.Connection{ServerName: sni},
			Levels:   []chain.LevelReport{{Level: chain.LevelX509, Verdict: chain.Fail}},
			Findings: []chain.Finding{{Rule: "basic-x", Level: chain.LevelX509, Severity: chain.Error, Status: chain.Broken, Message: "m"}}}
	}
	for _, pair := range [][2]*chain.Report{
		{job("", "a.example", "a.example"), job("", "b.example", "b.example")},
		{job("", "a.example", "a.example"), job("", "a.example", "b.example")},
		{job("one", "a.example", "a.example"), job("two", "a.example", "a.example")},
	} {
		if heading(pair[0]) == heading(pair[1]) {
			t.Fatalf("both are called %s", heading(pair[0]))
		}
		gate := &Gate{}
		for _, r := range pair {
			gate.Rows = append(gate.Rows, GateRow{Report: r, Fails: true})
		}
		for _, format := range []string{"text", "sarif", "junit", "github", "gcc", "prometheus", "markdown", "html", "nscurl"} {
			for _, o := range []Options{{}, {Gate: gate}} {
				var b strings.Builder
				rep, err := New(format, &b, o)
				if err != nil {
					t.Fatal(err)
				}
				if err := errors.Join(rep.Begin(), rep.Report(pair[0]), rep.Report(pair[1]), rep.End()); err != nil {
					t.Fatal(err)
				}
				for _, r := range pair {
					want := heading(r)
					if format == "text" && o.Gate == nil { // the first line is the target's and the answer's
						want = "judged " + question(r.Target, r.Name, r.ID, serverName(r), "")
					}
					if !strings.Contains(b.String(), want) {
						t.Errorf("%s does not name %s:\n%s", format, heading(r), b.String())
					}
				}
			}
		}
	}
	if got := failedJob(&chain.Failure{Target: "h:443", Name: "a.example", ID: "one"}); got != "h:443 as a.example (id one)" {
		t.Error(got)
	}
}

func TestJobNames(t *testing.T) {
	for _, tc := range []struct{ target, name, id, sni, want string }{
		{"www.example.com:443", "www.example.com", "", "", "www.example.com:443"},
		{"WWW.example.com", "www.example.com", "", "www.example.com", "WWW.example.com"},
		{"https://www.example.com:8443/x", "www.example.com", "", "", "https://www.example.com:8443/x"},
		{"[::1]:443", "::1", "", "", "[::1]:443"},
		{"[::1]:443", "a.example", "", "a.example", "[::1]:443 as a.example"},
		{"full.pem", "a.example", "", "", "full.pem as a.example"},
		{"job-1", "", "job-1", "", "job-1"},
		{"h:443", "a.example", "7", "b.example", "h:443 as a.example (id 7, SNI b.example)"},
	} {
		r := &chain.Report{Target: tc.target, Name: tc.name, ID: tc.id, Connection: &chain.Connection{ServerName: tc.sni}}
		if got := heading(r); got != tc.want {
			t.Errorf("%+v: %q", tc, got)
		}
	}
}

// TestSARIFOpensNoAlertForWhatIsSetAside: what a policy waives or expects is no
// result, nor is a note that nobody asked for; both are told apart in the run.
func TestSARIFOpensNoAlertForWhatIsSetAside(t *testing.T) {
	f := func(rule string, s chain.Severity, st chain.Status) chain.Finding {
		return chain.Finding{Rule: rule, Level: chain.LevelX509, Severity: s, Status: st, Message: "m", Waiver: "why"}
	}
	r := &chain.Report{Target: "t", Gate: &chain.GateReport{Expected: []chain.GateEntry{{Rule: "expected"}}, Waived: []chain.GateEntry{{Rule: "waived"}}},
		Findings: []chain.Finding{f("expected", chain.Error, chain.Waived), f("waived", chain.Error, chain.Waived),
			f("note", chain.Note, chain.Broken), f("warning", chain.Warning, chain.Broken)}}
	for _, tc := range []struct {
		o    Options
		want string
	}{
		{Options{}, "warning"}, {Options{Verbosity: 1}, "warning note"}, {Options{FailOn: chain.Note}, "warning note"},
	} {
		var b strings.Builder
		rep, _ := New("sarif", &b, tc.o)
		if err := errors.Join(rep.Report(r), rep.End()); err != nil {
			t.Fatal(err)
		}
		var log sarifLog
		if err := json.Unmarshal([]byte(b.String()), &log); err != nil {
			t.Fatal(err)
		}
		run := log.Runs[0]
		var got []string
		for _, res := range run.Results {
			got = append(got, res.RuleID)
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%+v: results %v, want %s", tc.o, got, tc.want)
		}
		if p := run.Properties; p == nil || len(p.Waived) != 1 || p.Waived[0].RuleID != "waived" || len(p.Expected) != 1 || p.Expected[0].RuleID != "expected" {
			t.Errorf("set aside: %+v", p)
		}
	}
}

// TestGCCPlaces: a finding about a file stands at its line; what is in no file is
// the tool's, since HOST:PORT reads as a file and a line.
func TestGCCPlaces(t *testing.T) {
	zero := 0
	server := &chain.Report{Target: "h:443",
		Findings: []chain.Finding{{Rule: "basic-x", Severity: chain.Error, Status: chain.Broken, Message: "m"},
			{Rule: "basic-y", Severity: chain.Error, Status: chain.Unknown, Message: "u"}}}
	file := &chain.Report{Target: "a.pem", Items: []chain.ItemReport{{Subject: "CN=a", File: "a.pem", Line: 23, Origin: chain.OriginFile}},
		Findings: []chain.Finding{{Rule: "basic-x", Severity: chain.Warning, Status: chain.Broken, Item: &zero, Message: "m"},
			{Rule: "basic-y", Severity: chain.Note, Status: chain.Broken, Message: "n"}}}
	gated := &chain.Report{Target: "h:443", Policy: &chain.PolicyLine{File: "gate.yaml", Line: 4}, Findings: server.Findings[:1]}
	var b strings.Builder
	rep, _ := New("gcc", &b, Options{})
	if err := errors.Join(rep.Begin(), rep.Report(server), rep.Report(file), rep.Report(gated),
		rep.Failure(&chain.Failure{Target: "x:1", Error: chain.FailureCause{Kind: "refused", Message: "x:1: refused"}}), rep.End()); err != nil {
		t.Fatal(err)
	}
	const want = "chainspect: error: h:443: m [basic-x]\nchainspect: warning: could not tell: h:443: u [basic-y]\n" +
		"a.pem:23: warning: a.pem, item 0 (a): m [basic-x]\ngate.yaml:4: error: h:443: m [basic-x]\nchainspect: error: x:1: not inspected (refused): refused\n" +
		"chainspect: note: 4 targets: 0 trusted, 0 not trusted, 3 could not tell, 1 not inspected\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func TestFileURI(t *testing.T) {
	for in, want := range map[string]string{"a b/c.pem": "a%20b/c.pem", "/etc/x.pem": "file:///etc/x.pem", "h:443": "h%3A443", "-": "stdin",
		"javascript:x": "javascript%3Ax"} {
		if got := fileURI(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
