package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(tlsVersion)

var tlsVersion = &chain.Rule{
	ID:        "ats-tls-version",
	Level:     chain.LevelATS,
	Otherwise: chain.LevelX509,
	Title:     "the server's highest TLS version is below the floor",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-02, ATS-43", Confidence: chain.ConfidenceTested},
		{Doc: "SecProtocol.c", Section: "sec_protocol_options_get_default_min_tls_protocol_version; ATS-09", Confidence: chain.ConfidenceSource},
		{Doc: "RFC 8996"},
	},
	Explain: "TLS 1.0, TLS 1.1 and SSL 3.0 are deprecated and can be attacked. App Transport Security therefore has a floor, TLS 1.2 unless Info.plist says otherwise; where it does not apply, as for local hosts and Network.framework, the floor of the SDK the app is built with stays: TLS 1.2 from the SDKs of iOS 26 and macOS 26 on, TLS 1.0 before. Below the floor the handshake is never finished and trust in the certificate chain is not even evaluated: the app sees NSURLErrorDomain -1200.",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "switch TLS 1.2 and 1.3 on", Config: chain.ModernVersions()}},
	Apple:   chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9836},
	Check: chain.PerObservation(func(c *chain.Case, _ *chain.Observation) []chain.Hit {
		o, d := faultsOf(c).version, decision(c)
		if o == nil {
			return nil
		}
		fix := "switch TLS 1.2 and 1.3 on"
		if d.Floor == tlsname.TLS13 {
			fix = "switch TLS 1.3 on"
		}
		floor, why := "the floor", d.Why
		if d.off() {
			floor, why = "the SDK's own floor", "the SDK the app is built with"
		}
		advice := withException(c, chain.Advice{Who: "server administrator", Text: fix, Config: chain.ModernVersions()})
		if c.Question.For == forNetwork {
			advice[len(advice)-1].Text += ", the app sets another floor itself (sec_protocol_options_set_min_tls_protocol_version)"
		}
		return []chain.Hit{{
			Message:  fmt.Sprintf("the highest version the server speaks is %s, %s is %s", o.Outcome.Version, floor, d.floorName()),
			Evidence: []chain.Evid{{Field: "version", Got: o.Outcome.Version, Want: d.floorName() + " or later (" + why + ")"}},
			Advice:   advice,
		}}
	}),
}
