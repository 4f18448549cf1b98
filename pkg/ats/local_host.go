package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(localHost)

var localHost = &chain.Rule{
	ID:    "ats-local-host",
	Level: chain.LevelATS,
	Title: "a local host: App Transport Security does not apply",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-30, ATS-31", Confidence: chain.ConfidenceTested},
		{Doc: "NSAllowsLocalNetworking", Section: "ATS-32", Confidence: chain.ConfidenceDocument},
	},
	Explain: "Names without a dot, names under .local and the addresses of this device are local, and App Transport Security leaves local hosts alone unless NSAllowsLocalNetworking is NO. Default trust evaluation stays: a self-signed certificate is still refused. The same server under a public name is judged more strictly.",
	Advice:  []chain.Advice{{Who: "whoever runs this check", Text: "use --name to judge the server under the name it will be deployed as"}},
	Check: chain.PerObservation(func(c *chain.Case, o *chain.Observation) []chain.Hit {
		d := decision(c)
		if !judged(c) || !connected(o) || d.Basis != basisLocal {
			return nil
		}
		return []chain.Hit{{Message: fmt.Sprintf("%s: App Transport Security asks nothing of it; --name judges the server under the name it will be deployed as", d.Why),
			Evidence: []chain.Evid{{Field: "name", Got: c.Question.Name, Want: "the name it will be deployed as"}}}}
	}),
}
