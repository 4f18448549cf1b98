package inspect

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
)

// Baseline is earlier reports to compare with.
type Baseline struct{ reports []*earlier }

// earlier is a report of the baseline.
type earlier struct {
	*chain.Report
	used bool // a target of this run was compared with it
}

// giveBaseline is the remedy for a file that is no baseline.
const giveBaseline = "write one with --format json -o FILE, or with --capture FILE"

// Baseline reads a JSON report, NDJSON reports or a capture; a capture is judged
// with the same job as the targets will be.
func (r *Runner) Baseline(ctx context.Context, path string, j Job) (*Baseline, error) {
	data, err := r.read(ctx, &j, "baseline", path)
	if err != nil {
		return nil, of("baseline", err)
	}
	b := &Baseline{}
	var doc struct {
		Schema  string          `json:"schema"`
		Reports []*chain.Report `json:"reports"`
	}
	if json.Unmarshal(data, &doc) == nil && doc.Schema == chain.ReportSchema && doc.Reports != nil {
		b.keep(doc.Reports...)
		return b, nil
	}
	dec := json.NewDecoder(strings.NewReader(string(data)))
	for dec.More() {
		var one chain.Report
		if dec.Decode(&one) != nil || one.Schema != chain.ReportSchema {
			break
		}
		b.keep(&one)
	}
	if len(b.reports) > 0 {
		return b, nil
	}
	captures, err := load.Captures(path, data, r.Now())
	if err != nil {
		if k := load.Recognise(data); k != load.SavedCapture {
			err = load.Misplaced(path, data, giveBaseline)
		}
		return nil, of("baseline", err)
	}
	j.Target = path
	q := &request{job: &j}
	if err := r.basis(ctx, q, ""); err != nil {
		return nil, err
	}
	for _, res := range r.judge(ctx, q, inFile(path, captures)) {
		if res.Failure == nil {
			b.keep(res.Report)
		}
	}
	if len(b.reports) == 0 {
		return nil, of("baseline", &load.Error{Kind: "format", Path: path, Message: "nothing in it can be judged", Remedy: giveBaseline})
	}
	return b, nil
}

func (b *Baseline) keep(list ...*chain.Report) {
	for _, r := range list {
		if r != nil && len(r.Items) > 0 {
			b.reports = append(b.reports, &earlier{Report: r})
		}
	}
}

// match finds the report of the same job: its target, asked for the same name, and
// the same answer where one has several; else the only one about the target. alone:
// the run has one target, and so a baseline of one other is meant. other is the
// name of that.
func (b *Baseline) match(r *chain.Report, alone bool) (old *earlier, other string) {
	var about []*earlier
	for _, e := range b.reports {
		if e.Target != r.Target {
			continue
		}
		if e.ID == r.ID && e.Name == r.Name && e.Label == r.Label && !e.used {
			return e, ""
		}
		about = append(about, e)
	}
	for _, e := range about { // how many connections got a list differs from run to run
		if e.ID == r.ID && e.Name == r.Name && !e.used && len(r.Items) > 0 && e.Items[0].SHA256 == r.Items[0].SHA256 {
			return e, ""
		}
	}
	switch {
	case len(about) == 1:
		return about[0], ""
	case len(about) > 1:
		for _, e := range about {
			if e.Name == r.Name && !e.used {
				return e, ""
			}
		}
		return nil, ""
	case alone && len(b.reports) == 1:
		return b.reports[0], b.reports[0].Target
	}
	return nil, ""
}

// Compare fills r.Changes with what differs from the baseline's report of the same
// job; other names its target where that is another. The question comes first: an
// answer may have changed with it.
func (b *Baseline) Compare(r *chain.Report, alone bool) (other string) {
	old, other := b.match(r, alone)
	c := &comparison{report: r}
	if old == nil {
		c.counts("target", "not in the baseline", "new")
		return ""
	}
	old.used = true
	c.differ("profile", old.Profile, r.Profile)
	c.differ("name", old.Name, r.Name)
	c.differ("platform", old.Platform, r.Platform)
	c.differ("purpose", string(old.Purpose), string(r.Purpose))
	c.differ("for", old.For, r.For)
	c.counts("verdict", string(old.Verdict), string(r.Verdict))
	for _, l := range chain.Levels() {
		c.counts("level "+string(l), levelVerdict(old.Report, l), levelVerdict(r, l))
	}
	before, after := sent(old.Report), sent(r)
	for i := range max(len(before), len(after)) {
		c.item(i, at(before, i), at(after, i))
	}
	if a, b := leaf(before), leaf(after); a != nil && b != nil {
		c.counts("key", a.SPKISHA256, b.SPKISHA256)
	}
	if a, b := anchorOf(old.Report), anchorOf(r); a.SHA256 != b.SHA256 {
		c.counts("anchor", describe(&a), describe(&b))
	}
	if len(r.Changes) > 0 { // by itself it moves with the calendar and the tables
		c.differ("good until", until(old.Report), until(r))
	}
	c.differ("path", bestPath(old.Report), bestPath(r))
	c.differ("connection", connection(old.Report), connection(r))
	c.findings(findings(old.Report), findings(r))
	return other
}

// Failed tells that a target of the run could not be inspected: it is not gone.
func (b *Baseline) Failed(target string) {
	for _, e := range b.reports {
		if e.Target == target {
			e.used = true
		}
	}
}

// Gone reports the targets of the baseline that this run has not asked about.
func (b *Baseline) Gone(now time.Time) []*chain.Report {
	var out []*chain.Report
	for _, e := range b.reports {
		if !e.used {
			r := &chain.Report{Schema: chain.ReportSchema, ID: e.ID, Target: e.Target, Name: e.Name, Label: e.Label, EvaluatedAt: now, Profile: e.Profile, Platform: e.Platform,
				Purpose: e.Purpose, Verdict: chain.Undecided, Headline: "could not tell: it stands in the baseline, and was not asked about",
				Levels: []chain.LevelReport{}, Items: []chain.ItemReport{}, Paths: []chain.PathReport{}, Findings: []chain.Finding{}}
			(&comparison{report: r}).counts("target", "in the baseline", "gone")
			out = append(out, r)
		}
	}
	return out
}

// comparison collects the changes of a report.
type comparison struct{ report *chain.Report }

// differ tells a difference that is no change in the sense of --fail-on-change.
func (c *comparison) differ(what, before, after string) {
	if before != after {
		c.report.Changes = append(c.report.Changes, chain.Change{What: what, Before: before, After: after})
	}
}

// counts tells one that is.
func (c *comparison) counts(what, before, after string) {
	if before != after {
		c.report.Changes = append(c.report.Changes, chain.Change{What: what, Before: before, After: after, Counts: true})
	}
}

// item compares what stands at one place of the list sent.
func (c *comparison) item(i int, before, after *chain.ItemReport) {
	if before != nil && after != nil && before.SHA256 == after.SHA256 {
		return
	}
	text := describe(after)
	if before != nil && after != nil {
		if before.SPKISHA256 == after.SPKISHA256 {
			text += ", the same key"
		} else {
			text += ", a new key"
		}
	}
	c.counts(fmt.Sprintf("item %d", i), describe(before), text)
}

// findings compares rules and items, not words: a message may tell a date.
func (c *comparison) findings(before, after findingSet) {
	for _, key := range before.order {
		if _, still := after.text[key]; !still {
			c.finding(before.errors[key] && !after.rules[before.rule[key]], before.text[key], "gone")
		}
	}
	for _, key := range after.order {
		if _, was := before.text[key]; !was {
			c.finding(after.errors[key] && !before.rules[after.rule[key]], "not there", after.text[key])
		}
	}
}

func (c *comparison) finding(counts bool, before, after string) {
	if counts {
		c.counts("finding", before, after)
	} else {
		c.differ("finding", before, after)
	}
}

// levelVerdict is the verdict of one level; "" where a report does not have it.
func levelVerdict(r *chain.Report, l chain.Level) string {
	for _, x := range r.Levels {
		if x.Level == l {
			return string(x.Verdict)
		}
	}
	return ""
}

// sent are the items that were sent, or stood in the file.
func sent(r *chain.Report) []*chain.ItemReport {
	var out []*chain.ItemReport
	for i := range r.Items {
		if it := &r.Items[i]; it.Origin == chain.OriginSent || it.Origin == chain.OriginFile {
			out = append(out, it)
		}
	}
	return out
}

func at(list []*chain.ItemReport, i int) *chain.ItemReport {
	if i < len(list) {
		return list[i]
	}
	return nil
}

func leaf(list []*chain.ItemReport) *chain.ItemReport { return at(list, 0) }

// describe names an item so that a reader can tell it from another.
func describe(it *chain.ItemReport) string {
	if it == nil || it.SHA256 == "" {
		return "none"
	}
	return fmt.Sprintf("%s (sha256 %.16s…, until %s)", it.Subject, it.SHA256, it.NotAfter)
}

// anchorOf is the anchor that the best path ends in; the zero item where it ends in none.
func anchorOf(r *chain.Report) chain.ItemReport {
	if len(r.Paths) == 0 || r.Paths[0].Anchor == nil || *r.Paths[0].Anchor < 0 || *r.Paths[0].Anchor >= len(r.Items) {
		return chain.ItemReport{}
	}
	return r.Items[*r.Paths[0].Anchor]
}

func until(r *chain.Report) string {
	if r.GoodUntil == nil {
		return "not known"
	}
	return r.GoodUntil.Time.UTC().Format(time.RFC3339)
}

func bestPath(r *chain.Report) string {
	if len(r.Paths) == 0 {
		return "none"
	}
	var out []string
	for _, i := range r.Paths[0].Items {
		if i >= 0 && i < len(r.Items) {
			out = append(out, r.Items[i].Subject)
		}
	}
	return strings.Join(out, " > ") + ": " + string(r.Paths[0].Verdict)
}

func connection(r *chain.Report) string {
	if r.Connection == nil {
		return ""
	}
	return strings.TrimSpace(r.Connection.Version + " " + r.Connection.Suite)
}

type findingSet struct {
	order  []string
	text   map[string]string
	rule   map[string]string
	errors map[string]bool // keys of broken errors
	rules  map[string]bool // rules of them
}

func findings(r *chain.Report) findingSet {
	s := findingSet{text: map[string]string{}, rule: map[string]string{}, errors: map[string]bool{}, rules: map[string]bool{}}
	for i := range r.Findings {
		f := &r.Findings[i]
		key := string(f.Severity) + " " + f.Rule
		if f.Item != nil {
			key += fmt.Sprintf(" item %d", *f.Item)
		}
		if f.Severity == chain.Error && f.Status != chain.Unknown { // a waiver changes what counts, not what is
			s.errors[key], s.rules[f.Rule] = true, true
		}
		if _, ok := s.text[key]; !ok {
			s.order = append(s.order, key)
			s.text[key], s.rule[key] = key+": "+f.Message, f.Rule
		}
	}
	return s
}
