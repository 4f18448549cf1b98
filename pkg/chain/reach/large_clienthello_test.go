package reach

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestLargeClientHello(t *testing.T) {
	silent := chain.Observation{Transport: "tls", Hello: "apple-ats", Outcome: chain.Outcome{ErrorKind: "timeout", Error: "no answer"}}
	alert := 40
	refused := chain.Observation{Transport: "tls", Hello: "apple-ats", Outcome: chain.Outcome{ErrorKind: "tls", Alert: &alert}}
	small := chain.Observation{Transport: "tls", Hello: "apple-small", Outcome: chain.Outcome{OK: true, Version: "TLS 1.3"}}
	smallSilent := chain.Observation{Transport: "tls", Hello: "apple-small", Outcome: chain.Outcome{ErrorKind: "timeout"}}
	for name, c := range map[string]struct {
		seen  []chain.Observation
		fires bool
	}{
		"only the small one is answered":  {[]chain.Observation{silent, small}, true},
		"neither is answered":             {[]chain.Observation{silent, smallSilent}, false},
		"the large one is answered first": {[]chain.Observation{refused, small}, false},
		"only the small one was said":     {[]chain.Observation{small}, false},
	} {
		var check chain.PerList
		for _, r := range Rules {
			if r.ID == "reach-large-clienthello" {
				check = r.Check.(chain.PerList)
			}
		}
		if hits := check(&chain.Case{Capture: &chain.Capture{Observations: c.seen}}); (len(hits) > 0) != c.fires {
			t.Errorf("%s: %d hits", name, len(hits))
		}
	}
}
