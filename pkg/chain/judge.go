package chain

import (
	"slices"
	"strings"
)

// judgement collects the breaches of one case and reads the verdict off them.
type judgement struct {
	c        *Case
	breaches []breach
	kept     []breach // after silencing and grading
	best     int      // index of the best path; -1 without paths
	levels   []LevelReport
	every    pathSet // all paths
}

// breach is a hit with its rule and the paths it spoils.
type breach struct {
	rule     *graded
	hit      Hit
	paths    pathSet
	pathless bool
	severity Severity // graded, before lowering
	shown    Severity // after lowering
	level    Level
}

func (j *judgement) apply(g *graded) {
	c := j.c
	if !g.Applies.judged(&c.Question) {
		return
	}
	switch check := g.Check.(type) {
	case PerLeaf:
		if leaf := c.Leaf(); leaf != nil && g.Applies.issued(leaf) {
			j.add(g, check(c, leaf), j.every, false)
		}
	case PerItem:
		for i := range c.spots {
			if s := &c.spots[i]; g.Applies.issued(s.item) {
				if hits := check(c, s.item, s.place); len(hits) > 0 {
					j.add(g, hits, s.paths, false)
				}
			}
		}
	case PerLink:
		for i := range c.steps {
			if s := &c.steps[i]; g.Applies.issued(s.link.Child) {
				j.add(g, check(c, s.link), s.paths, false)
			}
		}
	case PerPath:
		for _, p := range c.Paths {
			if g.Applies.issued(p.Leaf()) {
				var one pathSet
				one.add(p.Index)
				j.add(g, check(c, p), one, false)
			}
		}
	case PerList:
		j.add(g, check(c), pathSet{}, true)
	case PerObservation:
		if c.Observation != nil {
			j.add(g, check(c, c.Observation), pathSet{}, true)
		}
	case PerIdentity:
		if c.Capture.Identity != nil {
			j.add(g, check(c, c.Capture.Identity), pathSet{}, true)
		}
	}
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
	for i := range c.Paths {
		j.every.add(i)
	}
	return j
}

// add records hits; the same breach on another path is the same finding.
func (j *judgement) add(g *graded, hits []Hit, paths pathSet, pathless bool) {
	for _, h := range hits {
		p := paths
		if g.builtinOnly && !pathless {
			for i, x := range j.c.Paths {
				if p.has(i) && !x.Builtin() {
					p[i>>6] &^= 1 << (i & 63)
				}
			}
			if p.empty() {
				continue
			}
		}
		if h.Status == "" {
			h.Status = Broken
		}
		sev := g.severity
		if h.AtMost != "" && weight(h.AtMost) < weight(sev) {
			sev = h.AtMost
		}
		if known := j.find(g, h); known != nil {
			known.paths = known.paths.union(p)
			continue
		}
		j.breaches = append(j.breaches, breach{rule: g, hit: h, paths: p, pathless: pathless, severity: sev, level: g.Level})
	}
}

func (j *judgement) find(g *graded, h Hit) *breach {
	for i := range j.breaches {
		b := &j.breaches[i]
		if b.rule.Rule == g.Rule && b.hit.Item == h.Item && b.hit.Message == h.Message && b.hit.Status == h.Status {
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

// silence drops a general finding where a special one explains the same fault.
// Only the paths on which it is explained are dropped: elsewhere it stands, or a
// path would count as good whose fault was explained on another one.
func (j *judgement) silence() {
	j.kept = make([]breach, 0, len(j.breaches))
	for i := range j.breaches {
		if b, ok := j.unexplained(j.breaches[i]); ok {
			j.kept = append(j.kept, b)
		}
	}
}

// unexplained returns what is left of a breach; false: nothing.
func (j *judgement) unexplained(b breach) (breach, bool) {
	rest := b.paths
	for n := range len(b.rule.YieldsTo) + len(b.rule.UndecidedBy) {
		var id string
		if n < len(b.rule.YieldsTo) {
			id = b.rule.YieldsTo[n]
		} else {
			id = b.rule.UndecidedBy[n-len(b.rule.YieldsTo)]
		}
		for i := range j.breaches {
			s := &j.breaches[i]
			if s.rule.Rule == b.rule.Rule || weight(s.severity) < weight(b.severity) {
				continue
			}
			if s.hit.Status != Broken && !(s.hit.Status == Unknown && slices.Contains(b.rule.UndecidedBy, s.rule.ID)) {
				continue
			}
			prefix := strings.TrimSuffix(id, "*")
			if s.rule.ID != id && (prefix == id || !strings.HasPrefix(s.rule.ID, prefix)) {
				continue
			}
			if s.hit.Item != nil && b.hit.Item != nil && s.hit.Item != b.hit.Item {
				continue
			}
			if s.pathless || b.pathless {
				return b, false
			}
			if rest = rest.minus(s.paths); rest.empty() {
				return b, false
			}
		}
	}
	b.paths = rest
	return b, true
}

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
