package inspect

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// A Fixed is the list of certificates as it should be sent.
type Fixed struct {
	Target  string
	Chain   [][]byte        // DER, leaf first; without the root
	Changes []string        // what is different from what was sent, a line each; none: nothing
	Open    string          // what the list may lack that nothing here can tell; "" nothing
	Lacks   bool            // Open is certain: the list leads to none of the anchors given
	Left    []chain.Finding // errors that no other list mends: then Chain is not to be used
	Besides []string        // what is wrong with the server and not with its certificates, a line each
	Others  []string        // what is wrong with other lists that it sends, a line each
}

// Fix finds the list that a server, or a file, should send: of the candidate
// paths the one that is good longest, with the leaf first, each certificate after
// it the issuer of the one before, and no root. No anchor is needed for that.
func (r *Runner) Fix(ctx context.Context, j Job) (*Fixed, error) {
	q, err := r.resolve(ctx, &j)
	if err != nil {
		return nil, err
	}
	found, err := r.capture(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, usage("%s holds %d targets: fix takes one", j.Target, len(found))
	}
	c := found[0].Capture
	if found[0].Err != nil {
		return nil, found[0].Err
	}
	c.Evidence = append(c.Evidence, q.evidence...)
	question := q.question
	if !q.live && j.Name == nil {
		question.Name, question.NameKind = "", chain.NameNone
		if err := referenceName(&question, nameAsked(c), j.NameKind); err != nil {
			return nil, err
		}
	}
	if !seen(c) {
		return nil, unreachable(c)
	}
	r.enrich(ctx, q, question, c, []sentList{{observation: Judged(c)}})
	f := fixer{e: r.evaluator(q.profile, false), in: chain.Input{Capture: c, Observation: Judged(c), Question: question, Anchors: q.anchors}}
	f.c = f.e.Case(f.in)
	if f.c.Leaf() == nil {
		return nil, unreachable(c)
	}
	fixed, err := f.fix(c.Target)
	if err == nil {
		fixed.Others, err = f.others()
	}
	return fixed, err
}

// others looks at the further lists that the server sends: with two certificates, or several
// machines behind an address, one of them may be in order and another not.
func (f *fixer) others() ([]string, error) {
	var out []string
	all := lists(f.in.Capture, true)
	for i, l := range all[1:] {
		if slices.ContainsFunc(all[:i+1], func(x sentList) bool { return x.key == l.key }) {
			continue
		}
		o := fixer{e: f.e, in: f.in}
		o.in.Observation = l.observation
		if o.c = o.e.Case(o.in); o.c.Leaf() == nil {
			continue
		}
		fixed, err := o.fix("")
		if err != nil {
			return nil, err
		}
		hello := f.in.Capture.Observations[l.observation].Hello
		for _, finding := range fixed.Left {
			out = append(out, fmt.Sprintf("another list that it sends, to hello %s, is not as it should be, and no order mends it: %s [%s]", hello, finding.Message, finding.Rule))
		}
		if len(fixed.Left) == 0 && len(fixed.Changes) > 0 {
			out = append(out, fmt.Sprintf("another list that it sends, to hello %s, is not as it should be: %s", hello, strings.Join(fixed.Changes, "; ")))
		}
	}
	return out, nil
}

// fixer tries the candidate paths of a case as lists to be sent.
type fixer struct {
	e  *chain.Evaluator
	c  *chain.Case
	in chain.Input
}

// trial is a path, and what is said of a server that sends it.
type trial struct {
	path   *chain.Path
	list   []*chain.Item
	errors []chain.Finding
	beside []string
	until  time.Time // it is good until then; zero: not known
}

func (f *fixer) fix(target string) (*Fixed, error) {
	var trials []trial
	for _, p := range f.c.Paths {
		list := toSend(p)
		if slices.ContainsFunc(trials, func(t trial) bool { return slices.Equal(t.list, list) }) {
			continue
		}
		trials = append(trials, f.try(p, list))
	}
	best := slices.MinFunc(trials, func(a, b trial) int {
		if n := complete(b.path) - complete(a.path); n != 0 {
			return n
		}
		if n := len(a.errors) - len(b.errors); n != 0 {
			return n
		}
		return b.until.Compare(a.until)
	})
	last := best.list[len(best.list)-1]
	out := &Fixed{Target: target, Left: best.errors, Besides: best.beside}
	for _, it := range best.list {
		out.Chain = append(out.Chain, it.Cert.Raw)
	}
	switch {
	case last.Err != nil: // whose issuer cannot be read
	case best.path.End == chain.NoIssuer && len(best.list) == 1:
		out.Open = fmt.Sprintf("give the certificate of %s with --with FILE, or, if it is the root, with --anchor FILE", last.Cert.Issuer.Short())
	case best.path.End == chain.NoIssuer && len(f.c.Anchors.Given()) > 0:
		out.Lacks = true
		out.Open = fmt.Sprintf("the issuer of %s, %s, is not here, and is none of the anchors given: give it with --with FILE, or, if it is another root, with --anchor FILE",
			f.c.Label(last), last.Cert.Issuer.Short())
	case best.path.End == chain.NoIssuer:
		out.Open = fmt.Sprintf("the issuer of %s, %s, is not here: if it is the root, nothing is missing; if it is a further intermediate, give it with --with FILE", f.c.Label(last), last.Cert.Issuer.Short())
	}
	out.Changes = f.changes(&best, trials)
	return out, nil
}

// complete ranks the ends of paths: one that leads to a root is whole.
func complete(p *chain.Path) int {
	switch p.End {
	case chain.Anchored, chain.SelfSigned:
		return 1
	}
	return 0
}

// toSend is what of a path is sent: everything but the root, which clients have
// or do not have whatever is sent (RFC 8446 section 4.4.2).
func toSend(p *chain.Path) []*chain.Item {
	list := slices.Clone(p.Items)
	if last := p.Last(); len(list) > 1 && last.SelfIssued() {
		list = list[:len(list)-1]
	}
	return list
}

// theEnd are the rules that say where the chain ends. Whether its root is trusted
// is not a matter of what is sent; that nothing is here above item 0 is.
var theEnd = []string{"basic-anchor-not-trusted", "basic-intermediate-missing"}

// try judges a list as if it were sent, by itself, to clients that have its root.
func (f *fixer) try(p *chain.Path, list []*chain.Item) trial {
	t := trial{path: p, list: list}
	repairs := []chain.Repair{alone, chain.RepairList(list...)}
	if p.End == chain.SelfSigned && len(p.Items) > 1 {
		repairs = append(repairs, chain.RepairInstall(p.Last()))
	}
	in, ok := chain.Repairs(repairs...)(f.in)
	if !ok {
		return t
	}
	report := f.e.Evaluate(in)
	for _, finding := range report.Findings {
		aboutTheList := finding.Item != nil || finding.Level == chain.LevelX509 || finding.Level == chain.LevelName
		switch end := slices.Contains(theEnd, finding.Rule) && len(list) > 1; {
		case finding.Severity != chain.Error || finding.Status != chain.Broken || end || finding.Level == chain.LevelIdentity:
		case aboutTheList:
			t.errors = append(t.errors, finding)
		default:
			t.beside = append(t.beside, fmt.Sprintf("what no certificate mends: %s [%s]", finding.Message, finding.Rule))
		}
	}
	t.until = f.earliest(list)
	if g := report.GoodUntil; g != nil {
		t.until = g.Time
	}
	return t
}

// earliest is the first end of validity among certificates.
func (f *fixer) earliest(list []*chain.Item) time.Time {
	first := list[0].Cert.NotAfter
	for _, it := range list {
		if it.Cert.NotAfter.Before(first) {
			first = it.Cert.NotAfter
		}
	}
	return first
}

// alone takes away the certificates that were given beside the list, which
// would hide what it lacks; that one could not be fetched stays known.
func alone(in chain.Input) (chain.Input, bool) {
	c := *in.Capture
	c.Evidence = slices.DeleteFunc(slices.Clone(c.Evidence), func(e chain.Evidence) bool { return e.Kind == chain.EvidenceCert && e.Error == "" })
	in.Capture = &c
	return in, true
}

// changes says what is different from what was sent, and why.
func (f *fixer) changes(best *trial, trials []trial) []string {
	var out []string
	sent := f.c.Sent()
	chosen := func(it *chain.Item) bool {
		return slices.ContainsFunc(best.list, func(x *chain.Item) bool { return bytes.Equal(x.Cert.Raw, it.Cert.Raw) })
	}
	explained := false // which of two issuers was taken, and why not the other
	for _, it := range sent {
		switch other := sameCA(best.list, it); {
		case it.Repeats >= 0 && chosen(it):
			out = append(out, fmt.Sprintf("left out: %s, which repeats item %d", it.Label(), it.Repeats))
		case chosen(it):
		case other != nil:
			explained = !f.good(it)
			out = append(out, fmt.Sprintf("left out: %s, valid until %s; %s is of the same CA and is taken instead", it.Label(), day(it.Cert.NotAfter), f.c.Label(other)))
		case it == best.path.Last() && it.SelfIssued():
			out = append(out, fmt.Sprintf("left out: %s, the root: clients have it, or do not trust it", it.Label()))
		default:
			out = append(out, fmt.Sprintf("left out: %s, %s: no certificate of the chain was issued by it", it.Label(), it.Cert.Subject.Short()))
		}
	}
	order := []int{}
	for i, it := range best.list {
		if it.Sent() {
			order = append(order, it.Index)
			continue
		}
		out = append(out, fmt.Sprintf("added: %s, which issued %s, from %s", it.Cert.Subject.Short(), best.list[i-1].Cert.Subject.Short(), source(it)))
	}
	if !slices.IsSorted(order) {
		out = append(out, "put in order: "+strings.Trim(strings.Join(strings.Fields(fmt.Sprint(order)), ", "), "[]"))
	}
	for _, t := range trials {
		if t.path == best.path || complete(t.path) < complete(best.path) || slices.Equal(t.list, best.list) {
			continue
		}
		switch {
		case len(t.errors) > len(best.errors) && explained:
		case len(t.errors) > len(best.errors):
			out = append(out, fmt.Sprintf("chosen: another path fits and is not good: %s", t.errors[0].Message))
		default:
			out = append(out, fmt.Sprintf("chosen: the path that is good until %s; another one fits that is good until %s", day(best.until), day(t.until)))
		}
	}
	return out
}

// good reports whether a certificate is within its validity period.
func (f *fixer) good(it *chain.Item) bool {
	t := f.in.Question.Time
	return !t.Before(it.Cert.NotBefore) && !t.After(it.Cert.NotAfter)
}

// sameCA finds the certificate of a list that is of the same CA as another one.
func sameCA(list []*chain.Item, it *chain.Item) *chain.Item {
	for _, x := range list[1:] {
		if x.SameCA(it) {
			return x
		}
	}
	return nil
}

func source(it *chain.Item) string {
	switch it.Origin {
	case chain.OriginStore:
		return "the trust store"
	case chain.OriginFetched:
		return it.Position.File + ", fetched"
	}
	return it.Position.File
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
