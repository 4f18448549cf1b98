package strict

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(anchorRule)

var anchorRule = &chain.Rule{
	ID:       "strict-anchor",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "trusted certificate that some clients take for no anchor",
	Sources:  []chain.Source{{Doc: "RFC 5280", Section: "section 6.1.1 (d)"}, {Doc: "X509_VERIFY_PARAM_set_flags(3)", Section: "X509_V_FLAG_PARTIAL_CHAIN"}},
	Explain:  "To trust an intermediate, or item 0 itself, works where the client ends a path at whatever it trusts: Go, Java, curl and Firefox do. OpenSSL goes on to a self-signed certificate unless it is told otherwise, and a root whose authorityKeyIdentifier is another's is none for it; Chrome takes a certificate that is no CA's only when it is trusted as that very server's.",
	Advice:   []chain.Advice{{Who: "device owner", Text: "install the root of the chain instead, or a certificate of a private CA that issued item 0"}},
	Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		if p.End != chain.Anchored {
			return nil
		}
		it := p.Last()
		kind, message := "", ""
		switch {
		case len(p.Items) > 1 && !it.SelfIssued():
			kind, message = "intermediate", "{item} is trusted, and it is no root"
		case len(p.Items) > 1 && it.Cert.Version < 3:
			kind, message = "version-1", "{item} is a root of version 1, which cannot say that it is a CA's"
		case len(p.Items) > 1 && !namesItself(it.Cert):
			kind, message = "root-identifier", "authorityKeyIdentifier of {item} names another certificate, or another key"
		case len(p.Items) > 1:
			return nil
		case it.SelfIssued() && it.Cert.Version < 3:
			kind, message = "self-signed-v1", "{item} itself is trusted, a self-signed certificate of version 1"
		case !it.SelfIssued():
			kind, message = "leaf", "{item} itself is trusted, and it is issued by another"
		case it.Cert.BasicConstraints == nil:
			kind, message = "self-signed-open", "{item} itself is trusted, a self-signed certificate that does not say whether it is a CA's"
		case it.Cert.IsCA():
			kind, message = "self-signed-ca", "{item} itself is trusted, a self-signed CA certificate"
		default:
			kind, message = "self-signed", "{item} itself is trusted, a self-signed certificate that is no CA's"
		}
		return []chain.Hit{one(it, message, "anchor", kind, "a root", kind)}
	}),
}

// namesItself reports whether the authority key identifier of a root, if it has
// one, is its own. OpenSSL takes a root for self-signed only then (ossl_x509v3_cache_extensions).
func namesItself(c *x509read.Certificate) bool {
	return !c.AuthorityKeyID.OtherKey(c.SubjectKeyID) && otherCertificate(c.AuthorityKeyID, c) == ""
}
