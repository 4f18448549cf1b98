package chain

import "strings"

// outOfReach reports whether the handshake alone fails, before there is a chain
// to evaluate, and nothing else would.
func (j *judgement) outOfReach() bool {
	ended := false
	for i := range j.kept {
		b := &j.kept[i]
		if b.severity != Error || !j.counts(b) {
			continue
		}
		switch handshake := b.rule.Level == LevelATS && b.apple().Class == ClassHandshake; {
		case handshake && b.hit.Status == Broken:
			ended = true
		case b.level == LevelX509, b.hit.Status == Broken && b.level != LevelATS:
			return false
		}
	}
	return ended && len(j.c.Paths) > 0
}

// NothingToTrust reports whether the verdict is unknown for want of a chain:
// level 1 does not apply, as in clear text, and nothing fails.
func (r *Report) NothingToTrust() bool {
	return r.Verdict == Undecided && len(r.Levels) > 0 && r.Levels[0].Level == LevelX509 && r.Levels[0].Verdict == NotApplicable
}

func headline(r *Report) string {
	switch {
	case r.NothingToTrust():
		return "nothing to trust: " + r.Levels[0].Reason
	case r.Verdict == Trusted:
		return "trusted"
	}
	numbers := map[Level]string{LevelX509: "level 1 (basic X.509)", LevelName: "level 2 (name)", LevelATS: "level 3 (App Transport Security)", LevelIdentity: "the identity"}
	var failed, open []string
	for _, l := range r.Levels {
		switch l.Verdict {
		case Fail:
			failed = append(failed, numbers[l.Level])
		case LevelUnknown:
			open = append(open, numbers[l.Level])
		}
	}
	verb := "fails"
	if len(failed) > 1 {
		verb = "fail"
	}
	if r.Verdict == Undecided {
		return "could not tell: " + strings.Join(open, " and ") + " cannot be decided from here"
	}
	return "not trusted: " + strings.Join(failed, " and ") + " " + verb
}
