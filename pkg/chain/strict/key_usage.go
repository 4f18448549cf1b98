package strict

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(keyUsageRule)

var keyUsageRule = &chain.Rule{
	ID:       "strict-key-usage",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "keyUsage of item 0 does not fit the handshake",
	Sources:  []chain.Source{{Doc: "RFC 5246", Section: "section 7.4.2"}, {Doc: "RFC 8446", Section: "section 4.4.2.2"}, {Doc: "RFC 5280", Section: "section 4.2.1.3"}},
	Explain: "In TLS 1.3, and with ECDHE or DHE before it, the server signs with the key of item 0; with static RSA the client encrypts to it. Where item 0 has a keyUsage it has to allow what the handshake does: digitalSignature or keyEncipherment. " +
		"Chrome, Android, Java and GnuTLS look at that bit; OpenSSL and Firefox are content with others, Go and wget never look.",
	Advice:  []chain.Advice{{Who: "CA", Text: "issue {item} again with keyUsage=critical,digitalSignature (and keyEncipherment for RSA keys), or without keyUsage", Issue: &chain.Issuing{With: []string{"keyUsage=critical,digitalSignature"}}}},
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Reads:   x509read.FieldKeyUsage,
	Check: chain.PerLeaf(func(c *chain.Case, it *chain.Item) []chain.Hit {
		ku := it.Cert.KeyUsage
		if ku == nil {
			return nil
		}
		h := one(it, "{item} does not allow what the handshake does with its key", "keyUsage", usageClass(ku), "digitalSignature")
		for _, use := range uses(c, it) {
			want := x509read.DigitalSignature
			if use == "static-rsa" {
				want = x509read.KeyEncipherment
			}
			if ku.Bits&want == 0 {
				h.Kinds = append(h.Kinds, use+"-"+usageClass(ku))
			}
		}
		if h.Kinds == nil {
			return nil
		}
		if len(h.Kinds) > 1 {
			h.Status = chain.Unknown
			h.Message = "{item} does not allow signing, and whether that matters depends on the version of TLS, which a file does not tell"
		}
		if strings.HasPrefix(h.Kinds[0], "static-rsa") {
			h.Evidence[0].Want = "keyEncipherment"
		}
		return []chain.Hit{h}
	}),
}

// uses says what the handshake does with the key of item 0: "tls13", "tls12-ec",
// "tls12-rsa" sign, "static-rsa" has something encrypted. Without a handshake both
// versions are possible.
func uses(c *chain.Case, leaf *chain.Item) []string {
	old := "tls12-ec"
	if k := leaf.Cert.PublicKey.Type; k == x509read.RSA || k == x509read.RSAPSS {
		old = "tls12-rsa"
	}
	switch o := c.Observation; {
	case !handshake(c):
		return []string{"tls13", old}
	case o.Outcome.Version == tlsname.TLS13.String():
		return []string{"tls13"}
	case tlsname.SuiteNamed(o.Outcome.Suite).Exchange() == tlsname.StaticRSA:
		return []string{"static-rsa"}
	}
	return []string{old}
}

// usageClass sums up a keyUsage without the bit that is wanted.
func usageClass(ku *x509read.KeyUsage) string {
	switch b := ku.Bits; {
	case b == 0:
		return "empty"
	case b&x509read.DigitalSignature != 0:
		return "sign"
	case b&x509read.KeyEncipherment != 0:
		return "encipher"
	case b&x509read.KeyAgreement != 0:
		return "agree"
	}
	return "other"
}
