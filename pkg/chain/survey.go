package chain

import "slices"

// A Survey is what every rule found in one case, ungraded. Many clients grade it,
// each by its own table: the rules are asked once, whatever the number of clients.
type Survey struct {
	e    *Evaluator
	j    *judgement
	seen []Seen // the breaches of j, as clients are asked about them
}

func newSurvey(e *Evaluator, j *judgement) *Survey {
	s := &Survey{e, j, make([]Seen, len(j.breaches))}
	for i := range j.breaches {
		s.seen[i] = j.breaches[i].seen()
	}
	return s
}

// Survey asks every rule the evaluator has about a built case, but for those of the
// same books that were asked about it already and found nothing.
func (e *Evaluator) Survey(c *Case) *Survey {
	j := newJudgement(c)
	j.perPlace = true
	e.Memory.recall(c, e.books)
	for i := range e.rules {
		if g := &e.rules[i]; !c.quiet.has(g.number) {
			j.apply(g)
		}
	}
	j.byID(0)
	e.Memory.learn(c)
	return newSurvey(e, j)
}

// Asked is the survey with one rule asked once more, under another question: what a
// rule finds may depend on the client that asks.
func (s *Survey) Asked(q Question, id string) *Survey {
	j := newJudgement(s.j.c.at(q))
	j.perPlace = true
	for i := range s.e.rules {
		if s.e.rules[i].ID == id {
			j.apply(&s.e.rules[i])
		}
	}
	if len(j.breaches) == 0 {
		return s
	}
	j.breaches = append(j.breaches, s.j.breaches...)
	return newSurvey(s.e, j)
}

// Seen is one hit, as a client's table is asked about it.
type Seen struct {
	Rule  *Rule
	Hit   *Hit
	Place string // "leaf", "ca", "anchor", "alone" (item 0 is the anchor): of the item, or of the issuer in a link
}

func (b *breach) seen() Seen { return Seen{b.rule.Rule, b.hit, b.place.String()} }

// An Opinion is what one client makes of a survey.
type Opinion struct {
	Verdict Verdict
	Seen    *Seen // what decided; nil where nothing speaks against the chain
	Best    *Path // the path the verdict rests on; nil without paths

	level int // of Seen
}

// Judge grades the hits for one client and reads the verdict off them as the
// engine does. grade gives the severity of a hit, Off for one the client does not
// mind, and whether it is known.
func (s *Survey) Judge(grade func(*Seen) (Severity, Status)) Opinion {
	c := s.j.c
	var graded []breach
	for i := range s.j.breaches {
		severity, status := grade(&s.seen[i])
		if severity == Off {
			continue
		}
		graded = append(graded, s.j.breaches[i])
		b := &graded[len(graded)-1]
		b.severity = severity
		if hit := *b.hit; status != hit.Status || hit.Beside == OnlyBest {
			hit.Status = status
			if hit.Beside == OnlyBest { // a client grades what it minds on any path
				hit.Beside = 0
			}
			b.hit = &hit
		}
	}
	if len(graded) == 0 && len(c.Paths) > 0 { // nothing to weigh, as for most clients
		return Opinion{Verdict: Trusted, Best: c.Paths[0]}
	}
	j := newJudgement(c)
	j.breaches = graded
	j.settle(s.e, Levels()[:2])
	return j.opinion()
}

// Opinion is the verdict on a built case under a question, and what decided it,
// without the rest of a report.
func (e *Evaluator) Opinion(c *Case, q Question) Opinion {
	c = c.at(q)
	c.client = e.Client
	return e.decide(c, stage{errors: true}, nil).opinion()
}

// opinion names the verdict and the finding it rests on: of the lowest level first.
func (j *judgement) opinion() Opinion {
	o := Opinion{Verdict: j.verdict()}
	if j.best >= 0 {
		o.Best = j.c.Paths[j.best]
	}
	level := func(b *breach) int { return slices.Index(Levels(), b.level) }
	for i := range j.kept {
		b := &j.kept[i]
		if b.severity != Error || !j.counts(b) {
			continue
		}
		if level(b) >= len(j.levels) && o.Verdict != Untrusted { // the survey goes no further than the name: mutual TLS
			o.Verdict, o.Seen = Untrusted, nil
			if b.hit.Status == Unknown {
				o.Verdict = Undecided
			}
		}
		decides := o.Verdict == Untrusted && b.hit.Status == Broken || o.Verdict == Undecided && b.hit.Status == Unknown
		if decides && (o.Seen == nil || level(b) < o.level) {
			seen := b.seen()
			o.Seen, o.level = &seen, level(b)
		}
	}
	return o
}

// String is the place as clients' tables write it.
func (p Place) String() string {
	switch {
	case p.Leaf && p.Anchor:
		return "alone"
	case p.Leaf:
		return "leaf"
	case p.Anchor:
		return "anchor"
	}
	return "ca"
}
