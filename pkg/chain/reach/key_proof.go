package reach

import (
	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(&chain.Rule{
	ID: "reach-key-proof", Level: chain.LevelATS, Otherwise: chain.LevelX509,
	Title:     "the server did not prove that it holds item 0's key",
	Sources:   []chain.Source{{Doc: "RFC 8446", Section: "section 4.4.3"}, {Doc: "RFC 5246", Section: "section 7.4.3"}},
	Explain:   "A certificate is public: anybody can send it. In the handshake the server signs with the private key of item 0, and a client goes on only when that signature verifies. Here it does not, so whoever answered holds another key than the certificate's, and every client ends the connection.",
	Advice:    []chain.Advice{{Who: "server administrator", Text: "put the private key that belongs to item 0 beside its certificate (nginx: ssl_certificate_key, Apache: SSLCertificateKeyFile); the two commands must print the same", Commands: []string{"openssl x509 -noout -pubkey -in cert.pem", "openssl pkey -pubout -in key.pem"}}},
	Apple:     chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9802},
	InsteadOf: []string{"ats-handshake"},
	Needs: func(c *chain.Case) bool { // what was tried is item 0's key: where that is a CA's, it says nothing
		leaf := c.Leaf()
		if leaf == nil || leaf.Index > 0 {
			return false
		}
		proof := c.Observation.Outcome.KeyProof
		return proof == chain.ProofVerified || proof == chain.ProofWrong
	},
	Check: chain.PerObservation(func(c *chain.Case, o *chain.Observation) []chain.Hit {
		if o.Outcome.KeyProof != chain.ProofWrong {
			return nil
		}
		return []chain.Hit{{Item: c.Leaf(), Message: "the signature in the handshake was not made with item 0's key",
			Evidence: []chain.Evid{{Field: "handshake signature", Got: "wrong", Want: "made with the key of item 0"}}}}
	}),
})
