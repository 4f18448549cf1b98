package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(expired)

var expired = &chain.Rule{
	ID:    "basic-expired",
	Level: chain.LevelX509,
	Title: "certificate has expired",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 6.1.3 (a)(2)"},
		{Doc: "SecPolicyServer.c", Section: "D-01", Confidence: chain.ConfidenceSource},
	},
	Explain: "A CA vouches for a certificate until its notAfter date and keeps no revocation information beyond it, so every certificate of the chain of trust, the root included, has to be valid at the time of the evaluation. " +
		"The whole of the last second counts as valid. Where a server's has expired, the app sees a failed TLS connection; Safari says that the certificate is expired.",
	Advice: []chain.Advice{
		{Who: "server administrator", Text: "renew the certificate and install it, then reload the server; automate the renewal with ACME"},
		{For: chain.ForClient, Who: "CA", Text: "issue the identity again (a new key, a request with the same subject), and have the client import it in the old one's place", Commands: []string{chain.NewRequest}},
	},
	Apple:     chain.AppleError{Class: chain.ClassExpired, Sec: -67818},
	InsteadOf: []string{"apple-expired-fraction", "basic-not-yet-valid"},
	Instants:  chain.AtValidity,
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, place chain.Place) []chain.Hit {
		t, na := c.Question.Time, it.Cert.NotAfter
		if na.IsZero() || !wholeSeconds(t).After(na) {
			return nil
		}
		if c.VerdictOnly() { // which ends with this rule for nearly every certificate
			return []chain.Hit{{Item: it}}
		}
		h := chain.Hit{
			Item:     it,
			Message:  fmt.Sprintf("{item} expired on %s, %s before the time of the evaluation", chain.Instant(na), chain.Between(na, t)),
			Evidence: []chain.Evid{{Field: "notAfter", Got: chain.Stamp(na), Want: chain.Stamp(t) + " or later"}},
			Advice: []chain.Advice{{Repair: chain.RepairReissue(it, func(x *x509read.Certificate) {
				x.NotAfter = wholeSeconds(t).AddDate(0, 0, 90)
				if x.NotBefore.After(t) {
					x.NotBefore = wholeSeconds(t)
				}
			})}},
		}
		switch nb := it.Cert.NotBefore; {
		case na.Before(nb):
			h.Message = fmt.Sprintf("{item} is never valid: it expired on %s, before it becomes valid on %s", chain.Instant(na), chain.Instant(nb))
			h.Evidence = []chain.Evid{{Field: "notAfter", Got: chain.Stamp(na), Want: "after " + chain.Stamp(nb)}}
			h.Advise("CA", "issue {item} again with notBefore before notAfter")
		case clientIdentity(c):
			switch {
			case place.Anchor:
				h.Advise("server administrator", "trust the CA's present root")
				h.Advice[0].Config = chain.ClientCAs()
			case !place.Leaf:
				h.Advise("whoever made the identity", "replace the expired intermediate, "+it.Label()+", in its file by the CA's current one")
			}
		case place.Anchor, !place.Leaf && it.SelfIssued():
			h.Advise("server administrator", "send a chain that ends at another root; for a private CA, the CA makes a new root and the device owner installs it")
			h.Advice[0].Commands = []string{chain.RootAgain}
		case !place.Leaf:
			h.Advise("server administrator", "replace the expired intermediate, "+it.Label()+", by the CA's current one in the file the server sends, then reload")
		default:
			h.Advise("server administrator", "renew item 0 (with an ACME client, or the CA's own way), install it and reload the server")
		}
		return []chain.Hit{h}
	}),
}
