package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(forwardSecrecy)

var forwardSecrecy = &chain.Rule{
	ID:        "ats-forward-secrecy",
	Level:     chain.LevelATS,
	Otherwise: chain.LevelX509,
	Title:     "the server offers no forward secrecy",
	Sources: []chain.Source{
		{Doc: "SecProtocolInternal.h", Section: "ATS-03, ATS-05", Confidence: chain.ConfidenceSource},
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-44", Confidence: chain.ConfidenceSource},
	},
	Explain:   "With static RSA the session's secret is encrypted to the key of item 0, so whoever gets that key later can read everything that was ever recorded. App Transport Security therefore offers only suites with an ephemeral key exchange (ECDHE); a server without one answers with a handshake failure, and the app shows -1200.",
	Advice:    []chain.Advice{{Who: "server administrator", Text: "switch ECDHE suites on", Config: chain.ModernSuites()}},
	Apple:     chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9824},
	InsteadOf: []string{"reach-key-usage"}, // the handshake it is about is one that Apple platforms do not make
	Check: chain.PerObservation(func(c *chain.Case, _ *chain.Observation) []chain.Hit {
		o := faultsOf(c).forward
		if o == nil {
			return nil
		}
		return []chain.Hit{{
			Message:  fmt.Sprintf("the server agrees only on static RSA key exchange, %s, which has no forward secrecy", o.Outcome.Suite),
			Evidence: []chain.Evid{{Field: "suite", Got: o.Outcome.Suite, Want: listText(decision(c))}},
			Advice:   withException(c, chain.Advice{Who: "server administrator", Text: "switch ECDHE suites on", Config: chain.ModernSuites()}),
		}}
	}),
}

// listText says which suites a decision allows.
func listText(d requirement) string {
	switch {
	case d.NIAP == niapFCP:
		return "ECDHE with AES-GCM, or a suite of TLS 1.3"
	case !d.Listed:
		return "a suite the process offers by default"
	case !d.Forward:
		return "ECDHE or static RSA with AES, or a suite of TLS 1.3"
	}
	return "ECDHE with AES-GCM, ChaCha20-Poly1305 or AES-CBC-SHA, or a suite of TLS 1.3"
}
