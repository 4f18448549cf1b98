package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(keyUsageRule)

var keyUsageRule = &chain.Rule{
	ID:    "basic-key-usage",
	Level: chain.LevelX509,
	Title: "leaf's key usage does not fit TLS",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 4.2.1.3"},
		{Doc: "RFC 8446", Section: "section 4.4.2.2"},
	},
	Explain: "The keyUsage of the leaf, where it has one, has to allow what a TLS handshake does with the key: signing it, or for old RSA suites decrypting, or for static key agreement agreeing. " +
		"With none of these allowed the handshake itself fails, often with a bare TLS alert; without digitalSignature every one fails but that of static RSA.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with keyUsage=critical,digitalSignature (for RSA also keyEncipherment)", Issue: &chain.Issuing{With: []string{"keyUsage=critical,digitalSignature"}}}},
	Apple:     chain.AppleError{Class: chain.ClassUsage, Sec: -67608},
	InsteadOf: []string{"lint-cert-sign-without-ca", "lint-path-len"},
	Reads:     x509read.FieldKeyUsage,
	Check: chain.PerLeaf(func(c *chain.Case, it *chain.Item) []chain.Hit {
		ku := it.Cert.KeyUsage
		if ku == nil || c.Question.Purpose == chain.PurposeAny {
			return nil
		}
		if it.Cert.IsCA() {
			return nil // a CA certificate in the leaf's place is the certificate profile's matter
		}
		allowed, want := x509read.DigitalSignature|x509read.KeyEncipherment|x509read.KeyAgreement, "digitalSignature, keyEncipherment or keyAgreement"
		if c.Question.Purpose == chain.PurposeClient {
			allowed, want = x509read.DigitalSignature|x509read.KeyAgreement, "digitalSignature or keyAgreement"
		}
		fails := unsigned(c, it, ku)
		if ku.Bits&allowed != 0 && fails == "" {
			return nil
		}
		h := chain.Hit{
			Item:     it,
			Message:  "{item} does not allow its key to be used in a TLS handshake",
			Evidence: []chain.Evid{{Field: "keyUsage", Got: ku.String(), Want: want}},
		}
		if ku.Bits&allowed != 0 {
			h.AtMost, h.Evidence[0].Want = chain.Warning, "digitalSignature"
			h.Message = fmt.Sprintf("{item} does not allow its key to sign: %s", fails)
		}
		h.Try(chain.RepairReissue(it, func(x *x509read.Certificate) {
			x.KeyUsage = &x509read.KeyUsage{Bits: ku.Bits&^x509read.KeyCertSign | x509read.DigitalSignature, Critical: ku.Critical}
		}), "")
		return []chain.Hit{h}
	}),
}

// unsigned says which handshakes fail for want of digitalSignature; "": none. A
// handshake that was seen tells by itself (reach-key-usage).
func unsigned(c *chain.Case, it *chain.Item, ku *x509read.KeyUsage) string {
	switch {
	case ku.Bits&x509read.DigitalSignature != 0, c.Observation != nil && c.Observation.Outcome.Version != "":
		return ""
	case clientIdentity(c):
		return "BoringSSL and GnuTLS refuse what a client signs with it"
	case it.Cert.PublicKey.Type == x509read.RSA && ku.Bits&x509read.KeyEncipherment != 0:
		return "every handshake fails but that of static RSA, which App Transport Security does not offer"
	}
	return "every handshake of TLS 1.3 and with an ephemeral key exchange fails"
}
