// Package page is the core of the page in the browser: calls with JSON in, JSON
// out. Files are those of the program's file system, which in the browser is in
// memory; nothing here opens a connection.
package page

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	Files        []string                 `json:"files,omitempty"` // names of the files written
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

func (c *Core) inspect(ctx context.Context, q Question) (Answer, error) {
	var a Answer
	var j inspect.Job
	if err := j.Merge(q.Job); err != nil {
		return a, err
	}
	if err := j.Check(); err != nil {
		return a, err
	}
	r := &inspect.Runner{Now: c.Now, Verbose: true, Remark: func(s string) { a.Remarks = append(a.Remarks, report.Printable(s)) }}
	asked := false
	r.Prompt = func(string) (string, error) {
		if q.Password == nil || asked {
			return "", errors.New("it wants a password")
		}
		asked = true
		return *q.Password, nil
	}
	var results []inspect.Result
	if q.Identity {
		results = []inspect.Result{r.InspectIdentity(ctx, j)}
	} else {
		results = r.Inspect(ctx, j)
	}
	document, err := c.write("json", results, q.FailOn)
	if err != nil {
		return a, err
	}
	page, err := c.write("html", results, q.FailOn)
	a.Document, a.HTML = document, string(page)
	return a, err
}

// write makes one report of a format.
func (c *Core) write(format string, results []inspect.Result, failOn chain.Severity) ([]byte, error) {
	var b bytes.Buffer
	out, err := report.New(format, &b, report.Options{FailOn: failOn, Tool: c.Tool, Rules: rulebook.Rule, Verbosity: 1})
	if err != nil {
		return nil, err
	}
	if err := out.Begin(); err != nil {
		return nil, err
	}
	for _, res := range results {
		if res.Failure != nil {
			err = out.Failure(res.Failure)
		} else {
			err = out.Report(res.Report)
		}
		if err != nil {
			return nil, err
		}
	}
	err = out.End()
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
