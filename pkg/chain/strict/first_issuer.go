package strict

import (
	"bytes"
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(&chain.Rule{
	ID:       "strict-first-issuer",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "issuer that some clients do not come to",
	Sources:  []chain.Source{{Doc: "RFC 4158", Section: "section 2.4"}, {Doc: "gnutls", Section: "_gnutls_sort_clist"}, {Doc: "X509_STORE_CTX_get_issuer(3)", Section: "X509_STORE_CTX_get1_issuer"}},
	Explain:  "A path may have several candidates for one step: an expired intermediate beside its renewed twin, two roots of one name. Go, Java and the browsers try them all. GnuTLS takes the first that was sent and OpenSSL the first root of that name, and where that one does not do they stop.",
	Advice:   []chain.Advice{{Who: "server administrator", Text: "send one certificate for each step, the one that is valid; a private CA's new root gets a new name"}},
	Check: chain.PerLink(func(c *chain.Case, l *chain.Link) []chain.Hit {
		for _, it := range c.Items {
			if it == l.Issuer || it == l.Child || it.Err != nil || it.Repeats >= 0 || it.Cert.Subject.Key() != l.Issuer.Cert.Subject.Key() || otherKeyID(l.Child, it) {
				continue
			}
			switch {
			case it.Sent() && l.Issuer.Sent() && it.Index < l.Issuer.Index:
				return []chain.Hit{one(l.Issuer, fmt.Sprintf("{item} is not the first that was sent of its name: %s is", it.Label()), "issuer", l.Issuer.Label(), it.Label(), "sent")}
			}
		}
		if !l.IssuerIsAnchor {
			return nil
		}
		for _, a := range c.Anchors.BySubject(l.Issuer.Cert.Subject.Key()) {
			if a.SHA256 == l.Issuer.Cert.SHA256 {
				break
			}
			if k := a.Cert(); k.PublicKey.SHA256 != l.Issuer.Cert.PublicKey.SHA256 && !differ(l.Child, k.SubjectKeyID) {
				return []chain.Hit{one(l.Issuer, "{item} is not the first trusted root of its name, and no key identifier tells them apart", "issuer", l.Issuer.Fingerprint(), "the first of this name", "anchor")}
			}
		}
		return nil
	}),
})

// otherKeyID reports whether key identifiers rule an issuer out.
func otherKeyID(child, issuer *chain.Item) bool { return differ(child, issuer.Cert.SubjectKeyID) }

func differ(child *chain.Item, id []byte) bool {
	aki := child.Cert.AuthorityKeyID
	return aki != nil && len(aki.KeyID) > 0 && len(id) > 0 && !bytes.Equal(aki.KeyID, id)
}
