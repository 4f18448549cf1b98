package reach

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(messageSize)

var messageSize = &chain.Rule{
	ID: "reach-message-size", Level: chain.LevelATS, Otherwise: chain.LevelX509,
	Title:     "the list of certificates is longer than clients read",
	Sources:   []chain.Source{{Doc: "BoringSSL", Section: "ssl_max_handshake_message_len"}, {Doc: "OpenSSL", Section: "SSL_CTX_set_max_cert_list"}, {Doc: "RFC 8446", Section: "section 4.4.2"}},
	Explain:   "A client has to hold all certificates before it can judge one, so each has a limit on that message: 100 KiB in OpenSSL and in BoringSSL, Apple's and Google's clients among them, 32 KiB in Java. A server that sends more is cut off in the handshake, whatever its certificates are worth. As a rule somebody put a whole bundle of CAs into the file.",
	Advice:    []chain.Advice{{Who: "server administrator", Text: "send item 0 and the intermediates that lead to its root, and nothing else", Commands: []string{chain.FullChain}, Config: chain.SentFile()}},
	Apple:     chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9802},
	InsteadOf: []string{"ats-handshake"},
	Check: chain.PerObservation(func(c *chain.Case, o *chain.Observation) []chain.Hit {
		n := messageBytes(c, o)
		if o.Transport != chain.TransportTLS || n <= tlsname.MaxMessage {
			return nil
		}
		return []chain.Hit{{Message: fmt.Sprintf("the message with the %d certificates has %d bytes, and most clients read no more than %d", len(o.Sent), n, tlsname.MaxMessage),
			Evidence: []chain.Evid{{Field: "Certificate message", Got: fmt.Sprintf("%d bytes", n), Want: fmt.Sprintf("at most %d bytes", tlsname.MaxMessage)}}}}
	}),
}

// messageBytes is the size of the message; where a capture does not tell, of what
// is known to have been in it (RFC 5246 section 7.4.2).
func messageBytes(c *chain.Case, o *chain.Observation) int {
	if o.SentBytes > 0 {
		return o.SentBytes
	}
	const length = 3
	n := length
	for _, key := range o.Sent {
		n += length + len(c.Capture.Blobs[key])
	}
	return n
}
