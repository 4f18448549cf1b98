package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(handshake)

var handshake = &chain.Rule{
	ID:        "ats-handshake",
	Level:     chain.LevelATS,
	Otherwise: chain.LevelX509,
	Title:     "the server refuses the hello that URLSession sends",
	Sources: []chain.Source{
		{Doc: "RFC 8446", Section: "section 6.2"},
		{Doc: "URLSession's ClientHello", Section: "as a whole", Confidence: chain.ConfidenceField},
	},
	Explain: "The hello with which an Apple platform asks comes to nothing, although version, suite, group and signature algorithms fit as far as the handshakes tell. Something else must be in its way: application protocols the server does not know, a middlebox, or an answer that does not come to its end within the time. Other clients may connect all the same; the app gets -1200.",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "look for the refused handshake in the server's log, and for a middlebox or a rule that judges hellos; compare with what OpenSSL gets", Commands: []string{"openssl s_client -alpn h2,http/1.1 {server}"}}},
	Apple:   chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9802},
	Check: chain.PerObservation(func(c *chain.Case, _ *chain.Observation) []chain.Hit {
		f := faultsOf(c)
		switch o := f.handshake; {
		case o != nil:
			got := ending(o)
			return []chain.Hit{{
				Message:  fmt.Sprintf("the hello %s comes to nothing: %s; another hello gets certificates", o.Hello, got),
				Evidence: []chain.Evid{{Field: "answer to " + o.Hello, Got: got, Want: "a handshake that is finished"}},
				Advice:   handshakeAdvice(o),
				Apple:    chain.HandshakeError(&o.Outcome),
			}}
		case f.unseen:
			return []chain.Hit{undecided(serverOf(c))}
		}
		return nil
	}),
}

// undecided is the finding where no handshake of the capture tells.
func undecided(s *server) chain.Hit {
	h := chain.Hit{Status: chain.Unknown, Message: "no handshake with a hello that an Apple platform sends was seen to end",
		Evidence: []chain.Evid{{Field: "hello", Got: "none of an Apple platform", Want: tlsname.HelloATS + ", answered"}},
		Advice:   []chain.Advice{{Who: "whoever runs this check", Text: "ask the server itself: judge its address instead of a capture"}}}
	if len(s.silent) > 0 {
		o := s.silent[0]
		h.Message = fmt.Sprintf("the hello %s had not come to an end when the time was up", o.Hello)
		h.Evidence = []chain.Evid{{Field: "answer to " + o.Hello, Got: ending(o), Want: "a handshake that is finished"}}
		h.Advise("whoever runs this check", "ask again, with more time (--timeout 60s)")
	}
	return h
}

// ending says how a handshake that was not finished ended.
func ending(o *chain.Observation) string {
	text := o.Outcome.Error
	switch {
	case text != "":
	case o.Outcome.Alert != nil:
		text = fmt.Sprintf("TLS alert %d", *o.Outcome.Alert)
	default:
		text = "the connection closed"
	}
	tells := o.Outcome.Error != "" && o.Outcome.ErrorKind != chain.ErrorTLS // how far it had come
	if len(o.Sent) > 0 && !tells {
		text += ", after its certificates"
	}
	return text
}

// handshakeAdvice is the advice for the alerts that name their reason.
func handshakeAdvice(o *chain.Observation) []chain.Advice {
	if o.Outcome.Alert == nil {
		return nil
	}
	switch *o.Outcome.Alert {
	case tlsname.NoApplicationProtocol:
		return []chain.Advice{{Who: "server administrator", Text: "let the server agree on h2 or http/1.1 (ALPN, RFC 7301), or ignore the extension; OpenSSL shows the same refusal", Commands: []string{"openssl s_client -alpn h2,http/1.1 {server}"}}}
	case tlsname.ProtocolVersion:
		return []chain.Advice{{Who: "server administrator", Text: "update the server, or the middlebox before it: a client that offers TLS 1.3 beside TLS 1.2 is to be answered in the version that both have (RFC 8446 section 4.2.1)"}}
	}
	return nil
}
