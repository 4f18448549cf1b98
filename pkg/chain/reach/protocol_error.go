package reach

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(protocolErrorRule)

var protocolErrorRule = &chain.Rule{
	ID: "reach-protocol-error", Level: chain.LevelATS, Otherwise: chain.LevelX509,
	Title:     "the server breaks a rule of TLS in the handshake",
	Sources:   []chain.Source{{Doc: "RFC 8446", Section: "sections 4 and 6.2"}, {Doc: "RFC 5246", Section: "section 7"}, {Doc: "BoringSSL", Section: "ssl/tls13_client.cc, ssl/handshake_client.cc, ssl/extensions.cc"}},
	Explain:   "TLS says which message follows which, what each may hold, and which fields have to repeat what the client said. A client that meets anything else cannot know what it is talking to, so it sends an alert and ends the connection before trust is evaluated: an app gets a failed connection, however good the certificates are. It is a fault of the server's TLS code, or of a middlebox that changes the handshake.",
	Advice:    []chain.Advice{{Who: "server administrator", Text: "update the server's TLS library, or the middlebox, proxy or accelerator before it; the same check at the server itself, past the middlebox, shows which of the two it is"}},
	Apple:     chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9802},
	InsteadOf: []string{"ats-handshake", "reach-intermittent"},
	Check:     chain.PerObservation(checkProtocolError),
}

// checkProtocolError looks at the handshake that showed the certificates, then
// at those with Apple's hellos: another hello may have got around the fault.
func checkProtocolError(c *chain.Case, judged *chain.Observation) []chain.Hit {
	if judged.Transport != chain.TransportTLS || judged.Outcome.KeyProof == chain.ProofWrong {
		return nil
	}
	if brokeRule(judged) {
		return []chain.Hit{protocolError(judged)}
	}
	if o := judged.Outcome; o.KeyProof == chain.ProofVerified && !o.OK && o.ErrorKind != chain.ErrorTimeout {
		return []chain.Hit{{Message: fmt.Sprintf("the handshake does not come to its end: %s", o.Error), Short: "the handshake does not come to its end",
			Evidence: []chain.Evid{{Field: "handshake", Got: o.Error, Want: "the server's Finished"}}, Apple: chain.HandshakeError(&o)}}
	}
	succeeded := map[string]bool{}
	for _, o := range handshakes(c) {
		succeeded[o.Hello] = succeeded[o.Hello] || o.Outcome.OK
	}
	for _, o := range handshakes(c) {
		if h, known := tlsname.HelloNamed(o.Hello); known && h.Sender == tlsname.Apple && brokeRule(o) && !succeeded[o.Hello] {
			return []chain.Hit{protocolError(o)}
		}
	}
	return nil
}

func protocolError(o *chain.Observation) chain.Hit {
	want := "a handshake by the rules"
	if o.Outcome.Breach != nil {
		want += ": a client ends this one with alert " + o.Outcome.Breach.Numbered()
	}
	return chain.Hit{Message: fmt.Sprintf("in the handshake the server %s", o.Outcome.Error), Evidence: []chain.Evid{{Field: "answer to " + o.Hello, Got: o.Outcome.Error, Want: want}}}
}
