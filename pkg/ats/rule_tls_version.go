package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = Rules.Add(&chain.Rule{
	ID:    "ats-tls-version",
	Level: chain.LevelATS,
	Title: "the server's highest TLS version is below the floor",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-02, ATS-43", Confidence: chain.ConfidenceTested},
		{Doc: "SecProtocol.c", Section: "sec_protocol_options_get_default_min_tls_protocol_version; ATS-09", Confidence: chain.ConfidenceSource},
		{Doc: "RFC 8996"},
	},
	Explain: "App Transport Security wants TLS 1.2 at least, because TLS 1.0, TLS 1.1 and SSL 3.0 are deprecated and can be attacked. The handshake is never finished, so that trust in the certificate chain is not even evaluated; the app sees NSURLErrorDomain −1200 and the user that a secure connection could not be made. An app without App Transport Security keeps the floor of the SDK it is built with: TLS 1.2 from the SDKs of iOS 26 and macOS 26 on, TLS 1.0 before.",
	Remedy: chain.Remedy{Who: "server administrator",
		Text: "switch TLS 1.2 and 1.3 on (nginx: `ssl_protocols TLSv1.2 TLSv1.3;`, Apache: `SSLProtocol -all +TLSv1.2 +TLSv1.3`)"},
	Apple: chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9836},
	Check: chain.PerObservation(func(c *chain.Case, _ *chain.Observation) []chain.Hit {
		o, d := faultsOf(c).version, decision(c)
		if o == nil {
			return nil
		}
		fix := "server administrator: switch TLS 1.2 and 1.3 on (nginx: `ssl_protocols TLSv1.2 TLSv1.3;`, Apache: `SSLProtocol -all +TLSv1.2 +TLSv1.3`)"
		if d.Floor == tls13 {
			fix = "server administrator: switch TLS 1.3 on (nginx: `ssl_protocols TLSv1.2 TLSv1.3;`)"
		}
		message, why := fmt.Sprintf("the highest version the server speaks is %s, the floor is %s", o.Outcome.Version, d.FloorName()), d.Why
		if d.Off() {
			message += " without App Transport Security, too"
			why = "the floor of the SDK the app is built with"
		}
		return []chain.Hit{{
			Message:  message,
			Evidence: []chain.Evid{{Field: "version", Got: o.Outcome.Version, Want: d.FloorName() + " or later (" + why + ")"}},
			Fix:      withException(c, fix),
			Repair:   exceptionRepair(c),
		}}
	}),
})
