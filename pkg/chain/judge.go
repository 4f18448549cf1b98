package chain

import (
	"slices"
	"strings"
)

// judgement collects the breaches of one case and reads the verdict off them.
type judgement struct {
	c        *Case
	breaches []breach
	asked    []*graded // the rules that had something to look at; only where a report lists them
	kept     []breach  // after silencing and grading, the worst first
	silent   []silenced
	weighed  int      // how many breaches that was done for
	own      []onPath // room for what tells the paths apart
	best     int      // index of the best path; -1 without paths
	levels   []LevelReport
	allPaths pathSet // all paths
	perPlace bool    // hits at different places are not one: a survey's

	room struct { // for the lists above: mostly there is one path, and one thing found
		breaches, kept [1]breach
		own            [1]onPath
	}
}

// breach is a hit with its rule and the paths it spoils.
type breach struct {
	rule      *graded
	hit       *Hit   // never changed once it is here
	form      string // the message with {item} still in it; "": it has none
	place     Place  // of the item, where the check looked at items; of the issuer, where it looked at links
	link      *Link  // that the check looked at, if it looked at one
	paths     pathSet
	pathless  bool
	severity  Severity // graded, before lowering
	shown     Severity // after lowering
	avoidable bool     // lowered, since a path without errors avoids it
	bears     bool     // on the verdict: it lies on the best path, or on none
	level     Level
}

// silenced is what of a breach another rule explains.
type silenced struct {
	breach
	by *Rule
}

// apply asks a rule about everything it looks at, and reports whether there was anything.
func (j *judgement) apply(g *graded) (asked bool) {
	c := j.c
	if !g.judged(&c.Question) || g.needs != nil && !g.needs(c) || g.builtinOnly && !c.builtin() {
		return false
	}
	switch check := g.check.(type) {
	case PerLeaf:
		if leaf := c.Leaf(); leaf != nil && g.issued(leaf) {
			asked = true
			alone := len(c.Paths) == 1 && c.Paths[0].End == Anchored && len(c.Paths[0].Items) == 1
			j.add(g, check(c, leaf), Place{Leaf: true, Anchor: alone}, nil, j.allPaths, false)
		}
	case PerCertificate:
		for i := range c.spots {
			s := &c.spots[i]
			if !g.issued(s.item) {
				continue
			}
			asked = true
			if s.passed.has(g.number) {
				continue
			}
			if hits := check(s.item, s.place); len(hits) > 0 {
				j.add(g, hits, s.place, nil, s.paths, false)
				continue
			}
			s.passed.add(g.number)
			s.learnt = true
		}
	case PerItem:
		for i := range c.spots {
			if s := &c.spots[i]; g.issued(s.item) {
				asked = true
				j.add(g, check(c, s.item, s.place), s.place, nil, s.paths, false)
			}
		}
	case PerLink:
		for i := range c.steps {
			if s := &c.steps[i]; g.issued(s.link.Child) {
				asked = true
				j.add(g, check(c, s.link), Place{Anchor: s.link.IssuerIsAnchor}, s.link, s.paths, false)
			}
		}
	case PerPath:
		for _, p := range c.Paths {
			if g.issued(p.Leaf()) {
				var one pathSet
				one.add(p.Index)
				asked = true
				hits := check(c, p)
				for i := range hits {
					at := Place{Anchor: hits[i].Item != nil && p.End == Anchored && hits[i].Item == p.Last()}
					j.add(g, hits[i:i+1], at, nil, one, false)
				}
			}
		}
	case PerList:
		asked = true
		j.add(g, check(c), Place{}, nil, 0, true)
	case PerObservation:
		if c.Observation != nil {
			asked = true
			j.add(g, check(c, c.Observation), Place{}, nil, 0, true)
		}
	case PerIdentity:
		if c.Capture.Identity != nil {
			asked = true
			j.add(g, check(c, c.Capture.Identity), Place{}, nil, 0, true)
		}
	}
	return asked
}

// apple is the code an Apple platform shows for the breach.
func (b *breach) apple() AppleError {
	if b.hit.Apple != (AppleError{}) {
		return b.hit.Apple
	}
	return b.rule.Apple
}

func newJudgement(c *Case) *judgement {
	j := &judgement{c: c}
	j.breaches, j.kept, j.own = j.room.breaches[:0], j.room.kept[:0], j.room.own[:0]
	for i := range c.Paths {
		j.allPaths.add(i)
	}
	return j
}

// add records hits, which it completes; the same breach on another path is the same
// finding.
func (j *judgement) add(g *graded, hits []Hit, place Place, link *Link, paths pathSet, pathless bool) {
	for i := range hits {
		h, p := &hits[i], paths
		if g.builtinOnly && !pathless {
			for i, x := range j.c.Paths {
				if p.has(i) && !x.Builtin() {
					p &^= 1 << i
				}
			}
			if p == 0 {
				continue
			}
		}
		if h.Status == "" {
			h.Status = Broken
		}
		form := ""
		if h.Item != nil && strings.Contains(h.Message, itemHere) {
			form, h.Message = h.Message, strings.ReplaceAll(h.Message, itemHere, j.c.Label(h.Item))
		}
		if known := j.find(g, h, place); known != nil {
			known.paths |= p
			continue
		}
		j.breaches = append(j.breaches, breach{rule: g, hit: h, form: form, place: place, link: link, paths: p, pathless: pathless, severity: atMost(g.severity, h.AtMost), level: g.Level})
	}
}

// byID puts the breaches from a place on in the order of their rules' IDs: nothing
// depends on that of books and files. Breaches are few; to sort the rules would look at
// all of them before one is asked.
func (j *judgement) byID(from int) {
	slices.SortStableFunc(j.breaches[from:], func(x, y breach) int { return strings.Compare(x.rule.ID, y.rule.ID) })
}

func (j *judgement) find(g *graded, h *Hit, place Place) *breach {
	for i := range j.breaches {
		b := &j.breaches[i]
		if b.rule.Rule == g.Rule && b.hit.Item == h.Item && b.hit.Message == h.Message && b.hit.Status == h.Status && (!j.perPlace || b.place == place) {
			return b
		}
	}
	return nil
}

func weight(s Severity) int {
	switch s {
	case Error:
		return 3
	case Warning:
		return 2
	case Note:
		return 1
	}
	return 0
}

// atMost caps a severity; "" does not.
func atMost(s, limit Severity) Severity {
	if limit != "" && weight(limit) < weight(s) {
		return limit
	}
	return s
}

// silence drops a general finding where a special one explains the same fault.
// Only the paths on which it is explained are dropped: elsewhere it stands, or a
// path would count as good whose fault was explained on another one.
func (j *judgement) silence() {
	j.kept, j.silent = slices.Grow(j.kept[:0], len(j.breaches)), nil
	for i := range j.breaches {
		b := j.breaches[i]
		for k := range j.breaches {
			s := &j.breaches[k]
			if !s.explains(&b) {
				continue
			}
			silencedBreach := b
			if !s.pathless && !b.pathless {
				silencedBreach.paths = b.paths & s.paths
				b.paths &^= s.paths
			}
			if slices.Contains(s.rule.InsteadOf, b.rule.ID) { // else it rests on what could not be read
				j.silent = append(j.silent, silenced{silencedBreach, s.rule.Rule})
			}
			if s.pathless || b.pathless || b.paths == 0 {
				b.rule = nil
				break
			}
		}
		if b.rule != nil {
			j.kept = append(j.kept, b)
		}
	}
}

// explains reports whether s is the finding of b's fault: its rule stands
// instead of b's about the same item, or it says that a field b rests on could
// not be read. A lesser finding explains nothing.
func (s *breach) explains(b *breach) bool {
	if s.rule.Rule == b.rule.Rule || weight(s.severity) < weight(b.severity) {
		return false
	}
	if !s.pathless && !b.pathless && b.paths != 0 && s.paths&b.paths == 0 {
		return false
	}
	if s.hit.Status == Broken && b.rule.Reads&s.hit.Unread != 0 {
		return s.hit.Item == b.hit.Item || b.link != nil && (s.hit.Item == b.link.Child || s.hit.Item == b.link.Issuer)
	}
	if s.hit.Status != Broken && !(s.rule.EvenUnknown && s.hit.Status == Unknown) {
		return false
	}
	return (s.hit.Item == nil || s.hit.Item == b.hit.Item) && slices.Contains(s.rule.InsteadOf, b.rule.ID)
}

func (g *graded) judged(q *Question) bool { return g.general || g.Applies.judged(q) }
func (g *graded) issued(it *Item) bool    { return g.general || g.Applies.issued(it) }

// judged reports whether the rule is in force for the question.
func (a *Applies) judged(q *Question) bool {
	if !a.JudgedFrom.IsZero() && q.Time.Before(a.JudgedFrom) || !a.JudgedUntil.IsZero() && !q.Time.Before(a.JudgedUntil) {
		return false
	}
	if a.NotFor != "" && a.NotFor == q.Purpose {
		return false
	}
	if len(a.Platforms) == 0 {
		return true
	}
	for _, p := range a.Platforms {
		if strings.HasPrefix(q.Platform, p) {
			return true
		}
	}
	return false
}

func (a *Applies) issued(it *Item) bool {
	nb := it.Cert.NotBefore
	return (a.IssuedFrom.IsZero() || !nb.Before(a.IssuedFrom)) && (a.IssuedUntil.IsZero() || nb.Before(a.IssuedUntil))
}
