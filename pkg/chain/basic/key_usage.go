package basic

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(&chain.Rule{
	ID:    "basic-key-usage",
	Level: chain.LevelX509,
	Title: "leaf's key usage does not fit TLS",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 4.2.1.3"},
		{Doc: "RFC 8446", Section: "section 4.4.2.2"},
	},
	Explain: "The keyUsage of the leaf, where it has one, has to allow what a TLS handshake does with the key: signing it, or for old RSA suites decrypting, or for static key agreement agreeing. " +
		"With none of these allowed the handshake itself fails, often with a bare TLS alert.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue the certificate again with keyUsage=critical,digitalSignature in openssl.cnf (for RSA also keyEncipherment)"}},
	Apple:     chain.AppleError{Class: chain.ClassUsage, Sec: -67608},
	InsteadOf: []string{"lint-cert-sign-without-ca", "lint-path-len"},
	Reads:     x509read.FieldKeyUsage,
	Check: chain.PerLeaf(func(c *chain.Case, it *chain.Item) []chain.Hit {
		ku := it.Cert.KeyUsage
		if ku == nil || c.Question.Purpose == chain.PurposeAny {
			return nil
		}
		if bc := it.Cert.BasicConstraints; bc != nil && bc.CA {
			return nil // a CA certificate in the leaf's place is the certificate profile's matter
		}
		allowed, want := x509read.DigitalSignature|x509read.KeyEncipherment|x509read.KeyAgreement, "digitalSignature, keyEncipherment or keyAgreement"
		if c.Question.Purpose == chain.PurposeClient {
			allowed, want = x509read.DigitalSignature|x509read.KeyAgreement, "digitalSignature or keyAgreement"
		}
		if ku.Bits&allowed != 0 {
			return nil
		}
		return []chain.Hit{{
			Item:     it,
			Message:  it.Label() + " does not allow its key to be used in a TLS handshake",
			Evidence: []chain.Evid{{Field: "keyUsage", Got: usageText(ku), Want: want}},
			Advice: []chain.Advice{{Repair: chain.RepairReissue(it, func(x *x509read.Certificate) {
				x.KeyUsage = &x509read.KeyUsage{Bits: x509read.DigitalSignature, Critical: true}
			})}},
		}}
	}),
})

// usageText lists the bits of a keyUsage in the words of RFC 5280 section 4.2.1.3.
func usageText(ku *x509read.KeyUsage) string {
	names := [...]string{"digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment", "keyAgreement",
		"keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"}
	var set []string
	for i, n := range names {
		if ku.Bits&(1<<i) != 0 {
			set = append(set, n)
		}
	}
	if set == nil {
		return "none"
	}
	return strings.Join(set, ", ")
}
