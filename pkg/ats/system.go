package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(systemRule)

var systemRule = &chain.Rule{
	ID:    "ats-system",
	Level: chain.LevelATS,
	Title: "system processes want more than this TLS 1.2",
	Sources: []chain.Source{
		{Doc: "Apple: Prepare your network environment for stricter security requirements", Section: "section 6f", Confidence: chain.ConfidenceDocument},
		{Doc: "RFC 7627"},
	},
	Explain: "From the release after iOS 26 and macOS 26 on, the system's own processes for device management, enrolment, profiles, apps and updates may refuse servers whose TLS 1.2 is not ECDHE with AES-GCM and the extended master secret. No Info.plist changes that, and apps are not concerned; SCEP and content-caching servers are exempt.",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "serve TLS 1.3, or TLS 1.2 with ECDHE and AES-GCM from a TLS library that has the extended master secret", Config: strongSuites()}},
	Apple:   chain.AppleError{Class: chain.ClassTLS, URL: -1200, SSL: -9824},
	Check: chain.PerObservation(func(c *chain.Case, _ *chain.Observation) []chain.Hit {
		if c.Question.For != forSystem || !judged(c) {
			return nil
		}
		s := serverOf(c)
		got, o := s.answers(decision(c))
		if got != accepts || len(s.pick(strictTLS12)) > 0 {
			return nil
		}
		return []chain.Hit{{
			Message: fmt.Sprintf("%s with %s is less than device management, enrolment and updates of release 27 ask for", o.Outcome.Version, strictGot(o)),
			Evidence: []chain.Evid{
				{Field: "suite", Got: o.Outcome.Suite, Want: "TLS 1.3, or ECDHE with AES-GCM"},
				{Field: "extended master secret", Got: yesNo(o.Outcome.EMS), Want: "yes"},
			},
		}}
	}),
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return "unknown"
	case *b:
		return "yes"
	}
	return "no"
}
