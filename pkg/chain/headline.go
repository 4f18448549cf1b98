package chain

import "strings"

// NothingToTrust reports whether the verdict is trusted for want of a chain
// only: level 1 does not apply, as in clear text, and nothing fails. People and
// metrics are not told that such a target is trusted.
func (r *Report) NothingToTrust() bool {
	return r.Verdict == Trusted && len(r.Levels) > 0 && r.Levels[0].Level == LevelX509 && r.Levels[0].Verdict == NotApplicable
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
