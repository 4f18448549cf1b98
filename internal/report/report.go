// Package report writes reports: one file per format, each a pure function of
// the reports it is handed. Everything that comes from a certificate or a server
// is hostile and is escaped by the rules of the format.
package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Options say how to write. The zero value is 80 columns, without colour.
type Options struct {
	Color     bool                        // text: colour beside the words, never instead of them
	Width     int                         // text: columns; 0: 80
	Verbosity int                         // -1 the verdict only, 0, 1 everything
	Links     bool                        // text: OSC 8 hyperlinks
	ASCII     bool                        // text: nothing beyond ASCII, where the locale has no UTF-8
	FailOn    chain.Severity              // the severity that fails a run; "": error
	Tool      Tool                        // who wrote it
	Rules     func(id string) *chain.Rule // texts of a rule; nil, or a nil answer: none are known
	Gate      *Gate                       // what a policy says; nil: none judged

	FailuresSaid bool // text: what could not be inspected is said elsewhere, and is counted only
}

// Tool names the program that made the reports.
type Tool struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Revision string `json:"revision"`
	Go       string `json:"go"`
}

// A Reporter takes the answers of one run in order: Begin, then Report or
// Failure once per target, then End. The errors are those of the writer.
type Reporter interface {
	Begin() error
	Report(*chain.Report) error
	Failure(*chain.Failure) error
	End() error
}

// format is one line of the table of formats.
type format struct {
	name string
	make func(io.Writer, Options) Reporter
}

// formats lists them in the order --help shows them.
func formats() []format {
	return []format{
		{"text", newText},
		{"json", newJSON},
		{"ndjson", newNDJSON},
		{"sarif", newSARIF},
		{"junit", newJUnit},
		{"github", newGitHub},
		{"gcc", newGCC},
		{"prometheus", newPrometheus},
		{"markdown", newMarkdown},
		{"html", newHTML},
		{"pem", newPEM},
		{"nscurl", newNscurl},
	}
}

// Formats lists the names New takes.
func Formats() []string {
	var names []string
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

// NewJSON and NewHTML make one format each, for programs that write no other and
// need not hold them.
func NewJSON(w io.Writer, o Options) Reporter { return newJSON(w, o.withDefaults()) }

// NewHTML is as NewJSON.
func NewHTML(w io.Writer, o Options) Reporter { return newHTML(w, o.withDefaults()) }

// New makes the Reporter of a format; the error names the formats there are.
func New(name string, w io.Writer, o Options) (Reporter, error) {
	o = o.withDefaults()
	for _, f := range formats() {
		if f.name == name {
			return f.make(w, o), nil
		}
	}
	return nil, fmt.Errorf("unknown format %q: one of %s", name, strings.Join(Formats(), ", "))
}

func (o Options) withDefaults() Options {
	if o.Width <= 0 {
		o.Width = 80
	}
	if o.FailOn == "" {
		o.FailOn = chain.Error
	}
	if o.Tool.Name == "" {
		o.Tool.Name = "chainspect"
	}
	return o
}

// rule gives the texts of a rule; an empty rule of that ID where none are known.
func (o *Options) rule(id string) *chain.Rule {
	if o.Rules != nil {
		if r := o.Rules(id); r != nil {
			return r
		}
	}
	return &chain.Rule{ID: id}
}

// causeOf is why a target could not be inspected, without the target that
// begins the message where it stands alone.
func causeOf(f *chain.Failure) string {
	rest, ok := strings.CutPrefix(f.Error.Message, f.Target)
	if ok && (strings.HasPrefix(rest, ": ") || strings.HasPrefix(rest, ", ")) {
		return rest[2:]
	}
	return f.Error.Message
}

// tally counts the answers of a run by verdict, for the sentence that every
// format for people says the same.
type tally struct {
	more                                              int // answers about a target that has had one
	trusted, untrusted, undecided, empty, uninspected int
}

func (t *tally) report(r *chain.Report) {
	if r.Part > 1 {
		t.more++
	}
	switch {
	case r.NothingToTrust():
		t.empty++
	case r.Verdict == chain.Trusted:
		t.trusted++
	case r.Verdict == chain.Untrusted:
		t.untrusted++
	default:
		t.undecided++
	}
}

// answers is how many were counted.
func (t *tally) answers() int {
	return t.trusted + t.untrusted + t.undecided + t.empty + t.uninspected
}

// sentence sums the run up: "3 targets: 2 trusted, 1 not trusted".
func (t *tally) sentence() string {
	n := t.answers()
	s := count(n-t.more, "target")
	if t.more > 0 {
		s += ", " + count(n, "answer")
	}
	s += ": " + itoa(t.trusted) + " trusted, " + itoa(t.untrusted) + " not trusted"
	return s + t.open()
}

// open lists, behind commas, those without a verdict.
func (t *tally) open() (s string) {
	if t.undecided > 0 {
		s += ", " + itoa(t.undecided) + " could not tell"
	}
	if t.empty > 0 {
		s += ", " + itoa(t.empty) + " nothing to trust"
	}
	if t.uninspected > 0 {
		s += ", " + itoa(t.uninspected) + " not inspected"
	}
	return s
}
