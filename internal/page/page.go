// Package page is the core of the page in the browser: calls with JSON in, JSON
// out. Files are those of the program's file system, which in the browser is in
// memory; nothing here opens a connection.
package page

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/report"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chainspect"
)

// A Core answers the calls of one page.
type Core struct {
	Now  func() time.Time
	Tool report.Tool
}

// An Answer is what a call brings: exactly one of Error and the others, as the call says.
type Answer struct {
	Error string `json:"error,omitempty"`

	Document     json.RawMessage          `json:"document,omitempty"` // inspect: the report as the command's --format json writes it
	HTML         string                   `json:"html,omitempty"`     // inspect: the same as a page
	Explanations []chainspect.Explanation `json:"explanations,omitempty"`
	Kind         *Kind                    `json:"kind,omitempty"`
	Choices      *Choices                 `json:"choices,omitempty"`
	Data         []byte                   `json:"data,omitempty"` // fix, convert: the file to save
	Remarks      []string                 `json:"remarks"`
}

// Call answers one call by its name; with is its JSON argument.
func (c *Core) Call(ctx context.Context, name string, with []byte) Answer {
	a, err := c.call(ctx, name, with)
	if err != nil {
		a = Answer{Error: report.Printable(err.Error())}
	}
	if a.Remarks == nil {
		a.Remarks = []string{}
	}
	return a
}

func (c *Core) call(ctx context.Context, name string, with []byte) (Answer, error) {
	switch name {
	case "choices":
		return Answer{Choices: c.choices()}, nil
	case "recognise":
		return decoded(with, c.recognise)
	case "inspect":
		return decoded(with, func(q Question) (Answer, error) { return c.inspect(ctx, q) })
	case "fix":
		return decoded(with, func(q Question) (Answer, error) { return c.fix(ctx, q) })
	case "convert":
		return decoded(with, func(q Question) (Answer, error) { return c.convert(ctx, q) })
	case "explain":
		return decoded(with, func(q struct{ Text string }) (Answer, error) {
			found, err := chainspect.Explain(q.Text)
			return Answer{Explanations: found}, err
		})
	}
	return Answer{}, fmt.Errorf("there is no call %q", name)
}

func decoded[T any](with []byte, answer func(T) (Answer, error)) (Answer, error) {
	var v T
	if err := json.Unmarshal(with, &v); err != nil {
		return Answer{}, fmt.Errorf("the page asks what cannot be read: %w", err)
	}
	return answer(v)
}

// A Question is what to judge and how: a job in JSON, as a line of --targets is.
type Question struct {
	Job json.RawMessage
	// Identity judges the job's identity file itself, as `chainspect identity` does.
	Identity bool
	Password *string // of the identity; nil: none was given
	FailOn   chain.Severity
}

// runner inspects for one question; what it remarks goes into the answer.
func (c *Core) runner(q *Question, a *Answer) (*inspect.Runner, inspect.Job, error) {
	r := &inspect.Runner{Now: c.Now, Verbose: true, Remark: func(s string) { a.Remarks = append(a.Remarks, report.Printable(s)) }}
	asked := false
	r.Prompt = func(string) (string, error) {
		if q.Password == nil || asked {
			return "", errors.New("it wants a password")
		}
		asked = true
		return *q.Password, nil
	}
	var j inspect.Job
	if err := j.Merge(q.Job); err != nil {
		return nil, j, err
	}
	return r, j, j.Check()
}

func (c *Core) inspect(ctx context.Context, q Question) (Answer, error) {
	var a Answer
	r, j, err := c.runner(&q, &a)
	if err != nil {
		return a, err
	}
	var results []inspect.Result
	if q.Identity {
		results = []inspect.Result{r.InspectIdentity(ctx, j)}
	} else {
		results = r.Inspect(ctx, j)
	}
	document, err := c.write(report.NewJSON, results, q.FailOn)
	if err != nil {
		return a, err
	}
	page, err := c.write(report.NewHTML, results, q.FailOn)
	a.Document, a.HTML = document, string(page)
	return a, err
}

// fix makes the chain as it should be sent, as `chainspect fix` does.
func (c *Core) fix(ctx context.Context, q Question) (Answer, error) {
	var a Answer
	r, j, err := c.runner(&q, &a)
	if err != nil {
		return a, err
	}
	fixed, err := r.Fix(ctx, j)
	if err != nil {
		return a, err
	}
	if len(fixed.Left) > 0 {
		return a, fmt.Errorf("no other list mends this: %s", fixed.Left[0].Message)
	}
	a.Remarks = append(a.Remarks, fixed.Changes...)
	if fixed.Open != "" {
		a.Remarks = append(a.Remarks, fixed.Open)
	}
	if len(fixed.Changes) == 0 {
		a.Remarks = append(a.Remarks, fixed.Target+": the chain is as it should be")
	}
	a.Remarks = append(append(a.Remarks, fixed.Besides...), fixed.Others...)
	var text bytes.Buffer
	for _, der := range fixed.Chain {
		if err := pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: der}); err != nil {
			return a, err
		}
	}
	a.Data = text.Bytes()
	return a, nil
}

// convert writes an identity so that the platform of the question imports it.
func (c *Core) convert(ctx context.Context, q Question) (Answer, error) {
	var a Answer
	r, j, err := c.runner(&q, &a)
	if err != nil {
		return a, err
	}
	fixed, err := r.FixIdentity(ctx, j)
	if err != nil {
		return a, err
	}
	if fixed.Refused != "" {
		return a, fmt.Errorf("no file of this identity imports on %s: %s", j.Platform, fixed.Refused)
	}
	if fixed.Less != "" {
		a.Remarks = append(a.Remarks, fixed.Less)
	}
	a.Data = fixed.Data
	return a, nil
}

// write makes one report of a format.
func (c *Core) write(format func(io.Writer, report.Options) report.Reporter, results []inspect.Result, failOn chain.Severity) ([]byte, error) {
	var b bytes.Buffer
	out := format(&b, report.Options{FailOn: failOn, Tool: c.Tool, Rules: rulebook.Rule, Verbosity: 1})
	err := out.Begin()
	for _, res := range results {
		switch {
		case err != nil:
		case res.Failure != nil:
			err = out.Failure(res.Failure)
		default:
			err = out.Report(res.Report)
		}
	}
	if err == nil {
		err = out.End()
	}
	return bytes.TrimSpace(b.Bytes()), err
}

// Choices are the words of the page's controls, the default first.
type Choices struct {
	Platforms []string `json:"platforms"`
	Profiles  []string `json:"profiles"`
	Version   string   `json:"version"`
}

func (c *Core) choices() *Choices {
	out := &Choices{Version: strings.TrimSpace(c.Tool.Version + " " + c.Tool.Revision)}
	standard := rulebook.Question().Platform
	out.Platforms = append([]string{standard}, slices.DeleteFunc(rulebook.Platforms(), func(p string) bool { return p == standard })...)
	for _, p := range chain.Profiles() {
		out.Profiles = append(out.Profiles, p.Name)
	}
	return out
}
