package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(signatureAlgorithm)

var signatureAlgorithm = &chain.Rule{
	ID:        "ats-signature-algorithm",
	Level:     chain.LevelATS,
	Otherwise: chain.LevelX509,
	Title:     "no signature algorithm for the handshake in common",
	Sources: []chain.Source{
		{Doc: "RFC 8446", Section: "section 4.2.3"},
		{Doc: "URLSession's ClientHello", Section: "signature_algorithms", Confidence: chain.ConfidenceField},
	},
	Explain: "In the handshake the server signs with the key of item 0, to prove that it holds the digital identity and not just the certificate. Apple's hello lists the algorithms it can verify: ECDSA with P-256 and SHA-256 or P-384 and SHA-384, RSA-PSS and RSA PKCS #1. A server that has no other than SHA-1 with ECDSA, or whose key is Ed25519, RSA-PSS, of another curve, or P-521 in TLS 1.3, cannot answer, and the handshake ends before trust is evaluated.",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "use a P-256, P-384 or RSA 2048 key, and let OpenSSL sign with SHA-256 (`SignatureAlgorithms = ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256`)"}},
	Apple:   chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9824},
	Check: chain.PerObservation(func(c *chain.Case, _ *chain.Observation) []chain.Hit {
		o := faultsOf(c).signature
		if o == nil {
			return nil
		}
		h := chain.Hit{Advice: withException(c, chain.Advice{Who: "server administrator", Text: "use a P-256, P-384 or RSA 2048 key, and let the server sign with SHA-256 or better"})}
		if keyKnown(c, o) {
			name := o.Outcome.SignatureID.String()
			h.Message = fmt.Sprintf("in %s the server signs the handshake only with %s, which no Apple platform offers", o.Outcome.Version, name)
			h.Evidence = []chain.Evid{{Field: "signature algorithm", Got: name, Want: "ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, rsa_pss_rsae_* or rsa_pkcs1_*"}}
		} else {
			key := keyName(c.Leaf().Cert.PublicKey)
			h.Item = c.Leaf()
			h.Message = fmt.Sprintf("in %s the key of {item}, %s, can make no signature that Apple platforms offer to verify", o.Outcome.Version, key)
			h.Evidence = []chain.Evid{{Field: "key of item 0", Got: key, Want: "P-256, P-384 or RSA 2048"}}
		}
		return []chain.Hit{h}
	}),
}

// keyName is "P-521", "Ed25519" …
func keyName(k x509read.PublicKey) string {
	if k.Type == x509read.ECDSA {
		return k.Curve
	}
	return string(k.Type)
}
