package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(localUnknown)

var localUnknown = &chain.Rule{
	ID:    "ats-local-unknown",
	Level: chain.LevelATS,
	Title: "whether the host counts as local is not known",
	Sources: []chain.Source{
		{Doc: "NSAllowsLocalNetworking", Section: "ATS-32", Confidence: chain.ConfidenceDocument},
		{Doc: "App Transport Security", Section: "ATS-33", Confidence: chain.ConfidenceField},
	},
	Explain: "From iOS 17 and macOS 14 on an app says with NSAllowsLocalNetworking that it speaks to addresses of the local network. Without the key reports differ: a measurement on macOS 26.4 was let through, others were refused with -1200; Apple says of http://127.0.0.1 that it is refused, while its own tests allow it. The classifier is closed code. " +
		"Here the answer depends on it, so that it is not known.",
	Advice: []chain.Advice{
		{Who: "app developer", Text: "say so in Info.plist: NSAllowsLocalNetworking = YES makes private and link-local addresses local, NO makes none; or ask on a device"},
		{Who: "server administrator", Text: "or serve the host so that App Transport Security has nothing against it"},
	},
	Apple: chain.AppleError{Class: chain.ClassTLS, URL: -1200, SSL: -9802},
	Check: chain.PerObservation(func(c *chain.Case, _ *chain.Observation) []chain.Hit {
		d := decision(c)
		if !judged(c) || d.Basis != basisEither {
			return nil
		}
		q := c.Question
		a, _ := address(host(q))
		why := shortfall(c, *d.Else)
		return []chain.Hit{{Status: chain.Unknown,
			Message: fmt.Sprintf("%s is %s and NSAllowsLocalNetworking is absent: if it counts as local the connection goes through, if not App Transport Security refuses it (%s)", host(q), kindOf(a), why),
			Evidence: []chain.Evid{{Field: "if local", Got: "nothing is asked", Want: "nothing"},
				{Field: "if not local", Got: why, Want: d.Else.Why}},
			Advice: []chain.Advice{{Who: "app developer", Text: "say so in Info.plist: with this key private and link-local addresses are local, with NO none is\n" + localNetworkingXML},
				{Who: "server administrator", Text: "or serve the host so that App Transport Security has nothing against it"}}}}
	}),
}
