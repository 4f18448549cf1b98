package policy

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
)

func known() Context {
	return Context{Known: func(id string) bool { return rulebook.Rule(id) != nil }, IDs: rulebook.RuleIDs}
}

const job = "jobs:\n  - target: a.example.com\n"

func TestParseErrorsHaveLines(t *testing.T) {
	for _, tc := range []struct {
		text, want string
		line       int
	}{
		{"", "the policy is empty", 1},
		{"jobs: [\n", "not YAML", 2},
		{"version: 2\n" + job, `version "2" is not known`, 1},
		{"version: 1\nversion: 1\n" + job, `key "version" twice`, 2},
		{"version: 1\nfoo: 1\n" + job, `no key "foo"`, 2},
		{"version: 1\njob:\n  - target: a\n", `no key "job"; did you mean jobs?`, 2},
		{job + "    waive: []\n", `no key "waive"; waivers is a key of the policy itself`, 3},
		{job + "    zzzzz: 1\n", "the long flags of `chainspect check`", 3},
		{"jobs: []\n", "there are no jobs", 1},
		{"jobs:\n  - {}\n", "needs a target or files", 2},
		{"jobs:\n  - x\n", "must be a mapping", 2},
		{job + "    nmae: x\n", `no key "nmae"`, 3},
		{job + "    purpose: 5\n", "of the wrong type", 3},
		{job + "    profile: foo\n", "apple, rfc or webpki", 3},
		{job + "    trust_store: foo\n", "apple, mozilla, system or none", 3},
		{job + "    at: nonsense\n", "is no time", 3},
		{job + "    warn: 0d\n", "write 30d (at most", 3},
		{job + "    eku: x\n", "dotted OID", 3},
		{job + "    timeout: 5\n", "of the wrong type", 3},
		{job + "    timeout: -5s\n", "is no duration", 3},
		{job + "    warn: ''\n", "warn is empty", 3},
		{job + "    anchor: ''\n", "anchor is empty", 3},
		{job + "    connect: 'https://x/'\n", "is a URL", 3},
		{job + "    platform: ios1\n", "write ios9 to ios18", 3},
		{job + "    key: k.pem\n", "belong to an identity", 2},
		{job + "    name: a b\n", "has a space", 2},
		{job + "    wait: -3s\n", "is no duration", 3},
		{job + "    expect: 5\n", "must be a mapping", 3},
		{job + "    expect: {foo: 1}\n", `no key "foo"`, 3},
		{job + "    expect:\n      fail: basic-nonsense\n", `no rule "basic-nonsense"`, 4},
		{job + "    expect: {fail: {}}\n", "must list rules", 3},
		{job + "    expect: {good_for: x}\n", "no span", 3},
		{job + "    expect: {good_at: x}\n", "is no time", 3},
		{job + "    files: '*.go'\n", "not both", 2},
		{"jobs:\n  - files: nothing-*.pem\n", "matches nothing", 2},
		{"jobs:\n  - files: [a]\n", "one pattern", 2},
		{"severities: {basic-nonsense: error}\n" + job, "no rule", 1},
		{"severities: {basic-expired: fatal}\n" + job, "no severity", 1},
		{"severities:\n  basic-expired: off\n  basic-expired: note\n" + job, "twice", 3},
		{"waivers: {}\n" + job, "must be a list", 1},
		{"waivers:\n  - {rule: basic-expired}\n" + job, "needs rule, reason and until", 2},
		{"waivers:\n  - {rule: basic-expired, reason: ' ', until: 2027-01-01}\n" + job, "needs rule, reason and until", 2},
		{"waivers:\n  - {rule: basic-expired, reason: x, until: +30d}\n" + job, "no end date", 2},
		{"waivers:\n  - {rule: basic-expired, reason: x, target: [a]}\n" + job, "single value", 2},
		{job + "---\n" + job, "second document", 4},
		{"waivers:\n  - {rule: basic-expired, reason: x, until: 2027-01-01, target: 'a[b'}\n" + job, "no pattern", 2},
		{"jobs:\n  - {target: x.p12, password_file: pw}\n", "x.p12 holds a digital identity: write identity instead", 2},
		{"waivers: []\ndefaults: {identity: x.p12, key: k}\njobs:\n  - {}\n  - {identity: ''}\n", "identity is empty", 5},
	} {
		_, err := Parse("p.yaml", []byte(tc.text), known())
		var pe *Error
		if !errors.As(err, &pe) || pe.Line != tc.line || !strings.Contains(pe.Message, tc.want) {
			t.Errorf("%q: %v, want line %d with %q", tc.text, err, tc.line, tc.want)
		}
	}
}

func TestJobsDoNotChangeDefaults(t *testing.T) {
	p, err := Parse("p.yaml", []byte("defaults: {name: www.example.com, max_depth: 3, roots_pem: []}\njobs:\n"+
		"  - {target: a, name: b.example.com, max_depth: 1, roots_pem: [x]}\n  - {target: b}\n"), known())
	if err != nil {
		t.Fatal(err)
	}
	first, second := p.Entries[0].Job, p.Entries[1].Job
	if *first.Name != "b.example.com" || *first.MaxDepth != 1 || len(*first.RootsPEM) != 1 {
		t.Errorf("the first job has name %s, depth %d, roots %v", *first.Name, *first.MaxDepth, *first.RootsPEM)
	}
	if *second.Name != "www.example.com" || *second.MaxDepth != 3 || len(*second.RootsPEM) != 0 {
		t.Errorf("the defaults became name %s, depth %d, roots %v", *second.Name, *second.MaxDepth, *second.RootsPEM)
	}
}

func TestFileNamesAreRelativeToThePolicy(t *testing.T) {
	p, err := Parse("dir/p.yaml",
		[]byte("jobs:\n  - {target: a.pem, anchor: [root.pem, /r.pem, '-'], identity: i, key: k}\n  - target: host.example.com\n"), known())
	if err != nil {
		t.Fatal(err)
	}
	j := p.Entries[0].Job
	if j.Target != "dir/a.pem" || j.Anchor[0] != "dir/root.pem" || j.Anchor[1] != "/r.pem" || j.Anchor[2] != "-" || j.Key != "dir/k" {
		t.Errorf("the files are %s %v %s", j.Target, j.Anchor, j.Key)
	}
	if got := p.Entries[1].Job.Target; got != "host.example.com" {
		t.Errorf("a server became %s", got)
	}
}

func TestTemplateParses(t *testing.T) {
	for _, targets := range [][]string{nil, {"www.example.com", `we"ird`, "client.P12"}} {
		p, err := Parse("p.yaml", []byte(Template(targets)), known())
		if err != nil {
			t.Fatal(err)
		}
		if p.Entries[0].GoodFor != 21*24*time.Hour || len(p.Entries) != max(1, len(targets)) {
			t.Errorf("the template for %q has the entries %+v", targets, p.Entries)
		}
		if last := p.Entries[len(p.Entries)-1]; len(targets) > 0 && !last.isIdentity() {
			t.Errorf("client.P12 became the job %+v", last.Job)
		}
	}
}

func report(target string, at time.Time, rules ...string) *chain.Report {
	r := &chain.Report{Target: target, EvaluatedAt: at}
	for _, id := range rules {
		r.Findings = append(r.Findings, chain.Finding{Rule: id, Severity: chain.Error, Status: chain.Broken})
	}
	return r
}

func TestWaivers(t *testing.T) {
	end := time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)
	text := "waivers:\n  - {rule: basic-expired, target: a.example.com, reason: soon, until: 2027-01-31}\n" +
		"  - {rule: basic-eku, target: sub/*.pem, reason: soon, until: 2099-01-31}\n" + job
	for _, tc := range []struct {
		name, target, rule string
		at                 time.Time
		waived             bool
		left               string
	}{
		{"on its last second", "a.example.com:443", "basic-expired", end.Add(24*time.Hour - time.Second), true, ""},
		{"the day after", "a.example.com:443", "basic-expired", end.Add(24 * time.Hour), false, "gate-waiver-expired"},
		{"another port", "a.example.com:8443", "basic-expired", end, false, "gate-waiver-unused"},
		{"another rule", "a.example.com:443", "basic-loop", end, false, "gate-waiver-unused"},
		{"a file of the pattern", "dir/sub/x.pem", "basic-eku", end, true, "gate-waiver-unused"},
		{"a file in a deeper folder", "dir/sub/y/x.pem", "basic-eku", end, false, "gate-waiver-unused"},
	} {
		p, err := Parse("dir/p.yaml", []byte(text), known())
		if err != nil {
			t.Fatal(err)
		}
		r := report(tc.target, tc.at, tc.rule)
		p.Apply(&p.Entries[0], &inspect.Result{Report: r})
		if got := r.Findings[0].Status == chain.Waived; got != tc.waived {
			t.Errorf("%s: waived %v, want %v", tc.name, got, tc.waived)
		}
		left := ""
		if l := p.Leftovers(tc.at); l != nil && l.Findings[0].Policy.Line == 2 {
			left = l.Findings[0].Rule
		}
		if left != tc.left {
			t.Errorf("%s: left over %q, want %q", tc.name, left, tc.left)
		}
	}
}

func TestExpectations(t *testing.T) {
	now := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name, expect string
		rules        []string
		until        time.Time
		open         []string // rules that still count
	}{
		{"the fault is there", "{fail: basic-expired}", []string{"basic-expired"}, time.Time{}, nil},
		{"and another", "{fail: basic-expired}", []string{"basic-expired", "basic-loop"}, time.Time{}, []string{"basic-loop"}},
		{"the fault is gone", "{fail: [basic-expired]}", nil, time.Time{}, []string{"gate-expected-failure"}},
		{"good for exactly so long", "{good_for: 21d}", nil, now.Add(21 * 24 * time.Hour), nil},
		{"a second less", "{good_for: 21d}", nil, now.Add(21*24*time.Hour - time.Second), []string{"gate-good-until"}},
		{"good at that instant", "{good_at: 2027-03-15}", nil, time.Date(2027, 3, 15, 0, 0, 0, 0, time.UTC), nil},
		{"a second before", "{good_at: 2027-03-15}", nil, time.Date(2027, 3, 14, 23, 59, 59, 0, time.UTC), []string{"gate-good-until"}},
	} {
		p, err := Parse("p.yaml", []byte(job+"    expect: "+tc.expect+"\n"), known())
		if err != nil {
			t.Fatal(err)
		}
		r := report("a.example.com:443", now, tc.rules...)
		if !tc.until.IsZero() {
			r.GoodUntil = &chain.GoodUntil{Time: tc.until}
		}
		p.Apply(&p.Entries[0], &inspect.Result{Report: r})
		var open []string
		for _, f := range r.Findings {
			if f.Status != chain.Waived {
				open = append(open, f.Rule)
			}
		}
		if strings.Join(open, " ") != strings.Join(tc.open, " ") {
			t.Errorf("%s: %v, want %v", tc.name, open, tc.open)
		}
	}
}

// TestUnknown: where nothing is known an expectation about time fails, whatever
// else is allowed; what a policy waives or grades down changes no exit code.
func TestUnknown(t *testing.T) {
	now := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	waiver := "waivers:\n  - {rule: apple-ct-unknown, reason: soon, until: 2099-01-31}\n"
	for _, tc := range []struct {
		name, policy    string
		rules           []string // unknown ones
		fails, couldNot bool
	}{
		{"nothing is said", job, []string{"apple-ct-unknown"}, false, true},
		{"allowed", "defaults: {allow_unknown: true}\n" + job, []string{"apple-ct-unknown"}, false, false},
		{"good for a while", job + "    expect: {good_for: 21d}\n", []string{"apple-ct-unknown"}, true, true},
		{"good at a time", job + "    allow_unknown: true\n    expect: {good_at: 2027-01-01}\n", []string{"apple-ct-unknown"}, true, false},
		{"waived", waiver + job, []string{"apple-ct-unknown"}, false, false},
		{"one of two is waived", waiver + job, []string{"apple-ct-unknown", "revocation-unknown"}, false, true},
		{"switched off", "severities: {apple-ct-unknown: off}\n" + job, []string{"apple-ct-unknown"}, false, false},
		{"no finding tells why", waiver + job, nil, false, true},
	} {
		p, err := Parse("p.yaml", []byte(tc.policy), Context{})
		if err != nil {
			t.Fatal(err)
		}
		res := inspect.Result{Report: report("a.example.com:443", now, tc.rules...), Settled: p.Entries[0].Job.AllowUnknown}
		res.Report.Verdict = chain.Undecided
		for i := range res.Report.Findings {
			res.Report.Findings[i].Status = chain.Unknown
		}
		p.Apply(&p.Entries[0], &res)
		fails := false
		for i := range res.Report.Findings {
			fails = fails || res.Report.Findings[i].Counts(chain.Note)
		}
		if fails != tc.fails || res.CouldNotTell() != tc.couldNot {
			t.Errorf("%s: fails %v, could not tell %v; want %v, %v", tc.name, fails, res.CouldNotTell(), tc.fails, tc.couldNot)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(Template(nil)))
	f.Add([]byte("defaults: &d {name: x}\njobs: [{target: a, policy: {}, expect: {fail: [basic-expired]}}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse("p.yaml", data, known())
		var pe *Error
		if err != nil && (!errors.As(err, &pe) || pe.Line < 1) {
			t.Errorf("an error without a line: %v", err)
		}
		if err == nil && len(p.Entries) == 0 {
			t.Error("a policy without jobs was taken")
		}
	})
}
