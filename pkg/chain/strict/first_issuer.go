package strict

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(firstIssuer)

var firstIssuer = &chain.Rule{
	ID:       "strict-first-issuer",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "issuer that some clients do not come to",
	Sources:  []chain.Source{{Doc: "RFC 4158", Section: "section 2.4"}, {Doc: "gnutls", Section: "_gnutls_sort_clist"}, {Doc: "X509_STORE_CTX_get_issuer(3)", Section: "X509_STORE_CTX_get1_issuer"}},
	Explain:  "A path may have several candidates for one step: an expired intermediate beside its renewed twin, two roots of one name. Go, Java and the browsers try them all. GnuTLS takes the first that was sent and the last root of that name; OpenSSL the first that is sent and in date, and the first root. Where that one does not do they stop.",
	Advice:   []chain.Advice{{Who: "server administrator", Text: "send one certificate for each step, the one that is valid; a private CA's new root gets a new name"}},
	Check: chain.PerLink(func(c *chain.Case, l *chain.Link) []chain.Hit {
		var hits []chain.Hit
		var first *chain.Item
		kind := "sent-outdated"
		for _, it := range c.Items {
			if it == l.Issuer || it == l.Child || it.Err != nil || it.Repeats >= 0 || it.Cert.Subject.Key() != l.Issuer.Cert.Subject.Key() || l.Child.Cert.AuthorityKeyID.OtherKey(it.Cert.SubjectKeyID) {
				continue
			}
			if !it.Sent() || !l.Issuer.Sent() || it.Index > l.Issuer.Index {
				continue
			}
			if first == nil {
				first = it
			}
			if now := c.Question.Time; !now.Before(it.Cert.NotBefore) && !now.After(it.Cert.NotAfter) {
				kind = "sent-current" // OpenSSL passes over what is out of date (x509_vfy.c find_issuer)
			}
		}
		if first != nil {
			hits = append(hits, one(l.Issuer, fmt.Sprintf("{item} is not the first that was sent of its name: %s is", first.Label()), "issuer", l.Issuer.Label(), first.Label(), kind))
		}
		if !l.IssuerIsAnchor {
			return hits
		}
		before := true
		for _, a := range c.Anchors.BySubject(l.Issuer.Cert.Subject.Key()) {
			if a.SHA256 == l.Issuer.Cert.SHA256 {
				before = false
				continue
			}
			k := a.Cert()
			if k.PublicKey.SHA256 == l.Issuer.Cert.PublicKey.SHA256 || l.Child.Cert.AuthorityKeyID.OtherKey(k.SubjectKeyID) {
				continue
			}
			which, kind := "last", "anchor-last"
			if before {
				which, kind = "first", "anchor-first"
			}
			return append(hits, one(l.Issuer, fmt.Sprintf("{item} is not the %s trusted root of its name, and no key identifier tells them apart", which), "issuer", l.Issuer.Fingerprint(), "the "+which+" of this name", kind))
		}
		return hits
	}),
}
