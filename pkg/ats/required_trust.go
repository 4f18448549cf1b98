package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(requiredTrust)

var requiredTrust = &chain.Rule{
	ID:    "ats-required-trust",
	Level: chain.LevelATS,
	Title: "the server shows no certificate to trust",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "trusted peer certificate required; ATS-02, ATS-23", Confidence: chain.ConfidenceTested},
		{Doc: "RFC 4279"},
	},
	Explain: "The server speaks TLS-PSK: it proves itself by a pre-shared key, so there is no certificate, no chain of trust and nothing to evaluate. App Transport Security demands a trusted certificate of every server, and URLSession cannot do TLS-PSK at all; Network.framework can.",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "serve TLS-PKI, with a certificate chain, beside the pre-shared key"}, {Who: "app developer", Text: "or speak to it with Network.framework (sec_protocol_options_add_pre_shared_key)"}},
	Apple:   chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9824},
	Check: chain.PerObservation(func(c *chain.Case, _ *chain.Observation) []chain.Hit {
		o := faultsOf(c).keyless
		if o == nil {
			return nil
		}
		return []chain.Hit{{
			Message:  fmt.Sprintf("the server proves itself by a pre-shared key (%s) and sends no certificate", o.Outcome.Suite),
			Evidence: []chain.Evid{{Field: "suite", Got: o.Outcome.Suite, Want: "a suite with a certificate"}},
		}}
	}),
}
