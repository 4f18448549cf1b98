package reach

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(intermittent)

var intermittent = &chain.Rule{
	ID: "reach-intermittent", Level: chain.LevelATS, Severity: chain.Warning,
	Title:   "the same ClientHello is not answered every time",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.1.2"}},
	Explain: "The very same first message was refused, or got no answer, at one time and was answered at another. Behind one address there are often several machines, and one of them is down, overloaded or set up differently; some connections of every app fail, and the next try may succeed.",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "look for the refused handshake in the logs of every machine behind this address, and compare their versions and settings"}},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		var failed, succeeded *chain.Observation
		for _, o := range handshakes(c) {
			switch {
			case o.Hello != tlsname.HelloATS:
			case answered(o):
				succeeded = o
			default:
				failed = o
			}
		}
		if failed == nil || succeeded == nil {
			return nil
		}
		return []chain.Hit{{Message: "the same ClientHello was answered at one time and not at another",
			Evidence: []chain.Evid{{Field: "another time", Got: failed.Outcome.Error, Want: "an answer (" + succeeded.Outcome.Version + ")"}}}}
	}),
}
