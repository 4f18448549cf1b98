package mtls

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(answerUnknown)

var answerUnknown = &chain.Rule{
	ID: "mtls-answer-unknown", Level: chain.LevelIdentity,
	Title: "what the server makes of the identity is not known",
	Sources: []chain.Source{{Doc: "RFC 9110", Section: "sections 15.5.2 and 15.5.4"}, {Doc: "RFC 8446", Section: "section 4.4.2.4"},
		{Doc: "CFNetwork", Section: "M-06", Confidence: chain.ConfidenceField}},
	Explain:  "In TLS 1.3 a client has finished before the server looks at its identity, so that only an alert, a page or the end of the connection tells what became of it. HTTP 401 and 403 may be about the identity, about the user or about the path; nothing at all, or a reset, tells even less. Apple platforms show HTTP 403 on a connection with an identity as -1206.",
	Advice:   []chain.Advice{{Who: "server administrator", Text: "read the server's log for the moment of the attempt; ask for another path with --path, or wait longer with --timeout", Config: serverLog()}},
	Needs:    identityShown,
	Instants: chain.AtValidity,
	Check:    chain.PerList(checkUnknown),
}

func checkUnknown(c *chain.Case) []chain.Hit {
	now, _ := attempts(c)
	var h chain.Hit
	var reasons []reason
	for _, o := range withFate(now, chain.FateUnknown) {
		p := o.Presented
		if postHandshake(p) || keyUnusable(c, o) {
			continue
		}
		if h.Message == "" {
			h = chain.Hit{Status: chain.Unknown, Message: unknownMessage(p)}
			if p.Status == 403 && len(p.Sent) > 0 {
				h.Apple = chain.AppleError{Class: chain.ClassTLS, URL: -1206}
			}
			reasons = preflight(c, o)
		}
		if len(p.Sent) == 0 {
			h.Advise("whoever runs this check", "try it with another client; handshakes with an identity are made by Go's crypto/tls here, and it did not come that far", "openssl s_client {server} -cert client.pem -key client.key")
			h.Evidence = append(h.Evidence, evidence(o, "a handshake as far as the request for an identity"))
			continue
		}
		h.Evidence = append(h.Evidence, evidence(o, "an alert, a page about the certificate, or an answer to the request"))
	}
	if h.Message == "" {
		return nil
	}
	h.Evidence = append(h.Evidence, asEvidence(reasons)...)
	if h.Advice == nil && len(reasons) > 0 {
		h.Advice = append(steps(reasons), chain.Advice{Who: "server administrator", Text: "the server's log says whether that was it"})
	}
	if len(withFate(now, chain.FateUnknown)) < len(now) { // another way has an answer
		h.AtMost = chain.Warning
	}
	return []chain.Hit{h}
}

func unknownMessage(p *chain.Presented) string {
	if p.Status != 0 {
		return fmt.Sprintf("the server answered the request with HTTP %d, which may be about the identity or not", p.Status)
	}
	if len(p.Sent) == 0 {
		return fmt.Sprintf("the identity was not sent: %s", answer(p))
	}
	return fmt.Sprintf("the server was sent the identity, and nothing says what became of it: %s", answer(p))
}
