package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = Rules.Add(&chain.Rule{
	ID:    "ats-handshake",
	Level: chain.LevelATS,
	Title: "the server refuses the hello that URLSession sends",
	Sources: []chain.Source{
		{Doc: "RFC 8446", Section: "section 6.2"},
		{Doc: "URLSession's ClientHello", Section: "as a whole", Confidence: chain.ConfidenceField},
	},
	YieldsTo: []string{"reach-large-clienthello"},
	Explain:  "The server speaks a version, a suite and a group that App Transport Security allows, and yet it refuses the hello with which an Apple platform asks for them. Something else in that hello must be in its way, such as application protocols it does not know, or a middlebox; other clients connect, the app gets −1200.",
	Remedy: chain.Remedy{Who: "server administrator",
		Text: "look for the refused handshake in the server's log, and for a middlebox or a rule that judges hellos; compare with `openssl s_client -alpn h2,http/1.1`"},
	Apple: chain.AppleError{Class: chain.ClassTLS, URL: -1200, SSL: -9802},
	Check: chain.PerObservation(func(c *chain.Case, _ *chain.Observation) []chain.Hit {
		o := faultsOf(c).handshake
		if o == nil {
			return nil
		}
		got, fix := "the connection closed", ""
		if o.Outcome.Alert != nil {
			got = fmt.Sprintf("TLS alert %d", *o.Outcome.Alert)
			if *o.Outcome.Alert == alertNoApplicationProtocol {
				fix = "server administrator: let the server agree on h2 or http/1.1 (ALPN, RFC 7301), or ignore the extension; `openssl s_client -alpn h2,http/1.1` shows the same refusal"
			}
		}
		return []chain.Hit{{
			Message:  fmt.Sprintf("the server answers the hello %s with: %s; another hello gets its certificate", o.Hello, got),
			Evidence: []chain.Evid{{Field: "answer to " + o.Hello, Got: got, Want: "a ServerHello"}},
			Fix:      fix,
		}}
	}),
})

const alertNoApplicationProtocol = 120 // RFC 7301 section 3.2
