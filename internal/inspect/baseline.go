package inspect

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
)

// Baseline is earlier reports to compare with, by target.
type Baseline struct{ reports map[string]*chain.Report }

// giveBaseline is the remedy for a file that is no baseline.
const giveBaseline = "write one with --format json -o FILE, or with --capture FILE"

// Baseline reads a JSON report, NDJSON reports or a capture; a capture is judged
// with the same job as the targets will be.
func (r *Runner) Baseline(ctx context.Context, path string, j Job) (*Baseline, error) {
	data, err := r.read(ctx, &j, "baseline", path)
	if err != nil {
		return nil, of("baseline", err)
	}
	b := &Baseline{reports: map[string]*chain.Report{}}
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
	for _, res := range r.judge(q, inFile(path, captures)) {
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
			b.reports[r.Target] = r
		}
	}
}

// Compare fills r.Changes with what differs from the baseline's report of the
// same target, or of its only target, whose name it then returns; "" else. The
// question comes first: an answer may have changed with it.
func (b *Baseline) Compare(r *chain.Report) (other string) {
	old := b.reports[r.Target]
	if old == nil && len(b.reports) == 1 {
		for _, only := range b.reports {
			old, other = only, only.Target
		}
	}
	if old == nil {
		r.Changes = []chain.Change{{What: "chain", Before: "not in the baseline", After: list(r)}}
		return ""
	}
	differ := func(what, before, after string) {
		if before != after {
			r.Changes = append(r.Changes, chain.Change{What: what, Before: before, After: after})
		}
	}
	differ("profile", old.Profile, r.Profile) // another question may have another answer
	differ("name", old.Name, r.Name)
	differ("platform", old.Platform, r.Platform)
	differ("purpose", string(old.Purpose), string(r.Purpose))
	differ("for", old.For, r.For)
	differ("verdict", string(old.Verdict), string(r.Verdict))
	for _, l := range chain.Levels() {
		differ("level "+string(l), levelVerdict(old, l), levelVerdict(r, l))
	}
	differ("chain", list(old), list(r))
	differ("path", bestPath(old), bestPath(r))
	differ("connection", connection(old), connection(r))
	before, after := findings(old), findings(r)
	for _, key := range before.order {
		if _, still := after.text[key]; !still {
			differ("finding", before.text[key], "gone")
		}
	}
	for _, key := range after.order {
		if _, was := before.text[key]; !was {
			differ("finding", "not there", after.text[key])
		}
	}
	return other
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

func list(r *chain.Report) string {
	var out []string
	for _, it := range r.Items {
		if it.Origin == chain.OriginSent || it.Origin == chain.OriginFile {
			out = append(out, fmt.Sprintf("%s (sha256 %.16s…, until %s)", it.Subject, it.SHA256, it.NotAfter))
		}
	}
	return strings.Join(out, " > ")
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
	order []string
	text  map[string]string
}

func findings(r *chain.Report) findingSet {
	s := findingSet{text: map[string]string{}}
	for _, f := range r.Findings {
		key := string(f.Severity) + " " + f.Rule
		if f.Item != nil {
			key += fmt.Sprintf(" item %d", *f.Item)
		}
		if _, ok := s.text[key]; !ok {
			s.order = append(s.order, key)
			s.text[key] = key + ": " + f.Message
		}
	}
	return s
}
