package basic

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(budget)

var budget = &chain.Rule{
	ID:      "basic-budget",
	Level:   chain.LevelX509,
	Title:   "search for a path was given up",
	Sources: []chain.Source{{Doc: "RFC 4158", Section: "section 2.4"}},
	Explain: "An honest chain of trust has three or four certificates. The search for a path is bounded, by counts and not by time, so that the answer is the same everywhere: a list of hundreds of certificates, or one whose certificates refer to each other in very many ways, would keep the evaluating side busy for ever. " +
		"What lies beyond a bound was not looked at, and clients have bounds of their own.",
	Advice: []chain.Advice{
		{Who: "server administrator", Text: "send item 0 and the intermediates of one chain only, in order", Commands: []string{chain.FullChain}},
		{For: chain.ForClient, Who: "whoever made the identity", Text: "keep item 0 and the intermediates of one chain only, in order", Commands: []string{chain.IdentityChain}},
	},
	Apple:     chain.AppleError{Class: chain.ClassTrust, Sec: -67843},
	InsteadOf: []string{"basic-anchor-not-trusted", "basic-intermediate-missing", "basic-loop"},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		if c.GaveUp == "" {
			return nil
		}
		h := boundMet(c)
		h.Try(withoutCopies, "")
		if complete(c) {
			h.AtMost = chain.Warning // the paths found are judged by themselves
		}
		return []chain.Hit{h}
	}),
}

// boundMet says which bound ended the search, and what it is.
func boundMet(c *chain.Case) chain.Hit {
	hit := func(what string, limit int, format, got string) chain.Hit {
		return chain.Hit{
			Message:  fmt.Sprintf(format, got, limit),
			Evidence: []chain.Evid{{Field: what, Got: got, Want: fmt.Sprintf("at most %d", limit)}},
		}
	}
	more := func(limit int) string { return fmt.Sprintf("more than %d", limit) }
	switch b := &c.Budget; c.GaveUp {
	case "items":
		return hit("certificates", b.Items, "%s certificates, of which the first %d were read", fmt.Sprint(len(c.Observation.Sent)))
	case "depth":
		return hit("items on one path", b.Depth, "a path of %s items: none is followed beyond %d", more(b.Depth))
	case "paths":
		return hit("candidate paths", b.Paths, "%s candidate paths: the first %d are judged", more(b.Paths))
	case "signatures":
		return hit("signature checks", b.Signatures, "the search for paths takes %s signature checks, the limit is %d", more(b.Signatures))
	}
	return hit("issuers looked at", c.Budget.Steps, "the search for paths looks at %s issuers, the limit is %d", more(c.Budget.Steps))
}

// withoutCopies sends each certificate of the list once.
func withoutCopies(in chain.Input) (chain.Input, bool) {
	if in.Observation >= len(in.Capture.Observations) {
		return in, false
	}
	capture := *in.Capture
	capture.Observations = slices.Clone(capture.Observations)
	o := &capture.Observations[in.Observation]
	sent, seen := []string{}, map[string]bool{}
	for _, key := range o.Sent {
		if !seen[key] {
			sent = append(sent, key)
		}
		seen[key] = true
	}
	ok := len(sent) < len(o.Sent)
	o.Sent, o.Positions = sent, nil
	in.Capture = &capture
	return in, ok
}
