package chain

import (
	"slices"
	"time"
)

// lookAhead finds how long the verdict holds: the case is judged again just
// after each instant at which an answer can change.
func (e *Evaluator) lookAhead(in Input, c *Case, j *judgement, r *Report) {
	if r.Verdict != Trusted && !e.Verbose {
		return
	}
	present, last := *c, r.Verdict // the very case is asked, again and again
	now := present.Question.Time
	var room [12]time.Time // most chains have fewer
	for _, t := range e.instants(c, room[:0]) {
		if !t.After(now) && !t.Equal(now) || c.stopped() {
			continue
		}
		q := present.Question
		q.Time = t.Add(time.Second) // certificates count in whole seconds, both ends inclusive
		c.turn(q)
		c.verdictOnly, c.DefaultTrust = true, ""
		if in.Anchors.Count(App) > 0 {
			d := in
			d.Question, d.Anchors = q, in.Anchors.Without(App)
			c.DefaultTrust = e.trust(Build(d, e.Budget, e.Memory), stage{errors: true}, nil).trust()
		}
		lj := e.decide(c, stage{errors: true, timed: true}, j)
		v := lj.verdict()
		if v == last {
			continue
		}
		rule, item := lj.culprit()
		if e.Verbose {
			r.Timeline = append(r.Timeline, Moment{Time: t, Verdict: v, Rule: rule, Item: item})
		}
		if last == Trusted && r.GoodUntil == nil && r.Verdict == Trusted {
			r.GoodUntil = &GoodUntil{Time: t, Item: item, Rule: rule}
		}
		last = v
		if !e.Verbose {
			break
		}
	}
	present.always = c.always
	*c = present
	if r.GoodUntil == nil {
		return
	}
	var o *judgement
	for i := range e.outlook {
		g := &e.outlook[i]
		if !g.judged(&c.Question) {
			continue
		}
		if hits := g.Check.(PerOutlook)(c, r.GoodUntil); len(hits) > 0 {
			if o == nil {
				o = newJudgement(c)
			}
			o.add(g, hits, Place{}, nil, 0, true)
		}
	}
	if o == nil {
		return
	}
	o.weigh(e)
	j.kept = append(j.kept, o.kept...)
	slices.SortStableFunc(j.kept, byRank)
}

// trustedUntil is when the verdict of a trial that is trusted ends; nil: it does not.
func (e *Evaluator) trustedUntil(in Input, c *Case, j *judgement) *time.Time {
	r := &Report{Verdict: Trusted}
	e.lookAhead(in, c, j, r)
	if r.GoodUntil == nil {
		return nil
	}
	return &r.GoodUntil.Time
}

// timeless appends what the rules of a stage found whatever the time of the question.
func (j *judgement) timeless(to []breach, s stage) []breach {
	for i := range j.breaches {
		if g := j.breaches[i].rule; !g.timed && g.severity == Error && g.late == s.late {
			to = append(to, j.breaches[i])
		}
	}
	return to
}

// culprit names the finding that makes a verdict what it is.
func (j *judgement) culprit() (string, *int) {
	for _, status := range []Status{Broken, Unknown} {
		for i := range j.kept {
			if b := &j.kept[i]; b.severity == Error && b.hit.Status == status && j.counts(b) {
				return b.rule.ID, itemIndex(b.hit.Item)
			}
		}
	}
	return "", nil
}

// instants appends the dates at which an answer can change, in order.
func (e *Evaluator) instants(c *Case, out []time.Time) []time.Time {
	for i := range c.spots {
		out = append(out, c.spots[i].item.Cert.NotBefore, c.spots[i].item.Cert.NotAfter)
	}
	for _, g := range e.timed {
		if a := g.Applies; a != nil && !a.JudgedFrom.IsZero() {
			out = append(out, a.JudgedFrom)
		}
		if a := g.Applies; a != nil && !a.JudgedUntil.IsZero() {
			out = append(out, a.JudgedUntil)
		}
		if g.Instants != nil {
			out = append(out, g.Instants(c)...)
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	n := 0
	for i, t := range out {
		if i == 0 || !t.Equal(out[n-1]) {
			out[n] = t
			n++
		}
	}
	return out[:n]
}
