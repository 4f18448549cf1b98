package report

import "github.com/chainspect/chainspect/pkg/chain"

// levelLabel and levelTitle name a level as the explanations do.
func levelLabel(l chain.Level) string {
	switch l {
	case chain.LevelX509:
		return "level 1"
	case chain.LevelName:
		return "level 2"
	case chain.LevelATS:
		return "level 3"
	}
	return string(l)
}

func levelTitle(l chain.Level) string {
	switch l {
	case chain.LevelX509:
		return "basic X.509"
	case chain.LevelName:
		return "name (RFC 2818)"
	case chain.LevelATS:
		return "App Transport Security"
	case chain.LevelIdentity:
		return "digital identity"
	}
	return string(l)
}

// levelName is label and title in one: "level 1, basic X.509".
func levelName(l chain.Level) string {
	if l == chain.LevelIdentity {
		return levelTitle(l)
	}
	return levelLabel(l) + ", " + levelTitle(l)
}

// verdictWord is the short form of a level's verdict.
func verdictWord(v chain.LevelVerdict) string {
	if v == chain.NotApplicable {
		return "n/a"
	}
	return string(v)
}

// headline is the verdict in words.
func headline(r *chain.Report) string {
	if r.Headline != "" {
		return r.Headline
	}
	switch r.Verdict {
	case chain.Trusted:
		return "trusted"
	case chain.Untrusted:
		return "not trusted"
	}
	return "could not tell"
}

// heading is the target, and of several reports about it what this one is about.
func heading(r *chain.Report) string {
	if r.Part == 0 || r.Label == "" {
		return r.Target
	}
	return r.Target + " (" + r.Label + ")"
}
