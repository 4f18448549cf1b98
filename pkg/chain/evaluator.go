package chain

import (
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// LevelHook is what the engine asks a level's own package, which it cannot import.
type LevelHook struct {
	// Applies says whether the level can be judged, and if not, why. nil: always.
	Applies func(*Case) (bool, string)
	// Reason says in a few words what the level's verdict rests on where it passes. nil: nothing.
	Reason func(*Case) string
}

// Evaluator judges cases by the rules of some books, graded by a profile. It is
// made once and used by many goroutines.
type Evaluator struct {
	Profile *Profile
	Budget  Budget
	Memory  *Memory
	Hooks   map[Level]LevelHook
	// Strict says whether App Transport Security is required for the case's
	// host: it decides which codes a device shows. nil: no Apple platform is asked about.
	Strict func(*Case) bool
	// Covers is how level name compares: whether a certificate covers the
	// question's reference name. It helps to tell the leaf of a list that does
	// not begin with it. nil: names are not compared.
	Covers func(*Question, *x509read.Certificate) bool
	// Client gives the evaluator that judges client identities shown to a server
	// (Case.JudgeClient); nil: there is none.
	Client func() *Evaluator
	// Annotators add a level's own part to a finished report.
	Annotators []func(*Case, *Report)
	// Regrade gives findings of some rules another severity, as a gate's policy
	// does; levels and verdict stay the profile's.
	Regrade map[string]Severity
	Verbose bool // also the timeline, the rules that passed, and extensions

	books       books
	rules       []graded
	early, late []*graded // of rules
	timed       []*graded // of rules, those of severity error that hang on the time
	outlook     []graded
	judges      map[Level]bool // the levels that have a rule
}

// books says of which rules an evaluator was made: those that were made of one and the
// same book share what is remembered.
type books struct {
	first **Rule
	n     int
}

// stage is a part of the rules: the late ones or the others, all of them or
// those of severity error, and of these all or those that hang on the time.
type stage struct{ late, errors, timed bool }

func (s stage) has(g *graded) bool {
	return g.late == s.late && (g.severity == Error || !s.errors) && (g.timed || !s.timed)
}

type graded struct {
	*Rule
	check       Check // the rule's, as needs is: all that is looked at for most rules stands together
	needs       func(*Case) bool
	number      int // in the books, those the profile switches off included
	severity    Severity
	builtinOnly bool
	late        bool // needs the trust evaluations: levels ats and identity
	timed       bool // its answer may be another at another time
	general     bool // whatever the question and the certificate
}

// NewEvaluator plans which rules run; those the profile switches off do not. A book
// keeps its order afterwards: what is remembered counts rules by their place in it.
func NewEvaluator(p *Profile, memory *Memory, of ...Book) *Evaluator {
	e := &Evaluator{Profile: p, Budget: DefaultBudget(), Memory: memory, Hooks: map[Level]LevelHook{}, judges: map[Level]bool{}}
	var book Book
	if len(of) == 1 {
		book = of[0]
	} else {
		book = slices.Concat(of...)
	}
	if len(book) == 0 {
		return e
	}
	e.books = books{&book[0], len(book)}
	e.rules = make([]graded, 0, len(book))
	level := Level("")
	for number, r := range book {
		sev, builtinOnly := p.Severity(r)
		if sev == Off {
			continue
		}
		if r.Level != level { // which changes seldom from one rule to the next
			level = r.Level
			e.judges[level] = true
		}
		if r.Otherwise != "" {
			e.judges[r.Otherwise] = true
		}
		g := graded{Rule: r, check: r.Check, needs: r.Needs, number: number, severity: sev, builtinOnly: builtinOnly, late: r.Level == LevelATS || r.Level == LevelIdentity,
			timed:   r.Instants != nil || r.Applies != nil && !(r.Applies.JudgedFrom.IsZero() && r.Applies.JudgedUntil.IsZero()),
			general: r.Applies == nil}
		if _, ok := r.Check.(PerOutlook); ok {
			e.outlook = append(e.outlook, g)
		} else {
			e.rules = append(e.rules, g)
		}
	}
	e.early, e.late = make([]*graded, 0, len(e.rules)), make([]*graded, 0, len(e.rules)/2)
	for i := range e.rules {
		g := &e.rules[i]
		if g.late {
			e.late = append(e.late, g)
		} else {
			e.early = append(e.early, g)
		}
		if g.timed && g.severity == Error {
			e.timed = append(e.timed, g)
		}
	}
	return e
}

// all are the rules among which those of a stage are.
func (e *Evaluator) all(s stage) []*graded {
	switch {
	case s.errors && s.timed:
		return e.timed
	case s.late:
		return e.late
	}
	return e.early
}

// Evaluate builds the case of an input and judges it; nil where Input.Stop ended it.
func (e *Evaluator) Evaluate(in Input) *Report {
	_, r := e.Examine(in)
	return r
}

// Examine is Evaluate, with the case that was judged: others may ask about it too.
func (e *Evaluator) Examine(in Input) (*Case, *Report) {
	in = e.asked(in)
	c, j := e.judge(in)
	if c.stopped() {
		return c, nil
	}
	r := e.report(c, j)
	e.lookAhead(in, c, j, r)
	e.findings(c, j, r)
	e.tryRepairs(in, j, r)
	e.plan(in, c, j, r)
	e.device(c, j, r)
	for _, annotate := range e.Annotators {
		annotate(c, r)
	}
	if c.stopped() {
		return c, nil
	}
	return c, r
}

// asked adds to an input what the evaluator knows of the clients asked about.
func (e *Evaluator) asked(in Input) Input {
	in.covers, in.Question.Fetches = e.Covers, e.Profile.Fetches
	return in
}

// Case builds the case of an input without judging it.
func (e *Evaluator) Case(in Input) *Case {
	return Build(e.asked(in), e.Budget, e.Memory)
}

// judge builds and judges; with anchors an app added itself it does so twice,
// since App Transport Security insists on the default trust evaluation.
func (e *Evaluator) judge(in Input) (*Case, *judgement) {
	c := Build(in, e.Budget, e.Memory)
	c.client = e.Client
	if in.Anchors.Count(App) > 0 {
		d := in
		d.Anchors = in.Anchors.Without(App)
		dc := Build(d, e.Budget, e.Memory)
		c.DefaultTrust = e.trust(dc, stage{errors: true}, nil).trust()
	}
	j := e.decide(c, stage{}, nil)
	e.Memory.learn(c)
	return c, j
}

// decide runs the rules on a built case whose DefaultTrust is set where it
// differs. The verdict and the rule that makes it depend on rules of severity
// error alone, for no other one silences those: s.errors asks only them. now,
// where not nil, is the judgement of the same case at another time: what it found
// by rules that do not hang on the time stands.
func (e *Evaluator) decide(c *Case, s stage, now *judgement) *judgement {
	j := e.trust(c, s, now)
	c.AppTrust = j.trust()
	if c.DefaultTrust == "" || c.Anchors.Count(App) == 0 {
		c.DefaultTrust = c.AppTrust
	}
	s.late = true
	e.ask(j, s, now)
	j.settle(e, Levels())
	return j
}

// trust runs the rules of trust evaluation proper, and no late ones.
func (e *Evaluator) trust(c *Case, s stage, now *judgement) *judgement {
	j := newJudgement(c)
	e.ask(j, s, now)
	j.settle(e, Levels()[:2])
	return j
}

// ask applies the rules of a stage. Where the whole question is asked the case
// keeps which of them found nothing, for others who ask about it (Survey).
func (e *Evaluator) ask(j *judgement, s stage, now *judgement) {
	c := j.c
	if now != nil {
		j.breaches = now.timeless(j.breaches, s)
	}
	e.Memory.recall(c, e.books)
	from, asked, n := len(j.breaches), len(j.asked), 0
	for _, g := range e.all(s) {
		if !s.has(g) {
			continue
		}
		if n%8 == 0 && c.stopped() { // to look at a clock takes longer than most rules
			break
		}
		n++
		before := len(j.breaches)
		if j.apply(g) && e.Verbose {
			j.asked = append(j.asked, g)
		}
		if !s.errors && !g.builtinOnly && len(j.breaches) == before {
			c.quiet.add(g.number)
		}
	}
	j.byID(from)
	slices.SortFunc(j.asked[asked:], func(x, y *graded) int { return strings.Compare(x.ID, y.ID) })
}

// JudgeClient judges a list of certificates that was shown to the server as a
// client identity, the way that server would: purpose client, by the server's
// demands, with the evidence at hand and the anchors given. It is nil where the
// evaluator has nobody to ask (Evaluator.Client).
func (c *Case) JudgeClient(sent []string, anchors *Anchors) *Report {
	if c.client == nil {
		return nil
	}
	q := Question{Time: c.Question.Time, NameKind: NameNone, Purpose: PurposeClient, Platform: c.Question.Platform,
		Revocation: RevocationSoft, MaxDepth: -1, ServerDemands: c.Question.ServerDemands}
	shown := &Capture{Schema: c.Capture.Schema, Target: c.Capture.Target, TakenAt: c.Capture.TakenAt, Blobs: c.Capture.Blobs,
		Evidence: c.Capture.Evidence, Observations: []Observation{{Transport: TransportFile, Sent: sent}}}
	return c.client().Evaluate(Input{Capture: shown, Question: q, Anchors: anchors, Shown: true})
}
