package reach

import (
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

func TestLargeClientHello(t *testing.T) {
	silent := chain.Observation{Transport: "tls", Hello: "apple-ats", Outcome: chain.Outcome{ErrorKind: "timeout", Error: "no answer"}}
	alert := tlsname.HandshakeFailure
	refused := chain.Observation{Transport: "tls", Hello: "apple-ats", Outcome: chain.Outcome{ErrorKind: "tls", Alert: &alert}}
	small := chain.Observation{Transport: "tls", Hello: "apple-small", Outcome: chain.Outcome{OK: true, Version: "TLS 1.3"}}
	smallSilent := chain.Observation{Transport: "tls", Hello: "apple-small", Outcome: chain.Outcome{ErrorKind: "timeout"}}
	large := chain.Observation{Transport: "tls", Hello: "apple-ats", Outcome: chain.Outcome{OK: true, Version: "TLS 1.3"}}
	unreached := chain.Observation{Transport: "tls", Hello: "apple-ats", Outcome: chain.Outcome{Stage: "connect", ErrorKind: "refused"}}
	for name, c := range map[string]struct {
		seen     []chain.Observation
		platform string
		want     string // part of the message; "": silent
		code     int    // SSL
		atMost   chain.Severity
	}{
		"silence":                        {[]chain.Observation{silent, small, silent}, "ios26", "gets no answer", 0, ""},
		"an alert":                       {[]chain.Observation{refused, small, refused}, "ios26", "is refused", -9824, ""},
		"a system without ML-KEM":        {[]chain.Observation{refused, small}, "ios18", "is refused", -9824, chain.Warning},
		"neither is answered":            {[]chain.Observation{silent, smallSilent}, "ios26", "", 0, ""},
		"the large one is answered then": {[]chain.Observation{refused, small, large}, "ios26", "", 0, ""},
		"only the small one was said":    {[]chain.Observation{small}, "ios26", "", 0, ""},
		"the first found no server":      {[]chain.Observation{unreached, small}, "ios26", "", 0, ""},
	} {
		hits := checkLargeClientHello(&chain.Case{Question: chain.Question{Platform: c.platform}, Capture: &chain.Capture{Observations: c.seen}})
		if len(hits) > 0 != (c.want != "") {
			t.Errorf("%s: %d hits", name, len(hits))
			continue
		}
		if len(hits) > 0 && (!strings.Contains(hits[0].Message, c.want) || hits[0].Apple.SSL != c.code || hits[0].AtMost != c.atMost) {
			t.Errorf("%s: %+v", name, hits[0])
		}
	}
}

// The sizes are told where the capture has them.
func TestLargeClientHelloSizes(t *testing.T) {
	large := chain.Observation{Transport: "tls", Hello: "apple-ats", HelloBytes: 1510, Outcome: chain.Outcome{ErrorKind: "timeout", Error: "no answer"}}
	small := chain.Observation{Transport: "tls", Hello: "apple-small", HelloBytes: 290, Outcome: chain.Outcome{OK: true, Version: "TLS 1.3"}}
	hits := checkLargeClientHello(&chain.Case{Capture: &chain.Capture{Observations: []chain.Observation{large, small}}})
	if e := hits[0].Evidence[0]; !strings.HasSuffix(e.Field, "(1510 bytes)") || !strings.Contains(e.Want, "(290 bytes): TLS 1.3") {
		t.Errorf("%+v", e)
	}
}
