package policy

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/pkg/chain"
)

// target is a file beside the policy where there is one, else what it says.
func (p *parser) target(text string) string {
	if beside := p.relative(text); p.context.Files.IsFile(text) {
		return beside
	} else if _, err := p.context.Files.Stat(beside); err == nil {
		return beside
	}
	return text
}

// Apply grades a report by the policy: waivers, expected failures, thresholds.
func (p *Policy) Apply(e *Entry, res *inspect.Result) {
	r := res.Report
	r.Policy = p.at(e.Line)
	r.Gate = newGate()
	fired := map[string]bool{}
	open, settled := false, false // of what could not be told
	for i := range r.Findings {
		f := &r.Findings[i]
		unknown := f.Status == chain.Unknown
		if f.Status == chain.Broken {
			fired[f.Rule] = true
		}
		if slices.Contains(e.Fail, f.Rule) {
			f.Status, f.Waiver = chain.Waived, fmt.Sprintf("expected to fail (%s, line %d)", p.File, e.Line)
			r.Gate.Expected = append(r.Gate.Expected, chain.GateEntry{Rule: f.Rule, Item: f.Item})
			continue
		}
		p.waive(f, r)
		switch severity, graded := p.Severities[f.Rule]; {
		case !graded || f.Status == chain.Waived:
		case severity == chain.Off:
			f.Status, f.Waiver = chain.Waived, "off in "+p.File
			r.Gate.Waived = append(r.Gate.Waived, chain.GateEntry{Rule: f.Rule, Item: f.Item, Reason: f.Waiver})
		case !slices.Contains(r.Gate.Graded, f.Rule):
			r.Gate.Graded = append(r.Gate.Graded, f.Rule)
		}
		if _, graded := p.Severities[f.Rule]; unknown && (f.Status == chain.Waived || graded && f.Severity != chain.Error) {
			settled = true
		} else if unknown && f.Severity == chain.Error {
			open = true
		}
	}
	res.Settled = res.Settled || settled && !open
	if e.Job.Name == nil && r.Name == "" && r.Purpose == chain.PurposeServer && !e.isIdentity() && !r.NothingToTrust() {
		add(r, nameNotJudged, chain.Warning, p.at(e.Line), "the name is not judged: the job has none", chain.Evid{Field: "name", Got: "none", Want: "the name that clients ask for"})
	}
	expect := p.at(e.Expect)
	for _, id := range e.Fail {
		if !fired[id] {
			add(r, expectedFailure, chain.Error, expect, fmt.Sprintf("%s was expected to fire and did not", id), chain.Evid{Field: id, Got: "silent", Want: "fires"})
		}
	}
	p.clients(e, r)
	if len(e.Fail) > 0 {
		return
	}
	if e.GoodFor > 0 {
		lasts(r, r.EvaluatedAt.Add(e.GoodFor), expect, fmt.Sprintf("trust ends before the %s the policy asks for are over", days(e.GoodFor)))
	}
	lasts(r, e.GoodAt, expect, "trust ends before the date the policy asks for")
}

func newGate() *chain.GateReport {
	return &chain.GateReport{Expected: []chain.GateEntry{}, Waived: []chain.GateEntry{}}
}

// FailOnChange adds a finding for each change since the baseline that counts.
func FailOnChange(r *chain.Report) {
	for _, c := range r.Changes {
		if c.Counts {
			before, after := cmp.Or(c.Before, "none"), cmp.Or(c.After, "none")
			add(r, changed, chain.Error, r.Policy, "since the baseline: "+c.What+": "+before+" → "+after, chain.Evid{Field: c.What, Got: after, Want: before})
		}
	}
}

// lasts adds a finding where trust ends before an instant, or nothing is known of it.
func lasts(r *chain.Report, need time.Time, at *chain.PolicyLine, message string) {
	if r.GoodUntil == nil && r.Verdict == chain.Undecided && !need.IsZero() {
		add(r, goodUntil, chain.Error, at, "how long trust lasts is not known: the verdict is unknown", chain.Evid{Field: "good until",
			Got: "unknown", Want: need.UTC().Format(time.RFC3339) + " or later"})
	}
	if r.GoodUntil != nil && r.GoodUntil.Time.Before(need) {
		add(r, goodUntil, chain.Error, at, message, chain.Evid{Field: "good until",
			Got: r.GoodUntil.Time.UTC().Format(time.RFC3339), Want: need.UTC().Format(time.RFC3339) + " or later"})
	}
}

func (p *Policy) at(line int) *chain.PolicyLine { return &chain.PolicyLine{File: p.File, Line: line} }

func days(d time.Duration) string {
	if d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	}
	return d.String()
}

// NotInspected tells that an entry's target gave no report: whether a waiver for
// it is still needed cannot be told. A file that a key of the policy names is told
// with its line, since no flag named it.
func (p *Policy) NotInspected(e *Entry, res *inspect.Result) {
	f := res.Failure
	f.Policy, f.Gate = p.at(e.Line), newGate()
	var named *inspect.FileError
	if errors.As(res.Err, &named) {
		key := strings.ReplaceAll(named.Flag, "-", "_")
		if line := e.Places[key]; line > 0 {
			f.Policy = p.at(line)
			f.Error.Message = fmt.Sprintf("%s, line %d: %s: %s", p.File, line, key, named.Err)
		}
	}
	for _, w := range p.Waivers {
		if w.about(f.Target) {
			w.used = true
		}
	}
}

// Adopt makes an answer about no job of the policy one of its own.
func (p *Policy) Adopt(r *chain.Report) { r.Policy, r.Gate = p.at(1), newGate() }

// Leftovers reports waivers that are expired or that nothing used, as findings
// of the policy itself; nil where there are none.
func (p *Policy) Leftovers(now time.Time) *chain.Report {
	r := &chain.Report{Schema: chain.ReportSchema, Target: p.File, EvaluatedAt: now, Profile: "policy", Purpose: chain.PurposeAny, Verdict: chain.Trusted,
		Gate: newGate(), Levels: []chain.LevelReport{}, Items: []chain.ItemReport{}, Paths: []chain.PathReport{}}
	expired := 0
	for _, w := range p.Waivers {
		switch {
		case now.After(w.Until):
			expired++
			add(r, waiverExpired, chain.Warning, p.at(w.Line), "the waiver for "+w.Rule+" has expired",
				chain.Evid{Field: "until", Got: w.Until.UTC().Format(time.DateOnly), Want: "a date to come"})
		case !w.used:
			add(r, waiverUnused, chain.Warning, p.at(w.Line), "the waiver for "+w.Rule+" is not needed: the rule did not fire",
				chain.Evid{Field: "target", Got: cmp.Or(w.Target, "any"), Want: "one on which the rule fires"})
		}
	}
	if len(r.Findings) == 0 {
		return nil
	}
	r.Headline = fmt.Sprintf("waivers of the policy itself: %d expired, %d unused", expired, len(r.Findings)-expired)
	return r
}

// add adds a finding of the policy's own; at is nil without a policy.
func add(r *chain.Report, rule *chain.Rule, s chain.Severity, at *chain.PolicyLine, message string, evidence chain.Evid) {
	f := chain.Finding{Rule: rule.ID, Level: rule.Level, Severity: s, Status: chain.Broken, Paths: []int{}, Message: message, Evidence: []chain.Evid{evidence}, Policy: at}
	if at != nil {
		f.Evidence = append(f.Evidence, chain.Evid{Field: "policy", Got: fmt.Sprintf("%s, line %d", at.File, at.Line)})
	}
	f.Advise(rule.Advice)
	r.Findings = append(r.Findings, f)
}

// Retry reports whether a failure may pass while a server is starting.
func Retry(res inspect.Result) bool {
	if res.Failure == nil {
		return false
	}
	switch res.Failure.Error.Kind {
	case chain.ErrorRefused, chain.ErrorTimeout, chain.ErrorTLS, chain.ErrorNotTLS, chain.ErrorDNS: // a container without a name yet
		return true
	}
	return false
}
