package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(offRule)

var offRule = &chain.Rule{
	ID:    "ats-off",
	Level: chain.LevelATS,
	Title: "Info.plist switches App Transport Security off here",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-20, ATS-22, ATS-23", Confidence: chain.ConfidenceTested},
		{Doc: "NSAppTransportSecurity", Section: "ATS-50", Confidence: chain.ConfidenceDocument},
	},
	Explain: "The app's own Info.plist has taken this host out of App Transport Security, with NSAllowsArbitraryLoads, for its web views with NSAllowsArbitraryLoadsInWebContent, or with NSExceptionAllowsInsecureHTTPLoads. The level passes because nothing is asked, not because the server is good; App Review wants a justification for these keys. Default trust evaluation is still made, only the app may loosen it now.",
	Advice:  []chain.Advice{{Who: "app developer", Text: "remove the key once the server meets App Transport Security; check without --info-plist to see whether it does"}},
	Check: chain.PerObservation(func(c *chain.Case, o *chain.Observation) []chain.Hit {
		d := decision(c)
		if !judged(c) || !connected(o) || d.Basis == basisLocal || d.Basis == basisEither || d.Basis == basisBuiltin || d.Required {
			return nil
		}
		message := ""
		switch {
		case d.Basis == basisArbitrary && d.Floor > tlsname.TLS10:
			message = fmt.Sprintf("%s switches App Transport Security off for this host; the SDK's own floor of %s stays", d.Why, d.floorName())
		case d.Basis == basisArbitrary:
			message = fmt.Sprintf("%s switches App Transport Security off for this host", d.Why)
		case d.Listed:
			message = fmt.Sprintf("%s: App Transport Security is off for this host, but its list of suites and its floor of %s stay", d.Why, d.floorName())
		default:
			message = fmt.Sprintf("%s: App Transport Security is off for this host, but its floor of %s stays", d.Why, d.floorName())
		}
		return []chain.Hit{{Message: message}}
	}),
}
