package chain

import "slices"

// settle reads the verdict off the breaches, level by level. before, where not
// nil, is the settled judgement this one went on from: what it found out stands
// unless a breach was added.
func (j *judgement) settle(e *Evaluator, before *judgement) {
	if before != nil && len(before.breaches) == len(j.breaches) {
		j.kept, j.best, j.levels = before.kept, before.best, before.levels
	} else {
		j.weigh(e)
	}
	order := [...]Level{LevelX509, LevelName, LevelATS, LevelIdentity}
	wanted := order[:]
	if before == nil { // the late rules have yet to run
		wanted = order[:2]
		j.levels = make([]LevelReport, 0, len(order))
	}
	for _, l := range wanted[len(j.levels):] {
		j.levels = append(j.levels, j.level(e, l))
	}
}

// weigh silences and grades: severities are lowered to note where a path
// without errors of its own avoids them, and the best path is found.
func (j *judgement) weigh(e *Evaluator) {
	j.silence()
	n := len(j.c.Paths)
	counts := make([]int, 3*n)
	errors := counts[:n]       // errors that lie on a path, those common to all left out
	unknown := counts[n : 2*n] // unknown findings of error rank
	avoided := counts[2*n:]    // findings that count on the best path alone
	for i := range j.kept {
		b := &j.kept[i]
		if b.pathless || b.severity != Error && !b.hit.OnlyBest {
			continue
		}
		for p := range j.c.Paths {
			if !b.paths.has(p) {
				continue
			}
			if b.hit.OnlyBest {
				avoided[p]++
			} else if b.hit.Status == Unknown {
				unknown[p]++
			} else if b.paths != j.every {
				errors[p]++
			}
		}
	}
	j.best = -1
	for p := range j.c.Paths {
		if j.best < 0 || slices.Compare([]int{errors[p], unknown[p], avoided[p]}, []int{errors[j.best], unknown[j.best], avoided[j.best]}) < 0 {
			j.best = p
		}
	}
	j.kept = slices.DeleteFunc(j.kept, func(b breach) bool { return b.hit.OnlyBest && !j.counts(&b) })
	for i := range j.kept {
		b := &j.kept[i]
		b.shown, b.bears = e.shown(b), j.counts(b)
		if l := b.rule.Otherwise; l != "" && !e.applies(b.level, j.c) {
			b.level = l
		}
		if j.follows(b) {
			b.shown = Note
		}
		if b.pathless || b.hit.OnlyBest || b.paths == j.every {
			continue
		}
		for p := range j.c.Paths {
			if errors[p] == 0 && !b.paths.has(p) {
				b.shown = Note
				break
			}
		}
	}
}

// shown is the severity of the finding: the profile's, or that of Regrade. A
// verdict rests on the profile's alone.
func (e *Evaluator) shown(b *breach) Severity {
	s, ok := e.Regrade[b.rule.ID]
	if !ok {
		return b.severity
	}
	if b.hit.AtMost != "" && weight(b.hit.AtMost) < weight(s) {
		return b.hit.AtMost
	}
	return s
}

// follows reports whether another finding, of another level, explains the fault of this one.
func (j *judgement) follows(b *breach) bool {
	return len(b.rule.FollowsFrom) > 0 && slices.ContainsFunc(j.kept, func(x breach) bool {
		return x.hit.Item == b.hit.Item && x.hit.Status == Broken && x.severity == Error && names(b.rule.FollowsFrom, x.rule.ID)
	})
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

// level is the verdict of one level. Its reason is why it does not apply, what
// could not be told, or what a passed one rests on.
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
	if r.Verdict == Pass && hook.Reason != nil {
		r.Reason = hook.Reason(j.c)
	}
	return r
}

// verdict sums the levels up, or some of them; those that do not apply do not count.
func (j *judgement) verdict(levels ...Level) Verdict {
	v := Trusted
	for _, l := range j.levels {
		if len(levels) > 0 && !containsLevel(levels, l.Level) {
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

func containsLevel(list []Level, l Level) bool {
	for _, x := range list {
		if x == l {
			return true
		}
	}
	return false
}

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
