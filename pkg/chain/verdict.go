package chain

import "slices"

// settle reads the verdict off the breaches, level by level. Where it was done
// for the first levels already, that stands unless a breach was added.
func (j *judgement) settle(e *Evaluator, levels []Level) {
	if j.levels == nil || len(j.breaches) != j.weighed {
		j.weigh(e)
		j.weighed, j.levels = len(j.breaches), make([]LevelReport, 0, len(Levels()))
	}
	for _, l := range levels[len(j.levels):] {
		j.levels = append(j.levels, j.level(e, l))
	}
}

// weigh goes from breaches to findings by the rules of docs/design.md, "Verdicts".
func (j *judgement) weigh(e *Evaluator) {
	// A rule named in another's InsteadOf is silent where that one explains the fault.
	j.silence()

	// The best path is the one with the fewest errors of its own. Those on every
	// path are common: they tell no path from another.
	own := j.tally()
	j.best = bestOf(own)

	// A hit that counts on the best path alone is nothing elsewhere.
	j.kept = slices.DeleteFunc(j.kept, func(b breach) bool { return b.hit.Beside == OnlyBest && !j.counts(&b) })

	// Where its level does not apply, a breach counts for its rule's other level.
	for i := range j.kept {
		j.kept[i].level = e.levelOf(&j.kept[i], j.c)
	}
	for i := range j.silent {
		j.silent[i].level = e.levelOf(&j.silent[i].breach, j.c)
	}

	for i := range j.kept {
		b := &j.kept[i]
		b.shown, b.bears = e.shown(b), j.counts(b)
		// A bad path beside a good one is a note.
		if !b.pathless && b.hit.Beside != OnlyBest && b.paths != j.allPaths && j.avoided(b, own) {
			b.shown, b.avoidable = Note, true
		}
	}
	for i := range j.kept {
		if b := &j.kept[i]; b.hit.Beside == Yields && b.shown == Error && j.failsOtherwise(b) {
			b.shown = Note
		}
	}
	j.replaced()
	slices.SortStableFunc(j.kept, byRank)
}

// replaced: where a certificate that was not sent would have to take the place of
// one that was, what is wrong with that one is the same cause, told once; a device
// shows what is wrong with it.
func (j *judgement) replaced() {
	for i := range j.kept {
		b := &j.kept[i]
		if !b.hit.Replaces || b.shown != Error || b.hit.Status != Broken {
			continue
		}
		for k := range j.kept {
			if x := &j.kept[k]; x.shown == Error && x.hit.Item == b.hit.Item && !x.pathless && x.paths&b.paths == 0 {
				hit := *b.hit
				hit.Apple, x.shown = x.apple(), Note
				b.hit = &hit
			}
		}
	}
}

// failsOtherwise reports whether another path, without the breach, fails for a cause
// of its own.
func (j *judgement) failsOtherwise(b *breach) bool {
	return slices.ContainsFunc(j.kept, func(x breach) bool {
		return x.shown == Error && x.hit.Status == Broken && x.hit.Beside != Yields && !x.pathless && x.paths&b.paths == 0
	})
}

// onPath counts the findings on a path that tell it from others.
type onPath struct{ errors, unknown, onlyBest int }

// tally counts for every path the broken errors that are not on all of them, the
// unknown ones, and the findings that count on the best path alone.
func (j *judgement) tally() []onPath {
	own := j.own[:0]
	if cap(own) < len(j.c.Paths) {
		own = make([]onPath, 0, len(j.c.Paths))
	}
	own = own[:len(j.c.Paths)]
	clear(own)
	j.own = own
	for i := range j.kept {
		b := &j.kept[i]
		if b.pathless || b.severity != Error && b.hit.Beside != OnlyBest {
			continue
		}
		for p := range own {
			switch {
			case !b.paths.has(p):
			case b.severity != Error:
				own[p].onlyBest++
			case b.hit.Status == Unknown:
				own[p].unknown++
			case b.paths != j.allPaths:
				own[p].errors++
			}
		}
	}
	return own
}

// bestOf is the first path with the fewest errors, then the fewest that could
// not be told, then the fewest that count on the best path alone; -1: no path.
func bestOf(own []onPath) int {
	best := -1
	for p, n := range own {
		if best < 0 || slices.Compare([]int{n.errors, n.unknown, n.onlyBest}, []int{own[best].errors, own[best].unknown, own[best].onlyBest}) < 0 {
			best = p
		}
	}
	return best
}

// avoided reports whether a path without errors of its own avoids a breach.
func (j *judgement) avoided(b *breach, own []onPath) bool {
	for p := range own {
		if own[p].errors == 0 && !b.paths.has(p) {
			return true
		}
	}
	return false
}

// shown is the severity of the finding: the profile's, or that of Regrade. A
// verdict rests on the profile's alone.
func (e *Evaluator) shown(b *breach) Severity {
	s, ok := e.Regrade[b.rule.ID]
	if !ok {
		return b.severity
	}
	return atMost(s, b.hit.AtMost)
}

func (e *Evaluator) levelOf(b *breach, c *Case) Level {
	if b.rule.Otherwise != "" && !e.applies(b.rule.Level, c) {
		return b.rule.Otherwise
	}
	return b.rule.Level
}

// applies reports whether a level can be judged.
func (e *Evaluator) applies(l Level, c *Case) bool {
	applies := e.Hooks[l].Applies
	if applies == nil {
		return true
	}
	ok, _ := applies(c)
	return ok
}

// counts reports whether a breach bears on the verdict: it has no path, or the best one.
func (j *judgement) counts(b *breach) bool {
	return b.pathless || j.best >= 0 && b.paths.has(j.best)
}

// level is the verdict of one level: fail with a broken error that counts,
// unknown with an unknown one, else pass. Its reason is why it does not apply,
// what could not be told, what is explained on another level, or what a passed
// one rests on.
func (j *judgement) level(e *Evaluator, l Level) LevelReport {
	r := LevelReport{Level: l, Verdict: Pass}
	for i := range j.kept {
		b := &j.kept[i]
		if b.level != l || b.severity != Error || !j.counts(b) {
			continue
		}
		if b.hit.Status == Broken {
			r.Verdict, r.Reason = Fail, ""
		} else if r.Verdict == Pass {
			r.Verdict, r.Reason = LevelUnknown, b.hit.Message
		}
	}
	hook := e.Hooks[l]
	if hook.Applies != nil {
		if ok, why := hook.Applies(j.c); !ok {
			if r.Verdict != Fail {
				r.Verdict, r.Reason = NotApplicable, why
			}
			return r
		}
	}
	if l == LevelX509 && len(j.c.Paths) == 0 {
		r.Verdict, r.Reason = Fail, ""
	}
	if r.Verdict == Pass && !e.judges[l] { // nobody looked
		r.Verdict, r.Reason = NotApplicable, "no rule of this level was asked"
	}
	// What a rule of another level is silent for leaves this one as it was.
	for i := range j.silent {
		s := &j.silent[i]
		if s.level == l && s.by.Level != l && s.severity == Error && s.hit.Status == Broken && r.Verdict != Fail && j.counts(&s.breach) {
			r.Verdict, r.Reason = Fail, "explained by "+s.by.ID
		}
	}
	if r.Verdict == Pass && hook.Reason != nil && !j.c.verdictOnly {
		r.Reason = hook.Reason(j.c)
	}
	return r
}

// verdict sums the levels up, or some of them; those that do not apply do not count.
func (j *judgement) verdict(levels ...Level) Verdict {
	v := Trusted
	for _, l := range j.levels {
		if len(levels) > 0 && !slices.Contains(levels, l.Level) {
			continue
		}
		switch l.Verdict {
		case Fail:
			return Untrusted
		case LevelUnknown:
			v = Undecided
		}
	}
	return v
}

// trust is the verdict of the trust evaluation proper, without App Transport Security.
func (j *judgement) trust() Verdict { return j.verdict(LevelX509, LevelName) }

// pathVerdict is the verdict of one candidate path by the errors that lie on it.
func (j *judgement) pathVerdict(p *Path) (Verdict, string) {
	v, why := Trusted, ""
	if p.End != Anchored {
		v = Untrusted
	}
	for i := range j.kept {
		b := &j.kept[i]
		if b.pathless || b.severity != Error || !b.paths.has(p.Index) || b.level != LevelX509 {
			continue
		}
		if b.hit.Status == Broken {
			return Untrusted, b.rule.ID
		}
		v, why = Undecided, b.rule.ID
	}
	return v, why
}
