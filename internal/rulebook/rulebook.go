// Package rulebook is the assembly: which rule books there are, how a profile
// grades them, what the engine asks the packages of the levels, which trust store
// a profile uses and what is asked where nobody said. It is pure: the command, the
// public door and a build for the browser share it.
package rulebook

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chainspect/chainspect/internal/anchors/embedded"
	"github.com/chainspect/chainspect/internal/near"
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
	"github.com/chainspect/chainspect/pkg/chain/strict"
)

func books() []chain.Book {
	return []chain.Book{basic.Rules(), hostname.Rules(), apple.Rules(), revocation.Rules(), lint.Rules(), ats.Rules(), mtls.Rules(), identity.Rules(), reach.Rules(), strict.Rules()}
}

// Books lists the rule books of all levels, the general ones first, each in the order of
// its rules' IDs.
func Books() []chain.Book {
	sorted := books()
	for i, b := range sorted {
		sorted[i] = b.Sorted()
	}
	return sorted
}

// rules is all of them as one book, which every evaluator is made of.
var rules = sync.OnceValue(func() chain.Book { return slices.Concat(books()...) })

// Rule finds a rule by its ID; nil if there is none.
func Rule(id string) *chain.Rule {
	for _, r := range rules() {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// RuleIDs lists the IDs of all rules.
func RuleIDs() []string {
	var ids []string
	for _, b := range Books() {
		for _, r := range b {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// Profile finds a profile by its name; "" is the default of a purpose. The error
// names the profile that was likely meant.
func Profile(name string, purpose chain.Purpose) (*chain.Profile, error) {
	if name == "" {
		name = "apple"
		if purpose == chain.PurposeClient {
			name = "rfc"
		}
	}
	if p := chain.ProfileByName(name); p != nil {
		return p, nil
	}
	var names []string
	for _, p := range chain.Profiles() {
		names = append(names, p.Name)
	}
	return nil, fmt.Errorf("there is no profile %q%s", name, near.Hint(name, names, ": it is one of "+strings.Join(names, ", ")))
}

// Store is the built-in trust store that a profile judges by where none was chosen.
func Store(p *chain.Profile) *chain.Anchors {
	return embedded.Store(StoreName(p))
}

// StoreName names it.
func StoreName(p *chain.Profile) string {
	if p.Name == "apple" {
		return "apple"
	}
	return "mozilla"
}

// Question is what is asked where nobody said: of a server's chain, for an app's
// URLSession on the newest platform, without a reference name and without a time.
func Question() chain.Question {
	return chain.Question{MaxDepth: -1, NameKind: chain.NameNone, Purpose: chain.PurposeServer, Platform: "ios26", For: "urlsession", Revocation: chain.RevocationSoft}
}

// Assembly is how rules are put together to judge.
type Assembly struct {
	Profile *chain.Profile
	Memory  *chain.Memory
	Regrade map[string]chain.Severity // severities of findings, as a gate's policy wants them; never Off
	Verbose bool                      // reports with timeline, passed rules and extensions
	Rows    bool                      // reports with nscurl's table
	OpenEnd bool                      // nobody named the CA that is to be trusted: the chain is not judged to its end
}

// Evaluator plans the rules. The evaluator is made once and used by many goroutines.
func (a *Assembly) Evaluator() *chain.Evaluator {
	p := a.Profile
	graded := p.WithSeverities(a.asked())
	if a.OpenEnd {
		graded = graded.WithSeverities(map[string]chain.Severity{"basic-anchor-not-trusted": chain.Note,
			"basic-intermediate-missing": chain.Off, // identity-no-intermediates says it of the file
			"basic-self-signed":          chain.Note})
	}
	e := chain.NewEvaluator(graded, a.Memory, rules())
	e.Verbose, e.Regrade = a.Verbose, a.Regrade
	e.Hooks[chain.LevelX509] = chain.LevelHook{Applies: x509Applies, Reason: restsOn(p)}
	e.Covers = hostname.Covers
	e.Hooks[chain.LevelName] = chain.LevelHook{Applies: nameApplies, Reason: hostname.Reason}
	e.Hooks[chain.LevelATS] = chain.LevelHook{Applies: atsApplies(p), Reason: ats.Reason}
	e.Hooks[chain.LevelIdentity] = chain.LevelHook{Applies: identityApplies, Reason: mtls.Reason}
	e.Client = sync.OnceValue(func() *chain.Evaluator {
		return chain.NewEvaluator(chain.ProfileByName("rfc").WithSeverities(a.Regrade), a.Memory, rules())
	})
	if p.Name == "apple" {
		e.Strict = ats.Required
		e.Annotators = append(e.Annotators, ats.Annotate)
		if a.Rows {
			e.Annotators = append(e.Annotators, ats.AnnotateRows)
		}
	}
	e.Annotators = append(e.Annotators, annotateIdentity, revocation.Annotate)
	if a.OpenEnd {
		e.Annotators = append(e.Annotators, leaveEndOpen)
	}
	return e
}

// asked are the rules that the profile leaves off and Regrade wants findings
// of: they run as notes, which no verdict rests on.
func (a *Assembly) asked() map[string]chain.Severity {
	out := map[string]chain.Severity{}
	for id := range a.Regrade {
		if r := Rule(id); r != nil {
			if s, _ := a.Profile.Severity(r); s == chain.Off {
				out[id] = chain.Note
			}
		}
	}
	return out
}
