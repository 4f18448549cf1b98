package report

import (
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/chainspect/chainspect/pkg/chain"
)

// jsonDocument writes one document for the whole run, report by report, so that
// a long run needs no more memory than its longest report.
type jsonDocument struct {
	w     io.Writer
	o     Options
	n     int
	tally tally
	rules map[string]jsonRule
}

// jsonTotals counts the answers of the run, as the sentences for people do.
type jsonTotals struct {
	Targets        int `json:"targets"`
	Answers        int `json:"answers"`
	Trusted        int `json:"verdict_trusted"`
	Untrusted      int `json:"verdict_untrusted"`
	Unknown        int `json:"verdict_unknown"`
	NothingToTrust int `json:"nothing_to_trust"`
	NotInspected   int `json:"not_inspected"`
}

// jsonGate is what a policy came to, over all jobs.
type jsonGate struct {
	Result  string `json:"result"`
	Targets int    `json:"targets"`
	Failed  int    `json:"failed"`
	Policy  string `json:"policy"` // the result for the policy's own waivers
}

// jsonRule is a rule's texts in the document.
type jsonRule struct {
	Title    string       `json:"title"`
	Level    chain.Level  `json:"level"`
	Explain  string       `json:"explain"`
	Remedy   string       `json:"remedy"`
	RemedyBy string       `json:"remedy_by,omitempty"`
	Client   string       `json:"remedy_client,omitempty"` // where item 0 is a client's
	Sources  []jsonSource `json:"sources"`
}

type jsonSource struct {
	Doc        string           `json:"doc"`
	Section    string           `json:"section"`
	Confidence chain.Confidence `json:"confidence,omitempty"`
}

func newJSON(w io.Writer, o Options) Reporter {
	return &jsonDocument{w: w, o: o, rules: map[string]jsonRule{}}
}

func (d *jsonDocument) Begin() error {
	tool, err := encode(d.o.Tool, "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(d.w, "{\n  \"schema\": %q,\n  \"tool\": %s,\n  \"reports\": [", chain.ReportSchema, tool)
	return err
}

func (d *jsonDocument) Report(r *chain.Report) error {
	if d.o.Gate == nil || len(r.Levels) > 0 { // the policy's own waivers are no target
		d.tally.report(r)
	}
	for i := range r.Findings {
		id := r.Findings[i].Rule
		if _, ok := d.rules[id]; !ok {
			d.rules[id] = ruleTexts(d.o.rule(id), r.Findings[i].Level)
		}
	}
	return d.element(withoutNulls(r))
}

func (d *jsonDocument) Failure(f *chain.Failure) error {
	d.tally.uninspected++
	return d.element(f)
}

func (d *jsonDocument) element(v any) error {
	b, err := encode(v, "    ")
	if err != nil {
		return err
	}
	comma := ","
	if d.n == 0 {
		comma = ""
	}
	d.n++
	_, err = fmt.Fprintf(d.w, "%s\n    %s", comma, b)
	return err
}

func (d *jsonDocument) End() error {
	rules, err := encode(d.rules, "  ")
	if err != nil {
		return err
	}
	gap := "\n  "
	if d.n == 0 {
		gap = ""
	}
	t := &d.tally
	totals, err := encode(jsonTotals{Targets: t.answers() - t.more, Answers: t.answers(), Trusted: t.trusted, Untrusted: t.untrusted,
		Unknown: t.undecided, NothingToTrust: t.empty, NotInspected: t.uninspected}, "  ")
	if err != nil {
		return err
	}
	gate, err := d.gate()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(d.w, "%s],\n  \"totals\": %s,\n%s  \"rules\": %s\n}\n", gap, totals, gate, rules)
	return err
}

// gate is the line of the gate's result; "" where no policy judged.
func (d *jsonDocument) gate() (string, error) {
	if d.o.Gate == nil {
		return "", nil
	}
	result := map[bool]string{true: "fail", false: "pass"}
	failed, targets, own := d.o.Gate.count()
	b, err := encode(jsonGate{Result: result[failed > 0 || own], Targets: targets, Failed: failed, Policy: result[own]}, "  ")
	return "  \"gate\": " + string(b) + ",\n", err
}

func ruleTexts(r *chain.Rule, level chain.Level) jsonRule {
	if r.Level != "" {
		level = r.Level
	}
	j := jsonRule{Title: r.Title, Level: level, Explain: r.Explain, Sources: []jsonSource{}}
	for i := range r.Advice {
		a := r.Advice[i].General()
		switch {
		case a.For != "":
			j.Client = semicolon(j.Client, a.Line())
		case j.Remedy == "":
			j.Remedy, j.RemedyBy = a.Text, a.Who
		default:
			j.Remedy = semicolon(j.Remedy, a.Line())
		}
	}
	for _, s := range r.Sources {
		j.Sources = append(j.Sources, jsonSource{s.Doc, s.Section, s.Confidence})
	}
	return j
}

// encode marshals a value, indented behind prefix, in harmless characters.
func encode(v any, prefix string) ([]byte, error) {
	b, err := json.MarshalIndent(v, prefix, "  ")
	return harmlessJSON(b), err
}

// harmlessJSON writes what a terminal could obey – DEL, C1 control characters,
// bidirectional overrides – as \u escapes; encoding/json leaves those as they
// are. Such characters can stand inside strings only.
func harmlessJSON(b []byte) []byte {
	var out []byte
	from := 0 // b[from:i] is harmless and not yet in out
	for i := 0; i < len(b); {
		c := b[i]
		if c < 0x7f && (c != '#' || i == 0 || b[i-1] != '#') {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r != '#' && unicode.IsPrint(r) {
			i += n
			continue
		}
		out = append(out, b[from:i]...)
		if r < 0x10000 { // "##[…]" steers build logs
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			hi, lo := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
		}
		i += n
		from = i
	}
	if from == 0 {
		return b
	}
	return append(out, b[from:]...)
}

// ndjson writes one line per answer, at once.
type ndjson struct{ w io.Writer }

func newNDJSON(w io.Writer, _ Options) Reporter { return ndjson{w} }

func (n ndjson) Begin() error { return nil }

func (n ndjson) Report(r *chain.Report) error { return n.line(withoutNulls(r)) }

func (n ndjson) Failure(f *chain.Failure) error { return n.line(f) }

func (n ndjson) End() error { return nil }

func (n ndjson) line(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = n.w.Write(append(harmlessJSON(b), '\n'))
	return err
}

// withoutNulls is a copy of a report in which every list of the promised shape
// is there, if only empty. The original is left alone.
func withoutNulls(r *chain.Report) *chain.Report {
	c := *r
	if c.Schema == "" {
		c.Schema = chain.ReportSchema
	}
	c.Levels = list(c.Levels)
	c.Items = append([]chain.ItemReport{}, c.Items...)
	for i := range c.Items {
		c.Items[i].Faults = list(c.Items[i].Faults)
	}
	c.Paths = append([]chain.PathReport{}, c.Paths...)
	for i := range c.Paths {
		c.Paths[i].Items = list(c.Paths[i].Items)
	}
	c.Findings = append([]chain.Finding{}, c.Findings...)
	for i := range c.Findings {
		c.Findings[i].Paths = list(c.Findings[i].Paths)
		c.Findings[i].Evidence = list(c.Findings[i].Evidence)
		c.Findings[i].Advice = append([]chain.AdviceReport{}, c.Findings[i].Advice...)
		for k := range c.Findings[i].Advice {
			c.Findings[i].Advice[k].Commands = list(c.Findings[i].Advice[k].Commands)
		}
	}
	c.Plan = append([]chain.AdviceReport{}, c.Plan...)
	for i := range c.Plan {
		c.Plan[i].Commands = list(c.Plan[i].Commands)
	}
	if c.Gate != nil {
		gate := *c.Gate
		gate.Expected, gate.Waived = list(gate.Expected), list(gate.Waived)
		c.Gate = &gate
	}
	if c.Connection != nil {
		conn := *c.Connection
		conn.ClientAuth.Authorities = list(conn.ClientAuth.Authorities)
		c.Connection = &conn
	}
	if c.Identity != nil {
		id := *c.Identity
		id.Items, id.Keys, id.Imports = list(id.Items), list(id.Keys), list(id.Imports)
		c.Identity = &id
	}
	if c.Device != nil {
		dev := *c.Device
		dev.Hides = list(dev.Hides)
		c.Device = &dev
	}
	return &c
}

// list is never nil.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}
