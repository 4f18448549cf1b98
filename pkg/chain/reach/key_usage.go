package reach

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(keyUsage)

var keyUsage = &chain.Rule{
	ID: "reach-key-usage", Level: chain.LevelATS, Otherwise: chain.LevelX509,
	Title: "keyUsage of item 0 does not allow this handshake",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.4.2.2"}, {Doc: "RFC 5246", Section: "section 7.4.2"},
		{Doc: "BoringSSL", Section: "tls13_both.cc, handshake_client.cc: ssl_cert_check_key_usage", Confidence: chain.ConfidenceSource},
		{Doc: "Chromium, GnuTLS", Section: "ERR_SSL_KEY_USAGE_INCOMPATIBLE; Key usage violation", Confidence: chain.ConfidenceField}},
	Explain: "Where item 0 has a keyUsage it says what its key may be used for. In TLS 1.3 and with every ephemeral key exchange the key signs the handshake and needs digitalSignature, whatever else stands there and whether item 0 is a CA's or not; only static RSA decrypts and needs keyEncipherment. " +
		"Trust evaluation does not look at it; the TLS stack below does: BoringSSL, whose family Apple's is of, ends the handshake with KEY_USAGE_BIT_INCORRECT, Chromium with ERR_SSL_KEY_USAGE_INCOMPATIBLE. Of items 1…N nobody asks it.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with keyUsage digitalSignature", Issue: &chain.Issuing{With: []string{"keyUsage=critical,digitalSignature"}}}},
	Apple:     chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9802},
	InsteadOf: []string{"basic-key-usage"},
	Reads:     x509read.FieldKeyUsage,
	Needs: func(c *chain.Case) bool {
		return c.Question.Purpose != chain.PurposeClient && len(c.Sent()) > 0 && c.Observation.Outcome.Version != ""
	},
	Check: chain.PerObservation(checkKeyUsage),
}

func checkKeyUsage(c *chain.Case, o *chain.Observation) []chain.Hit {
	it := c.Sent()[0] // whatever is judged as the leaf: the handshake is made with item 0's key
	ku := it.Cert.KeyUsage
	if ku == nil {
		return nil
	}
	needed, want, does := uint16(x509read.DigitalSignature), "digitalSignature", "signs the handshake"
	if o.Outcome.SuiteID.Exchange() == tlsname.StaticRSA {
		needed, want, does = x509read.KeyEncipherment, "keyEncipherment", "decrypts the client's secret"
	}
	if ku.Bits&needed != 0 {
		return nil
	}
	h := chain.Hit{Item: it,
		Message:  fmt.Sprintf("the key of {item} %s in %s (%s), and its keyUsage does not allow that: it lacks %s", does, o.Outcome.Version, o.Outcome.Suite, want),
		Short:    fmt.Sprintf("keyUsage of %q lacks %s", it.Cert.Subject.Short(), want),
		Evidence: []chain.Evid{{Field: "keyUsage of item 0", Got: ku.String(), Want: want + " (without it: KEY_USAGE_BIT_INCORRECT)"}}}
	if needed == x509read.KeyEncipherment {
		h.Advise("CA", "issue {item} again with keyUsage "+want)
		h.Advice[0].Issue = &chain.Issuing{With: []string{"keyUsage=critical,digitalSignature,keyEncipherment"}}
	}
	h.Try(chain.RepairReissue(it, func(x *x509read.Certificate) {
		x.KeyUsage = &x509read.KeyUsage{Bits: ku.Bits&^x509read.KeyCertSign | needed, Critical: ku.Critical}
	}), "")
	return []chain.Hit{h}
}
