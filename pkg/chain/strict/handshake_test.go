package strict

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// TestHandshake: what other hellos brought tells of a client's, and its own decides.
func TestHandshake(t *testing.T) {
	seen := func(hello, version string, suite tlsname.Suite) chain.Observation {
		return chain.Observation{Transport: chain.TransportTLS, Hello: hello, Sent: []string{"leaf"},
			Outcome: chain.Outcome{OK: true, Version: version, SuiteID: suite, Suite: suite.String()}}
	}
	refused := func(hello string, kind chain.ErrorKind) chain.Observation {
		return chain.Observation{Transport: chain.TransportTLS, Hello: hello, Outcome: chain.Outcome{Stage: chain.StageHello, ErrorKind: kind, Error: "no"}}
	}
	const static, ecdhe, gcm13 = tlsname.Suite(0x009c), tlsname.Suite(0xc02f), tlsname.Suite(0x1301)
	for _, tt := range []struct {
		about string
		hello string
		floor tlsname.Version
		all   []chain.Observation
		want  string // "", "unknown", or the kind
	}{
		{"TLS 1.3 with Apple", tlsname.HelloClientGo, tlsname.TLS12, []chain.Observation{seen(tlsname.HelloATS, "TLS 1.3", gcm13)}, ""},
		{"a suite that is offered", tlsname.HelloClientGo, tlsname.TLS12, []chain.Observation{seen(tlsname.HelloATS, "TLS 1.2", ecdhe)}, ""},
		{"a suite that is not", tlsname.HelloClientPython, tlsname.TLS12, []chain.Observation{seen(tlsname.HelloWide12, "TLS 1.2", static)}, "unknown"},
		{"another handshake shows one", tlsname.HelloClientPython, tlsname.TLS12,
			[]chain.Observation{seen(tlsname.HelloWide12, "TLS 1.2", static), seen(tlsname.HelloECDHE, "TLS 1.2", ecdhe)}, ""},
		{"too old", tlsname.HelloClientGo, tlsname.TLS12, []chain.Observation{seen(tlsname.HelloWide12, "TLS 1.0", static)}, "version"},
		{"old, and the client goes on", tlsname.HelloClientGnuTLS, tlsname.TLS10,
			[]chain.Observation{seen(tlsname.HelloWide12, "TLS 1.0", tlsname.Suite(0x002f))}, ""},
		{"its own is refused", tlsname.HelloClientGo, tlsname.TLS12,
			[]chain.Observation{seen(tlsname.HelloATS, "TLS 1.3", gcm13), refused(tlsname.HelloClientGo, chain.ErrorTLS)}, "refused"},
		{"its own is not answered", tlsname.HelloClientGo, tlsname.TLS12,
			[]chain.Observation{seen(tlsname.HelloATS, "TLS 1.3", gcm13), refused(tlsname.HelloClientGo, chain.ErrorTimeout)}, "unknown"},
		{"its own is answered", tlsname.HelloClientPython, tlsname.TLS12,
			[]chain.Observation{seen(tlsname.HelloWide12, "TLS 1.2", static), seen(tlsname.HelloClientPython, "TLS 1.2", ecdhe)}, ""},
		{"nobody asks", "", 0, []chain.Observation{seen(tlsname.HelloWide12, "TLS 1.0", static)}, ""},
	} {
		c := &chain.Case{Capture: &chain.Capture{Observations: tt.all}, Question: chain.Question{Hello: tt.hello, Floor: tt.floor}}
		got := ""
		if hits := checkHandshake(c, &tt.all[0]); len(hits) > 0 {
			if got = "unknown"; hits[0].Status != chain.Unknown {
				got = hits[0].Kinds[0]
			}
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.about, got, tt.want)
		}
	}
}
