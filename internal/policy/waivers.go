package policy

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/pkg/chain"
)

// Waiver lets a finding pass until a date, for a reason.
type Waiver struct {
	Rule, Target, Reason string
	Until                time.Time // a date covers its whole day, UTC
	Line                 int
	targets              []string // how reports may name Target
	used                 bool
}

// about reports whether a waiver is meant for a target: by its name, or by a
// pattern such as certs/*.pem.
func (w *Waiver) about(target string) bool {
	return w.Target == "" || slices.ContainsFunc(w.targets, func(name string) bool {
		fits, _ := filepath.Match(name, target)
		return fits || name == target
	})
}

func (p *parser) waivers(n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode {
		return p.bad(n, "waivers must be a list")
	}
	for _, item := range n.Content {
		w := &Waiver{Line: item.Line}
		err := p.pairs(item, "a waiver", []string{"rule", "target", "reason", "until"}, func(key string, k, v *yaml.Node) error {
			if v.Kind != yaml.ScalarNode {
				return p.bad(v, "%s must be a single value", key)
			}
			switch key {
			case "rule":
				w.Rule = v.Value
				return p.rule(v)
			case "target":
				w.Target = v.Value
				if _, err := filepath.Match(v.Value, ""); err != nil {
					return p.bad(v, "target %q is no pattern such as certs/*.pem: a [ wants its ]", v.Value)
				}
				// Reports name servers with their port, and files as the jobs do.
				w.targets = []string{v.Value, v.Value + ":443", p.relative(v.Value)}
			case "reason":
				w.Reason = v.Value
			case "until":
				t, err := inspect.ParseTime(v.Value, time.Time{})
				if err != nil || strings.HasPrefix(v.Value, "+") {
					return p.bad(v, "until %q is no end date: write 2026-12-31", v.Value)
				}
				if len(v.Value) == len(time.DateOnly) {
					t = t.Add(24*time.Hour - time.Second)
				}
				w.Until = t
			}
			return nil
		})
		if err != nil {
			return err
		}
		if w.Rule == "" || strings.TrimSpace(w.Reason) == "" || w.Until.IsZero() {
			return p.bad(item, "a waiver needs rule, reason and until (its end date)")
		}
		p.out.Waivers = append(p.out.Waivers, w)
	}
	return nil
}

func (p *Policy) waive(f *chain.Finding, r *chain.Report) {
	for _, w := range p.Waivers {
		if f.Status == chain.Waived || w.Rule != f.Rule || !w.about(r.Target) {
			continue
		}
		w.used = true
		if !r.EvaluatedAt.After(w.Until) {
			until := w.Until.UTC().Format(time.DateOnly)
			f.Status, f.Waiver = chain.Waived, w.Reason+", until "+until
			r.Gate.Waived = append(r.Gate.Waived, chain.GateEntry{Rule: f.Rule, Item: f.Item, Reason: w.Reason, Until: until})
		}
	}
}
