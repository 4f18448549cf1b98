package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(cipher)

var cipher = &chain.Rule{
	ID:        "ats-cipher",
	Level:     chain.LevelATS,
	Otherwise: chain.LevelX509,
	Title:     "the server has no cipher suite that is offered",
	Sources: []chain.Source{
		{Doc: "SecProtocolInternal.h", Section: "ATS-03, ATS-04, ATS-05", Confidence: chain.ConfidenceSource},
	},
	Explain: "App Transport Security replaces the list of cipher suites by its own: three of TLS 1.3, and ECDHE with AES-GCM, ChaCha20-Poly1305 or AES-CBC-SHA. DHE, RC4, 3DES, CCM and the CBC suites with a SHA-2 MAC are not in it, although older lists of Apple named some of the last. Server and app then have nothing in common, and the handshake fails before trust is evaluated.",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "add ECDHE suites with AES-GCM", Config: chain.ModernSuites()}},
	Apple:   chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9824},
	Check: chain.PerObservation(func(c *chain.Case, _ *chain.Observation) []chain.Hit {
		o := faultsOf(c).cipher
		if o == nil {
			return nil
		}
		got := o.Outcome.Suite
		if o.Outcome.DHBits > 0 {
			got = fmt.Sprintf("%s, a prime of %d bits", got, o.Outcome.DHBits)
		}
		return []chain.Hit{{
			Message:  fmt.Sprintf("the server agrees on none of the suites offered; with everything on the table it takes %s (%s)", o.Outcome.Suite, suiteFault(o.Outcome.Suite)),
			Evidence: []chain.Evid{{Field: "suite", Got: got, Want: listText(decision(c))}},
			Advice:   withException(c, chain.Advice{Who: "server administrator", Text: "add ECDHE suites with AES-GCM", Config: chain.ModernSuites()}),
		}}
	}),
}
