// Package policy reads the gate's policy file and applies it to reports:
// expectations, severities and waivers. They change the exit code, never a
// level or a verdict.
package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/internal/near"
	"github.com/chainspect/chainspect/pkg/chain"
)

// Policy is a gate's policy file.
type Policy struct {
	File       string
	Entries    []Entry
	Severities map[string]chain.Severity
	Waivers    []*Waiver
}

// Entry is one job with what is expected of it.
type Entry struct {
	Job     inspect.Job
	Line    int
	Expect  int            // line of expect; 0: nothing is expected
	Places  map[string]int // lines of its keys, those of the defaults among them
	Wait    time.Duration  // a server that is starting is asked again for so long
	Fail    []string       // rules that must fire; no others at error level may
	GoodFor time.Duration  // trust must last at least so long
	GoodAt  time.Time      // and hold at this time
	Clients []expectedClient
	asks    []string // the names of Clients
}

// Error is a policy file that cannot be meant: exit code 2.
type Error struct {
	File    string
	Line    int
	Column  int // 0: not known
	Message string
}

// Context is what a policy is read in.
type Context struct {
	Defaults inspect.Job       // of all jobs: what flags say
	Files    *load.Files       // where files may be opened; nil: anywhere
	Known    func(string) bool // tells the rule IDs
	IDs      func() []string   // lists them, to find the one that was meant
}

// Regrade lists the severities that findings get instead of the profile's; what
// the policy switches off is waived by Apply.
func (p *Policy) Regrade() map[string]chain.Severity {
	out := map[string]chain.Severity{}
	for id, s := range p.Severities {
		if s != chain.Off {
			out[id] = s
		}
	}
	return out
}

func (e *Error) Error() string {
	if e.Column > 0 {
		return fmt.Sprintf("%s, line %d, column %d: %s", e.File, e.Line, e.Column, e.Message)
	}
	return fmt.Sprintf("%s, line %d: %s", e.File, e.Line, e.Message)
}

// Parse reads a policy.
func Parse(file string, data []byte, x Context) (*Policy, error) {
	k := load.Recognise(data)
	switch k {
	case load.GatePolicy, load.Empty:
		return parse(file, data, x)
	case load.Text, load.OtherJSON: // what is wrong with it is said in our words alone: it may be anything
		p, err := parse(file, data, x)
		if err == nil || meant(file, data, x) {
			return p, err
		}
		return nil, &Error{file, 1, 0, "no policy: this is " + string(k) + "; a policy has the keys " + strings.Join(topKeys[:], ", ")}
	}
	e := load.Misplaced(file, data, "give a policy: `chainspect gate --init TARGET` writes one")
	return nil, &Error{file, 1, 0, "no policy: " + e.Message + "; " + e.Remedy}
}

// meant reports whether a text is a policy in which keys are misspelt: all of them
// are a policy's or near one, so that naming them tells nothing of another file.
func meant(file string, data []byte, x Context) bool {
	_, doc, err := document(file, data, x)
	if err != nil || doc == nil || doc.Kind != yaml.MappingNode {
		return false
	}
	known := 0
	for i := 0; i < len(doc.Content); i += 2 {
		switch key := doc.Content[i].Value; {
		case slices.Contains(topKeys[:], key):
			known++
		case near.Word(key, topKeys[:]) == "":
			return false
		}
	}
	return known > 0
}

// topKeys are the keys of a policy.
var topKeys = [...]string{"version", "defaults", "severities", "waivers", "jobs"}

func parse(file string, data []byte, x Context) (*Policy, error) {
	p, doc, err := document(file, data, x)
	if err != nil {
		return nil, err
	}
	if doc == nil {
		return nil, &Error{file, 1, 0, "the policy is empty; `chainspect gate --init TARGET` writes one"}
	}
	if err := p.top(doc); err != nil {
		return nil, err
	}
	return p.out, nil
}

// document reads the one YAML document of a file; nil where it is empty.
func document(file string, data []byte, x Context) (*parser, *yaml.Node, error) {
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, &Error{file, lineOf(err.Error()), 0, "not YAML: " + strings.Join(strings.Fields(err.Error()), " ")}
	}
	var second yaml.Node
	if err := dec.Decode(&second); err == nil && len(second.Content) > 0 {
		return nil, nil, &Error{file, second.Content[0].Line, 0, "a second document begins: the file is one document"}
	}
	p := &parser{file: file, context: x, places: map[string]int{}, out: &Policy{File: file, Severities: map[string]chain.Severity{}}}
	if len(doc.Content) == 0 {
		return p, nil, nil
	}
	return p, doc.Content[0], nil
}

func lineOf(message string) int {
	var n int
	if i := strings.Index(message, "line "); i >= 0 {
		fmt.Sscanf(message[i:], "line %d", &n)
	}
	return max(n, 1)
}

type parser struct {
	file    string
	context Context
	out     *Policy
	places  map[string]int // lines of the keys of the defaults
}

func (p *parser) bad(n *yaml.Node, format string, args ...any) error {
	return &Error{p.file, n.Line, n.Column, fmt.Sprintf(format, args...)}
}

// pairs walks a mapping strictly: a key outside allowed is an error.
func (p *parser) pairs(n *yaml.Node, what string, allowed []string, each func(key string, k, v *yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		return p.bad(n, "%s must be a mapping of keys to values", what)
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if !slices.Contains(allowed, k.Value) {
			return p.bad(k, "%s has no key %q%s", what, k.Value, near.Hint(k.Value, allowed, elsewhere(k.Value, allowed)))
		}
		if seen[k.Value] {
			return p.bad(k, "%s has the key %q twice", what, k.Value)
		}
		seen[k.Value] = true
		if err := each(k.Value, k, v); err != nil {
			return err
		}
	}
	return nil
}

// elsewhere is what stands for a key that is near none of those allowed: the place
// where such a key stands, or the keys there are, where they are few.
func elsewhere(key string, allowed []string) string {
	top := near.Word(key, topKeys[:])
	switch {
	case top != "" && !slices.Contains(allowed, top):
		return "; " + top + " is a key of the policy itself, beside jobs"
	case len(allowed) > 12:
		return "; its keys are the long flags of `chainspect check`, with id, target and expect"
	}
	return ": it has " + strings.Join(slices.Sorted(slices.Values(allowed)), ", ")
}

func (p *parser) top(n *yaml.Node) error {
	defaults := p.context.Defaults
	var jobs *yaml.Node
	err := p.pairs(n, "the policy", topKeys[:], func(key string, k, v *yaml.Node) error {
		switch key {
		case "version":
			if v.Kind != yaml.ScalarNode || v.Value != "1" {
				return p.bad(v, "version %q is not known: this chainspect reads version 1", v.Value)
			}
		case "defaults":
			return p.job(v, &defaults, p.places, nil)
		case "severities":
			return p.severities(v)
		case "waivers":
			return p.waivers(v)
		case "jobs":
			jobs = v
		}
		return nil
	})
	if err != nil {
		return err
	}
	if jobs == nil || jobs.Kind != yaml.SequenceNode || len(jobs.Content) == 0 {
		return p.bad(n, "there are no jobs: list at least one target under jobs")
	}
	for _, j := range jobs.Content {
		if err := p.entry(j, defaults); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) severities(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return p.bad(n, "severities must map rules to error, warning, note or off")
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if err := p.rule(k); err != nil {
			return err
		}
		if _, twice := p.out.Severities[k.Value]; twice {
			return p.bad(k, "severities has the rule %q twice", k.Value)
		}
		s := chain.Severity(v.Value)
		if s != chain.Error && s != chain.Warning && s != chain.Note && s != chain.Off {
			return p.bad(v, "%q is no severity: write error, warning, note or off", v.Value)
		}
		p.out.Severities[k.Value] = s
	}
	return nil
}

// rule refuses the ID of a rule that there is not.
func (p *parser) rule(n *yaml.Node) error {
	if p.context.Known == nil || p.context.Known(n.Value) {
		return nil
	}
	var ids []string
	if p.context.IDs != nil {
		ids = p.context.IDs()
	}
	return p.bad(n, "there is no rule %q%s", n.Value, near.Hint(n.Value, ids, "; `chainspect explain` lists them"))
}
