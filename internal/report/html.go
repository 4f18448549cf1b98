package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

//go:embed page.gohtml
var pageTemplate string

//go:embed page.css
var pageStyle string

// html writes one self-contained page: no script, no network, no link. The
// content security policy allows the one style sheet inside, by its hash.
type html struct {
	w io.Writer
	o Options
	t *template.Template

	tally tally
}

func newHTML(w io.Writer, o Options) Reporter { return &html{w: w, o: o} }

func (h *html) Begin() error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"safe":    func(s string) string { return schemeless(printable(s)) },
		"advice":  advice,
		"heading": heading, "failedJob": failedJob,
		"until":  instant,
		"key":    keyName,
		"mutual": mutualWords,

		"protected":   protectedBy,
		"fits":        keyFits,
		"takes":       takes,
		"conversions": conversions,
	}).Parse(pageTemplate)
	if err != nil {
		return err
	}
	h.t = t
	sum := sha256.Sum256([]byte(pageStyle))
	err = t.ExecuteTemplate(h.w, "head", map[string]any{
		"Policy": "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'",
		"Style":  template.CSS(pageStyle), // ours, and hashed above: it has to stay as it is
		"Tool":   h.o.Tool,
	})
	if err != nil || h.o.Gate == nil {
		return err
	}
	return t.ExecuteTemplate(h.w, "gate", h.o.Gate)
}

func (h *html) Report(r *chain.Report) error {
	h.tally.report(r)
	return h.t.ExecuteTemplate(h.w, "report", h.page(r))
}

func (h *html) Failure(f *chain.Failure) error {
	h.tally.uninspected++
	return h.t.ExecuteTemplate(h.w, "failure", f)
}

func (h *html) End() error {
	sum := ""
	if h.tally.answers() > 1 && h.o.Gate == nil {
		sum = h.tally.sentence()
	}
	return h.t.ExecuteTemplate(h.w, "foot", map[string]any{"Tool": h.o.Tool, "Sum": sum})
}

// htmlPage is what the template shows of one report.
type htmlPage struct {
	R         *chain.Report
	ID        string // of the section's heading
	Headline  string
	GoodUntil string
	Device    string
	Levels    []htmlLevel
	Items     []row
	Picture   *picture
	Validity  *validity
	Findings  []htmlFinding
	Paths     []string
}

type htmlLevel struct{ Name, Verdict, Reason string }

type htmlFinding struct {
	*chain.Finding
	Grade, Item, Why, Fix, Checked string
}

func (h *html) page(r *chain.Report) *htmlPage {
	p := &htmlPage{R: r, ID: "target-" + itoa(h.tally.answers()), Headline: headline(r), Items: itemRows(r),
		Picture: draw(r, h.o.rule), Validity: drawValidity(r)}
	if g := r.GoodUntil; g != nil {
		p.GoodUntil = instant(g.Time) + ", " + distance(r.EvaluatedAt, g.Time)
		if g.Rule != "" {
			p.GoodUntil += " (" + strings.TrimPrefix(itemName(r, g.Item)+": "+g.Rule, ": ") + ")"
		}
	}
	if r.Device != nil {
		p.Device = deviceSentence(r)
	}
	for _, l := range r.Levels {
		p.Levels = append(p.Levels, htmlLevel{levelName(l.Level), verdictWord(l.Verdict), l.Reason})
	}
	for _, f := range worstFirst(r.Findings) {
		x := htmlFinding{Finding: f, Grade: grade(f), Why: h.o.rule(f.Rule).Explain, Fix: h.o.fix(f)}
		if it := itemAt(r, f.Item); it != nil {
			x.Item = itemLabel(it)
			if name := shortName(it); name != x.Item {
				x.Item += ": " + name
			}
		}
		x.Checked = checkedSentence(f)
		p.Findings = append(p.Findings, x)
	}
	for _, path := range r.Paths {
		p.Paths = append(p.Paths, pathSentence(r, path))
	}
	return p
}

// span is a piece of an explanation or a remedy: words, or a command.
type span struct {
	Code bool
	Text string
}

// advice cuts a text into lines and those into words and commands, which stand
// between backticks.
func advice(s string) [][]span {
	var lines [][]span
	for _, l := range printableLines(s) {
		parts := strings.Split(schemeless(l), "`")
		if len(parts)%2 == 0 {
			parts = []string{schemeless(l)}
		}
		var line []span
		for i, p := range parts {
			if p != "" {
				line = append(line, span{i%2 == 1, p})
			}
		}
		lines = append(lines, line)
	}
	return lines
}
