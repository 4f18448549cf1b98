package basic

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = Rules.Add(&chain.Rule{
	ID:      "basic-budget",
	Level:   chain.LevelX509,
	Title:   "search for a path was given up",
	Sources: []chain.Source{{Doc: "RFC 4158", Section: "section 2.4"}},
	Explain: "A list of certificates that refer to each other in many ways can have more paths than anybody can look at, and sending one is a known attack on the evaluating side. " +
		"The search is bounded by counts, not by time, so that the answer is the same everywhere; a chain that meets a bound is not an honest one.",
	Remedy: chain.Remedy{Who: "server administrator", Text: "send item 0 and the intermediates of one chain only, in order (cat server.pem intermediate.pem > fullchain.pem)",
		Client: "whoever made the identity: keep item 0 and the intermediates of one chain only, in order (cat client.pem intermediate.pem > identity.pem)"},
	Apple: chain.AppleError{Class: chain.ClassTrust, Sec: -67843},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		if c.GaveUp == "" {
			return nil
		}
		h := chain.Hit{
			Message:  "the search for paths was given up: the bound on " + c.GaveUp + " was met",
			Evidence: []chain.Evid{{Field: "bound met", Got: c.GaveUp, Want: "a list that stays within all bounds"}},
		}
		h.Repair = withoutCopies
		if complete(c) {
			h.AtMost = chain.Warning // the paths found are judged by themselves
		}
		return []chain.Hit{h}
	}),
})

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
