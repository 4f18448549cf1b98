package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = Rules.Add(&chain.Rule{
	ID:    "ats-signature-algorithm",
	Level: chain.LevelATS,
	Title: "the handshake is signed with an algorithm not offered",
	Sources: []chain.Source{
		{Doc: "RFC 8446", Section: "section 4.2.3"},
		{Doc: "URLSession's ClientHello", Section: "signature_algorithms", Confidence: chain.ConfidenceField},
	},
	Explain: "In the handshake the server signs with the key of item 0, to prove that it holds the digital identity and not just the certificate. Apple's hello lists the algorithms it can verify: ECDSA with P-256 and SHA-256 or P-384 and SHA-384, RSA-PSS and RSA PKCS #1. A server that has no other than SHA-1 with ECDSA, or a P-521 key in TLS 1.3, cannot answer.",
	Remedy: chain.Remedy{Who: "server administrator",
		Text: "use a P-256 or RSA 2048 key, and let OpenSSL sign with SHA-256 (`SignatureAlgorithms = ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256`)"},
	Apple: chain.AppleError{Class: chain.ClassTLS, URL: -1200, SSL: -9824},
	Check: chain.PerObservation(func(c *chain.Case, _ *chain.Observation) []chain.Hit {
		o := faultsOf(c).signature
		if o == nil {
			return nil
		}
		name := signatureName(o.Outcome.SignatureID)
		return []chain.Hit{{
			Message:  fmt.Sprintf("in %s the server signs the handshake only with %s, which no Apple platform offers", o.Outcome.Version, name),
			Evidence: []chain.Evid{{Field: "signature algorithm", Got: name, Want: "ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, rsa_pss_rsae_* or rsa_pkcs1_*"}},
			Fix:      withException(c, "server administrator: use a P-256 or RSA 2048 key, and let the server sign with SHA-256 or better"),
		}}
	}),
})

// signatureName names the SignatureSchemes that Apple's hello lacks.
func signatureName(id uint16) string {
	switch id {
	case 0x0203:
		return "ecdsa_sha1"
	case 0x0202:
		return "dsa_sha1"
	case 0x0303:
		return "ecdsa_sha224"
	case 0x0301:
		return "rsa_pkcs1_sha224"
	case 0x0101:
		return "rsa_pkcs1_md5"
	case 0x0603:
		return "ecdsa_secp521r1_sha512"
	}
	return fmt.Sprintf("signature scheme 0x%04x", id)
}
