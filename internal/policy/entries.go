package policy

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/chainspect/chainspect/internal/inspect"
)

func (p *parser) entry(n *yaml.Node, defaults inspect.Job) error {
	e := Entry{Job: defaults, Line: n.Line, Places: maps.Clone(p.places)}
	var glob string
	if err := p.job(n, &e.Job, e.Places, func(key string, v *yaml.Node) error {
		switch key {
		case "files":
			if v.Kind != yaml.ScalarNode || v.Value == "" {
				return p.bad(v, "files must be one pattern such as certs/*.pem")
			}
			glob = p.relative(v.Value)
		case "wait":
			d, err := time.ParseDuration(v.Value)
			if err != nil || d < 0 {
				return p.bad(v, "wait %q is no duration such as 30s", v.Value)
			}
			e.Wait = d
		case "expect":
			e.Expect = v.Line
			return p.expect(v, &e)
		}
		return nil
	}); err != nil {
		return err
	}
	if err := e.askExpected(); err != nil {
		return p.bad(n, "clients: %s", err)
	}
	if identityFile(e.Job.Target) {
		return p.bad(n, "%s holds a digital identity: write identity instead of target", e.Job.Target)
	}
	if err := e.Job.CheckIdentity(&defaults); err != nil {
		return p.bad(n, "%s", err)
	}
	if glob == "" {
		if e.Job.Target == "" && len(e.Job.ChainPEM) == 0 && !e.isIdentity() {
			return p.bad(n, "a job needs a target or files, or an identity")
		}
		p.out.Entries = append(p.out.Entries, e)
		return nil
	}
	if e.Job.Target != defaults.Target {
		return p.bad(n, "a job has a target or files, not both")
	}
	matches, err := p.context.Files.Glob(glob)
	var refused *fs.PathError
	if errors.As(err, &refused) {
		return p.bad(n, "files %q: %s", glob, refused.Err)
	}
	if err != nil || len(matches) == 0 {
		return p.bad(n, "files %q matches nothing", glob)
	}
	for _, m := range matches {
		one := e
		one.Job.Target = m
		p.out.Entries = append(p.out.Entries, one)
	}
	return nil
}

// isIdentity reports whether the entry is about an identity file itself, as
// `chainspect identity` is: it names no server to show it to.
func (e *Entry) isIdentity() bool {
	return e.Job.Target == "" && len(e.Job.ChainPEM) == 0 && e.Job.Identity != ""
}

// Inspect answers the entry: for a server or a file, or for an identity file.
func (e *Entry) Inspect(ctx context.Context, r *inspect.Runner) []inspect.Result {
	if e.isIdentity() {
		return []inspect.Result{r.InspectIdentity(ctx, e.Job)}
	}
	return r.Inspect(ctx, e.Job)
}

func (p *parser) expect(n *yaml.Node, e *Entry) error {
	return p.pairs(n, "expect", []string{"fail", "good_for", "good_at", "clients"}, func(key string, k, v *yaml.Node) error {
		switch key {
		case "fail":
			list := []*yaml.Node{v}
			if v.Kind == yaml.SequenceNode {
				list = v.Content
			}
			for _, n := range list {
				if n.Kind != yaml.ScalarNode {
					return p.bad(n, "fail must list rules")
				}
				if err := p.rule(n); err != nil {
					return err
				}
				e.Fail = append(e.Fail, n.Value)
			}
		case "good_for":
			t, err := inspect.ParseTime("+"+v.Value, time.Unix(0, 0))
			if err != nil {
				return p.bad(v, "good_for %q is no span such as 21d", v.Value)
			}
			e.GoodFor = t.Sub(time.Unix(0, 0))
		case "good_at":
			t, err := inspect.ParseTime(v.Value, time.Time{})
			if err != nil {
				return p.bad(v, "%s", err)
			}
			e.GoodAt = t
		case "clients":
			return p.clients(v, e)
		}
		return nil
	})
}

// job decodes the keys of Job through its one JSON decoder, and notes their lines in
// places; extra takes the keys of an entry.
func (p *parser) job(n *yaml.Node, to *inspect.Job, places map[string]int, extra func(string, *yaml.Node) error) error {
	allowed := inspect.JobKeys()
	if extra != nil {
		allowed = append(allowed, "files", "wait", "expect")
	}
	err := p.pairs(n, "a job", allowed, func(key string, k, v *yaml.Node) error {
		if places != nil {
			places[key] = k.Line
		}
		if extra != nil && (key == "files" || key == "wait" || key == "expect") {
			return extra(key, v)
		}
		var value any
		if err := v.Decode(&value); err != nil {
			return p.bad(v, "%s: %s", key, err)
		}
		if _, ok := value.(time.Time); ok { // YAML takes dates for times; Job wants their text
			value = v.Value
		}
		if value == "" && !inspect.EmptyAllowed(key) {
			return p.bad(v, "%s is empty: give it a value, or leave it out", key)
		}
		if inspect.FileKey(key) || key == "target" {
			value = p.paths(value, key)
		}
		if s, ok := value.(string); ok { // what is opened elsewhere
			socket, unix := strings.CutPrefix(s, "unix:")
			if unix && (key == "connect" || key == "proxy") || key == "data_dir" && s != "none" {
				if err := p.context.Files.Names(socket); err != nil {
					return p.bad(v, "%s %s: %s", key, s, err)
				}
			}
		}
		text, err := json.Marshal(map[string]any{key: value})
		if err == nil {
			err = to.Merge(text)
		}
		if err == nil && key != "name" && key != "name_kind" { // each depends on the other
			without := *to
			without.Name, without.NameKind = nil, ""
			err = without.Check()
		}
		if err != nil {
			return p.bad(v, "%s: %s", key, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := to.Check(); err != nil {
		return p.bad(n, "%s", err)
	}
	return nil
}

// paths makes file names relative to the policy; a target only where such a file exists.
func (p *parser) paths(value any, key string) any {
	switch v := value.(type) {
	case string:
		switch {
		case key == "target":
			return p.target(v)
		case inspect.Choosable(key, v):
			return v
		}
		return p.relative(v)
	case []any:
		for i := range v {
			if s, ok := v[i].(string); ok {
				v[i] = p.relative(s)
			}
		}
	}
	return value
}

func (p *parser) relative(name string) string {
	if name == "" || name == "-" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(p.file), name)
}
