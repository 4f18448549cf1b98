package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"io"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

//go:generate go tool qtc -skipLineComments -file page.qtpl

//go:embed page.css
var pageStyle string

// html writes one self-contained page: no script, no network, no link but into
// the page itself. The content security policy allows the one style sheet
// inside, by its hash. The page is written at the end: what fails stands first,
// what passes is folded, and the summary links to both.
type html struct {
	w io.Writer
	o Options

	tally    tally
	sections []htmlSection
}

// htmlSection is the answer for a target, and the summary's line about it.
type htmlSection struct {
	row  htmlRow
	good bool // it is folded where there are others

	page    *htmlPage // or, where it was not inspected,
	failure *htmlFailure
}

type htmlRow struct{ ID, Class, State, Target, Note string }

// htmlFailure is what the template shows of a target that was not inspected.
type htmlFailure struct {
	ID, Name string
	F        *chain.Failure
}

func newHTML(w io.Writer, o Options) Reporter { return &html{w: w, o: o} }

func (h *html) Begin() error { return nil }

// safe is a text as the page shows it, before it is escaped for HTML.
func safe(s string) string { return schemeless(printable(s)) }

func (h *html) Report(r *chain.Report) error {
	h.tally.report(r)
	p := h.page(r)
	h.sections = append(h.sections, htmlSection{
		row:  htmlRow{ID: p.ID, Class: p.Class, State: verdictWords(r), Target: heading(r), Note: p.Headline},
		good: p.Class == "trusted",
		page: p,
	})
	return nil
}

func (h *html) Failure(f *chain.Failure) error {
	h.tally.uninspected++
	x := &htmlFailure{ID: h.id(), Name: failedJob(f), F: f}
	h.sections = append(h.sections, htmlSection{row: htmlRow{ID: x.ID, Class: "untrusted", State: "not inspected", Target: x.Name, Note: causeOf(f)}, failure: x})
	return nil
}

// id is the anchor of a section.
func (h *html) id() string { return "target-" + itoa(len(h.sections)+1) }

func (h *html) End() error {
	var b bytes.Buffer
	many := len(h.sections) > 1
	sum := h.summary()
	title := sum.Sentence
	if !many && h.o.Gate == nil && len(h.sections) > 0 {
		title = h.sections[0].row.State + ": " + h.sections[0].row.Target
	}
	digest := sha256.Sum256([]byte(pageStyle)) // which has to stay as it is
	writepageHead(&b, "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(digest[:])+"'; base-uri 'none'; form-action 'none'", title)
	if many || h.o.Gate != nil {
		writepageSummary(&b, sum)
	}
	for _, good := range []bool{false, true} {
		for i := range h.sections {
			switch x := &h.sections[i]; {
			case x.good != good:
			case x.page != nil:
				x.page.Folded = good && many
				writepageReport(&b, x.page)
			default:
				writepageFailure(&b, x.failure)
			}
		}
	}
	writepageFoot(&b, &h.o.Tool)
	_, err := h.w.Write(b.Bytes())
	return err
}

// htmlSummary is the top of a page about several targets, or of a gate's.
type htmlSummary struct {
	Sentence string
	Rows     []htmlRow
}

// summary lists what fails before what passes.
func (h *html) summary() *htmlSummary {
	s := &htmlSummary{Sentence: h.tally.sentence()}
	if h.o.Gate != nil {
		s.Sentence = h.o.Gate.Sentence()
		at := map[string]string{}
		for _, x := range h.sections {
			at[x.row.Target] = x.row.ID
		}
		for _, fails := range []bool{true, false} {
			for i := range h.o.Gate.Rows {
				if r := &h.o.Gate.Rows[i]; r.Fails == fails {
					class := map[bool]string{true: "fail", false: "pass"}[fails]
					s.Rows = append(s.Rows, htmlRow{ID: at[r.Target()], Class: class, State: r.State(), Target: r.Target(), Note: r.Note()})
				}
			}
		}
		return s
	}
	for _, good := range []bool{false, true} {
		for _, x := range h.sections {
			if x.good == good {
				s.Rows = append(s.Rows, x.row)
			}
		}
	}
	return s
}

// htmlPage is what the template shows of one report.
type htmlPage struct {
	R         *chain.Report
	ID        string // of the section's heading
	Class     string // of the verdict
	Folded    bool
	Headline  string
	GoodUntil string
	Device    string
	Plan      []step
	Levels    []htmlLevel
	Picture   *picture
	Validity  *validity
	Findings  []htmlFinding // what counts
	Notes     []htmlFinding
	Paths     []string

	NotesTitle string
}

type htmlLevel struct{ Name, Verdict, Reason string }

type htmlFinding struct {
	*chain.Finding
	Grade, Item, Why string
	Steps            []step
}

func (h *html) page(r *chain.Report) *htmlPage {
	p := &htmlPage{R: r, ID: h.id(), Class: verdictClass(r), Headline: headline(r), Picture: draw(r, h.o.rule), Validity: drawValidity(r)}
	var about *chain.Finding
	p.Plan, about = h.o.plan(r)
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
		x := htmlFinding{Finding: f, Grade: grade(f), Why: h.o.rule(f.Rule).Explain, Steps: h.o.steps(f)}
		if where := planned(r, f); where != "" {
			x.Steps = []step{{Text: where}}
		} else if f == about && len(x.Steps) > 0 {
			x.Steps = []step{{Text: "above"}}
		}
		if it, label := findingItem(r, f); it != nil {
			x.Item = label
			if name := shortName(it); name != x.Item {
				x.Item += ": " + name
			}
		}
		if rank(f) < 3 {
			p.Findings = append(p.Findings, x)
		} else {
			p.Notes = append(p.Notes, x)
		}
	}
	p.NotesTitle = count(len(p.Notes), "note")
	for _, path := range r.Paths {
		p.Paths = append(p.Paths, pathSentence(r, path))
	}
	return p
}

// verdictClass is the style of a verdict.
func verdictClass(r *chain.Report) string {
	switch {
	case r.NothingToTrust():
		return "undecided"
	case r.Verdict == chain.Trusted:
		return "trusted"
	case r.Verdict == chain.Untrusted:
		return "untrusted"
	}
	return "undecided"
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
