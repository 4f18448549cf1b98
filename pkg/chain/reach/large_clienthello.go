package reach

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(largeClienthello)

var largeClienthello = &chain.Rule{
	ID: "reach-large-clienthello", Level: chain.LevelATS, Severity: chain.Warning, Otherwise: chain.LevelX509,
	Title: "a ClientHello with a post-quantum key share is refused",
	Sources: []chain.Source{{Doc: "Apple 122756", Section: "quantum-secure TLS", Confidence: chain.ConfidenceDocument},
		{Doc: "draft-ietf-tls-hybrid-design", Section: "section 1.5"}},
	Explain:   "Since iOS 26 and macOS 26 the first message of a TLS connection carries a post-quantum key share and no longer fits one packet. A firewall, load balancer or server that expects it in one piece, or stumbles over the unknown group, drops the connection or answers with an alert: apps see a timeout or a failed connection, older systems connect.",
	Advice:    []chain.Advice{{Who: "server administrator", Text: "update the middlebox or server that cannot take the ClientHello with X25519MLKEM768; packet captures on both sides of it show which one drops or refuses it; OpenSSL 3.5 sends the like", Commands: []string{"openssl s_client -groups X25519MLKEM768:X25519 {server}"}}},
	Apple:     chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9806},
	InsteadOf: []string{"ats-handshake"},
	Check:     chain.PerList(checkLargeClientHello),
}

// checkLargeClientHello compares the two hellos that differ in ML-KEM alone. A
// platform that does not offer it connects: there the finding is a warning.
func checkLargeClientHello(c *chain.Case) []chain.Hit {
	var large, small *chain.Observation
	for _, o := range handshakes(c) {
		switch {
		case o.Hello == tlsname.HelloATS && answered(o):
			return nil
		case o.Hello == tlsname.HelloATS && large == nil:
			large = o
		case o.Hello == tlsname.HelloSmall && answered(o) && small == nil:
			small = o
		}
	}
	if large == nil || small == nil {
		return nil
	}
	h := chain.Hit{Message: "the ClientHello with the post-quantum key share gets no answer, the same one without it does",
		Evidence: []chain.Evid{{Field: "with X25519MLKEM768" + size(large), Got: large.Outcome.Error, Want: "an answer, as without it" + size(small) + ": " + small.Outcome.Version}},
		Apple:    chain.HandshakeError(&large.Outcome)}
	if large.Outcome.Alert != nil {
		h.Message = "the ClientHello with the post-quantum key share is refused, the same one without it is not"
	}
	if !chain.OffersMLKEM(c.Question.Platform) {
		h.AtMost = chain.Warning
	}
	return []chain.Hit{h}
}

// size is " (1510 bytes)", "" where the capture does not say.
func size(o *chain.Observation) string {
	if o.HelloBytes == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d bytes)", o.HelloBytes)
}
