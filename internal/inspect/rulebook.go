package inspect

import (
	"strings"
	"sync"

	"github.com/chainspect/chainspect/pkg/ats"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/apple"
	"github.com/chainspect/chainspect/pkg/chain/basic"
	"github.com/chainspect/chainspect/pkg/chain/hostname"
	"github.com/chainspect/chainspect/pkg/chain/identity"
	"github.com/chainspect/chainspect/pkg/chain/lint"
	"github.com/chainspect/chainspect/pkg/chain/mtls"
	"github.com/chainspect/chainspect/pkg/chain/reach"
	"github.com/chainspect/chainspect/pkg/chain/revocation"
)

// Books lists the rule books of all levels.
func Books() []chain.Book {
	return []chain.Book{basic.Rules, hostname.Rules, apple.Rules, revocation.Rules, lint.Rules, ats.Rules, mtls.Rules, identity.Rules, reach.Rules}
}

// Rule finds a rule by its ID; nil if there is none.
func Rule(id string) *chain.Rule {
	for _, b := range Books() {
		for _, r := range b {
			if r.ID == id {
				return r
			}
		}
	}
	return nil
}

// profile is the one the job names, or its purpose's default.
func (r *Runner) profile(j *Job) *chain.Profile {
	name := j.Profile
	if name == "" {
		name = "apple"
		if j.Purpose == "client" {
			name = "rfc"
		}
	}
	return chain.ProfileByName(name)
}

// evaluator plans the rules once per profile.
func (r *Runner) evaluator(j *Job) *chain.Evaluator {
	r.memoryOnce.Do(func() { r.memory = chain.NewMemory(1 << 14) })
	p := r.profile(j)
	r.mu.Lock()
	defer r.mu.Unlock()
	key := p.Name
	if j.unanchored {
		key += " unanchored"
	}
	if e, ok := r.evaluators[key]; ok {
		return e
	}
	graded := p.WithSeverities(r.asked(p))
	if j.unanchored {
		graded = graded.WithSeverities(map[string]chain.Severity{"basic-anchor-not-trusted": chain.Note,
			"basic-intermediate-missing": chain.Off, // identity-no-intermediates says it of the file
			"basic-self-signed":          chain.Note})
	}
	e := chain.NewEvaluator(graded, r.memory, Books()...)
	e.Verbose, e.Regrade = r.Verbose, r.Regrade
	e.Hooks[chain.LevelX509] = chain.LevelHook{Applies: x509Applies, Reason: presumed(p)}
	e.Covers = hostname.Covers
	e.Hooks[chain.LevelName] = chain.LevelHook{Applies: nameApplies, Reason: hostname.Reason}
	e.Hooks[chain.LevelATS] = chain.LevelHook{Applies: atsApplies(p), Reason: ats.Reason}
	e.Hooks[chain.LevelIdentity] = chain.LevelHook{Applies: identityApplies, Reason: mtls.Reason}
	e.Client = sync.OnceValue(func() *chain.Evaluator {
		return chain.NewEvaluator(chain.ProfileByName("rfc").WithSeverities(r.Regrade), r.memory, Books()...)
	})
	if p.Name == "apple" {
		e.Strict = ats.Required
		e.Annotators = append(e.Annotators, ats.Annotate)
		if r.Full {
			e.Annotators = append(e.Annotators, ats.AnnotateRows)
		}
	}
	e.Annotators = append(e.Annotators, annotateIdentity)
	if j.unanchored {
		e.Annotators = append(e.Annotators, leaveEndOpen)
	}
	if r.evaluators == nil {
		r.evaluators = map[string]*chain.Evaluator{}
	}
	r.evaluators[key] = e
	return e
}

// asked are the rules that the profile leaves off and Regrade wants findings
// of: they run as notes, which no verdict rests on.
func (r *Runner) asked(p *chain.Profile) map[string]chain.Severity {
	out := map[string]chain.Severity{}
	for id := range r.Regrade {
		if s, _ := p.Severity(id); s == chain.Off {
			out[id] = chain.Note
		}
	}
	return out
}

// x509Applies: clear text has no chain of trust to judge.
func x509Applies(c *chain.Case) (bool, string) {
	if c.Observation != nil && c.Observation.Transport == "http" {
		return false, "clear-text http: there is no chain"
	}
	return true, ""
}

// presumed says what trust in an installed root presumes of an Apple device:
// installing a profile alone does not do it.
func presumed(p *chain.Profile) func(*chain.Case) string {
	if p.Name != "apple" {
		return nil
	}
	return func(c *chain.Case) string {
		if len(c.Paths) == 0 || strings.HasPrefix(c.Question.Platform, "macos") {
			return ""
		}
		for _, p := range c.Paths {
			if p.Builtin() {
				return ""
			}
		}
		if a := c.Paths[0].Anchor; a == nil || a.Kind != chain.Installed {
			return ""
		}
		return "with " + c.Paths[0].Last().Cert.Subject.Short() + " installed and switched on under Certificate Trust Settings"
	}
}

func nameApplies(c *chain.Case) (bool, string) {
	if ok, why := x509Applies(c); !ok {
		return false, why
	}
	if c.Question.NameKind == chain.NameNone {
		return false, "no reference name: give one with --name"
	}
	return hostname.Applies(c)
}

func atsApplies(p *chain.Profile) func(*chain.Case) (bool, string) {
	if s, _ := p.Severity("ats-tls-version"); s == chain.Off {
		return func(*chain.Case) (bool, string) { return false, "profile " + p.Name + " does not judge it" }
	}
	return ats.Applies
}

// identityApplies: an identity file is judged, and an identity that a server was to be shown.
func identityApplies(c *chain.Case) (bool, string) {
	if c.Capture.Identity != nil {
		return identity.Applies(c)
	}
	return mtls.Applies(c)
}
