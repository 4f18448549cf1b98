package strict

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(handshakeRule)

var handshakeRule = &chain.Rule{
	ID:       "strict-handshake",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "server and client agree on no version, suite or group",
	Sources:  []chain.Source{{Doc: "RFC 8446", Section: "sections 4.1.1 and 9.1"}, {Doc: "RFC 5246", Section: "section 7.4.1.3"}},
	Explain:  "Before any certificate is judged, client and server have to agree on a version of TLS, a cipher suite and a key exchange group, and the server has to sign by something the client offers. Every client offers its own selection: Python no static RSA, Chrome neither P-521 nor Edwards curves, Go no DHE. Where nothing is left in common the connection ends with an alert, and no certificate would help.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "offer TLS 1.3 and 1.2, ECDHE suites with AES-GCM, and the groups X25519 and P-256",
		Config: []string{chain.NginxVersions, chain.ApacheVersions, chain.NginxSuites, chain.ApacheSuites}}},
	Check: chain.PerObservation(checkHandshake),
}

// checkHandshake asks whether the client whose hello the question names goes
// through. Where that hello was said, its answer decides; else what the server
// agreed on with others is compared with what the client offers.
func checkHandshake(c *chain.Case, o *chain.Observation) []chain.Hit {
	h, known := tlsname.HelloNamed(c.Question.Hello)
	if !known || o.Transport != chain.TransportTLS {
		return nil
	}
	for i := range c.Capture.Observations {
		own := &c.Capture.Observations[i]
		if tlsname.BaseHello(own.Hello) != h.Name || own.Network != o.Network || own.ServerName != o.ServerName {
			continue
		}
		switch {
		case answered(own) && (len(own.Sent) > 0 || own.Outcome.OK):
			return belowFloor(c, own)
		case own.Outcome.ErrorKind == chain.ErrorTimeout:
			return open("the server had not answered this client's own hello within the time", own.Hello)
		}
		return []chain.Hit{{Message: fmt.Sprintf("the server refuses this client's own hello: %s", own.Outcome.Error), Kinds: []string{"refused"},
			Evidence: []chain.Evid{{Field: "hello " + h.Name, Got: own.Outcome.Error, Want: "a ServerHello"}}}}
	}
	if !answered(o) {
		return nil
	}
	return compare(c, &h, o)
}

func answered(o *chain.Observation) bool { return o.Outcome.Version != "" }

func open(message, hello string) []chain.Hit {
	return []chain.Hit{{Status: chain.Unknown, Message: message, Evidence: []chain.Evid{{Field: "hello", Got: hello, Want: "the answer to this client's own (--thorough)"}}}}
}

// belowFloor: some clients offer versions with which they do not go through.
func belowFloor(c *chain.Case, o *chain.Observation) []chain.Hit {
	if tlsname.VersionNamed(o.Outcome.Version) >= c.Question.Floor {
		return nil
	}
	return []chain.Hit{{Message: fmt.Sprintf("the server agrees on %s, which this client does not go through with", o.Outcome.Version), Kinds: []string{"version"},
		Evidence: []chain.Evid{{Field: "version", Got: o.Outcome.Version, Want: "at least " + c.Question.Floor.String()}}}}
}

// compare tells from the answers to other hellos whether this one would do. A
// server that speaks TLS 1.3 is taken to have what RFC 8446 section 9.1 makes
// mandatory; below that the suite decides.
func compare(c *chain.Case, h *tlsname.Hello, judged *chain.Observation) []chain.Hit {
	v := tlsname.VersionNamed(judged.Outcome.Version)
	switch {
	case v == tlsname.TLS13 && h.Offers(v):
		return nil
	case v < c.Question.Floor:
		return belowFloor(c, judged)
	}
	for i := range c.Capture.Observations {
		o := &c.Capture.Observations[i]
		if o.Network != judged.Network || !answered(o) || len(o.Sent) == 0 {
			continue
		}
		if w := tlsname.VersionNamed(o.Outcome.Version); w >= c.Question.Floor && h.Offers(w) && slices.Contains(h.Suites, o.Outcome.SuiteID) {
			return nil
		}
	}
	return open(fmt.Sprintf("the server agreed on %s with %s, which this client does not offer; what it would agree on with it is not known", judged.Outcome.Version, judged.Outcome.Suite), judged.Hello)
}
