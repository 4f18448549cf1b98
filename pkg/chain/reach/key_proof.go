package reach

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(keyProof)

var keyProof = &chain.Rule{
	ID: "reach-key-proof", Level: chain.LevelATS, Otherwise: chain.LevelX509,
	Title:   "the server did not prove that it holds item 0's key",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.4.3"}, {Doc: "RFC 5246", Section: "sections 7.4.3 and 7.4.9"}},
	Explain: "A certificate is public: anybody can send it. In the handshake the server signs with the private key of item 0, or with static RSA decrypts a secret by it, and a client goes on only when that has worked. A server that signs with another key, or ends the connection before it has shown that it holds this one, proves nothing, and no client talks to it.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "put the private key that belongs to item 0 beside its certificate; the two commands must print the same", Commands: []string{"openssl x509 -noout -pubkey -in cert.pem", "openssl pkey -pubout -in key.pem"},
		Config: []string{chain.Nginx + "ssl_certificate_key key.pem;", chain.Apache + "SSLCertificateKeyFile key.pem"}}},
	Apple:     chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9802},
	InsteadOf: []string{"ats-handshake"},
	Needs: func(c *chain.Case) bool { // what was tried is item 0's key: where that is a CA's, it says nothing
		leaf := c.Leaf()
		return leaf != nil && leaf.Index == 0 && c.Observation.Transport == chain.TransportTLS
	},
	Check: chain.PerObservation(checkKeyProof),
}

func checkKeyProof(c *chain.Case, o *chain.Observation) []chain.Hit {
	h := chain.Hit{Apple: chain.HandshakeError(&o.Outcome)}
	seen := func(got, want string) { h.Evidence = []chain.Evid{{Field: "proof of the key", Got: got, Want: want}} }
	unknown := func(message, who, advice string) {
		h.Status, h.Message = chain.Unknown, message
		h.Advise(who, advice)
	}
	why, unchecked := o.Outcome.KeyProof.Unchecked()
	const asker = "whoever runs this check"
	switch {
	case o.Outcome.KeyProof == chain.ProofVerified || brokeRule(o) && o.Outcome.KeyProof != chain.ProofWrong:
		return nil
	case o.Outcome.KeyProof == chain.ProofWrong:
		h.Item, h.Message = c.Leaf(), "the signature in the handshake was not made with the key of {item}"
		seen("wrong", "made with the key of item 0")
	case unchecked:
		unknown(fmt.Sprintf("whether the server holds item 0's key cannot be checked here: %s", why), asker, "check it with a client that knows the algorithm, such as that of the server's own library")
		seen("not checkable: "+why, "a signature that can be checked")
	case provedElsewhere(c, o):
		return nil
	case o.Outcome.ErrorKind == chain.ErrorTimeout:
		unknown("the server fell silent after its certificates, before it had proved that it holds item 0's key", asker, "ask again, with more time (--timeout 60s)")
		seen(o.Outcome.Error, "a handshake that comes to its end")
	case o.Outcome.ErrorKind != "":
		h.Message = fmt.Sprintf("%s, before the server had proved that it holds item 0's key", o.Outcome.Error)
		h.Short = "the server did not prove that it holds item 0's key"
		seen(o.Outcome.Error, "a handshake that comes to its end")
		h.Advise("server administrator", "read in the server's log why it ended this handshake: it showed a certificate, which anybody can, and not that it has the key")
	case o.ClientAuth != nil && o.ClientAuth.Mode != chain.ClientAuthNone:
		unknown(fmt.Sprintf("the server wants a client identity before it proves that it holds item 0's key (%s)", o.Outcome.Suite), asker, "give an identity that the server takes (--identity FILE)")
		seen("none without a client identity", "the server's Finished")
	default:
		unknown(fmt.Sprintf("this capture does not tell whether the server holds item 0's key (%s)", o.Outcome.Suite), asker, "ask the server again: the program that made the capture did not complete such a handshake")
		seen("none", "the server's Finished")
	}
	return []chain.Hit{h}
}

// provedElsewhere reports whether another handshake with the same server, as the
// one that shows it an identity, proved the key of the same item 0.
func provedElsewhere(c *chain.Case, o *chain.Observation) bool {
	return len(o.Sent) > 0 && slices.ContainsFunc(c.Capture.Observations, func(other chain.Observation) bool {
		return other.Outcome.KeyProof == chain.ProofVerified && len(other.Sent) > 0 && other.Sent[0] == o.Sent[0] && samePeer(c, &other)
	})
}

// brokeRule reports whether a handshake ended since the server broke a rule of
// TLS. Captures of before the alert was noted have an error of TLS and no alert.
func brokeRule(o *chain.Observation) bool {
	h, known := tlsname.HelloNamed(o.Hello)
	byUs := known && h.Sender == tlsname.Library // what crypto/tls says of its own
	return o.Outcome.Breach != nil || o.Outcome.ErrorKind == chain.ErrorTLS && o.Outcome.Alert == nil && !byUs
}
