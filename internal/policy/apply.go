package policy

import (
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
)

// target is a file beside the policy where there is one, else what it says.
func (p *parser) target(text string) string {
	if beside := p.relative(text); load.IsFile(text) {
		return beside
	} else if _, err := os.Stat(beside); err == nil {
		return beside
	}
	return text
}

// Apply grades a report by the policy: waivers, expected failures, thresholds.
func (p *Policy) Apply(e *Entry, r *chain.Report) {
	fired := map[string]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Status == chain.Broken {
			fired[f.Rule] = true
		}
		if slices.Contains(e.Fail, f.Rule) {
			f.Status, f.Waiver = chain.Waived, fmt.Sprintf("expected to fail (%s, line %d)", p.File, e.Line)
			continue
		}
		p.waive(f, r)
	}
	for _, id := range e.Fail {
		if !fired[id] {
			add(r, ExpectedFailure, chain.Error, fmt.Sprintf("%s was expected to fire and did not", id), fmt.Sprintf("%s, line %d", p.File, e.Line), "silent", "fires")
		}
	}
	if len(e.Fail) > 0 {
		return
	}
	if e.GoodFor > 0 {
		need := r.EvaluatedAt.Add(e.GoodFor)
		if r.GoodUntil != nil && r.GoodUntil.Time.Before(need) {
			add(r, GoodUntil, chain.Error, fmt.Sprintf("trust ends before the %s the policy asks for are over", days(e.GoodFor)), "good until",
				r.GoodUntil.Time.UTC().Format(time.RFC3339), need.UTC().Format(time.RFC3339)+" or later")
		}
	}
	if !e.GoodAt.IsZero() && r.GoodUntil != nil && r.GoodUntil.Time.Before(e.GoodAt) {
		add(r, GoodUntil, chain.Error, "trust ends before the date the policy asks for", "good until",
			r.GoodUntil.Time.UTC().Format(time.RFC3339), e.GoodAt.UTC().Format(time.RFC3339)+" or later")
	}
}

func days(d time.Duration) string {
	if d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	}
	return d.String()
}

// NotInspected tells that a target gave no report: whether a waiver for it is
// still needed cannot be told.
func (p *Policy) NotInspected(target string) {
	for _, w := range p.Waivers {
		if w.Target == "" || w.Target == target {
			w.used = true
		}
	}
}

// Leftovers reports waivers that are expired or that nothing used, as findings of the policy itself.
func (p *Policy) Leftovers(now time.Time) *chain.Report {
	r := &chain.Report{Schema: chain.ReportSchema, Target: p.File, EvaluatedAt: now, Profile: "policy", Purpose: chain.PurposeAny, Verdict: chain.Trusted,
		Headline: "the policy's own waivers", Levels: []chain.LevelReport{}, Items: []chain.ItemReport{}, Paths: []chain.PathReport{}}
	for _, w := range p.Waivers {
		where := fmt.Sprintf("%s, line %d", p.File, w.Line)
		switch {
		case now.After(w.Until):
			add(r, WaiverExpired, chain.Warning, "the waiver for "+w.Rule+" has expired", where, w.Until.UTC().Format(time.DateOnly), "a date to come")
		case !w.used:
			add(r, WaiverUnused, chain.Warning, "the waiver for "+w.Rule+" is not needed: the rule did not fire", where, "unused", "used, or removed")
		}
	}
	if len(r.Findings) == 0 {
		return nil
	}
	return r
}

func add(r *chain.Report, rule *chain.Rule, s chain.Severity, message, field, got, want string) {
	r.Findings = append(r.Findings, chain.Finding{Rule: rule.ID, Level: rule.Level, Severity: s, Status: chain.Broken, Paths: []int{}, Message: message,
		Evidence: []chain.Evid{{Field: field, Got: got, Want: want}}, Fix: rule.Remedy.Advice(r.Purpose)})
}

// Retry reports whether a failure may pass while a server is starting.
func Retry(res inspect.Result) bool {
	if res.Failure == nil {
		return false
	}
	k := res.Failure.Error.Kind
	return k == "refused" || k == "timeout" || k == "tls" || k == "not_tls" || k == "dns" // a container without a name yet
}
