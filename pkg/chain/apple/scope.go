package apple

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// server reports whether the policy for TLS servers is asked for: the only one
// with limits on lifetimes, key sizes, SHA-1, serverAuth and CT (apple: section
// 1, M-01).
func server(c *chain.Case) bool { return c.Question.Purpose == chain.PurposeServer }

// installedLeaf reports whether the leaf itself was installed by the user or an
// administrator. Installing the root that issued it does not make it so.
func installedLeaf(p *chain.Path) bool {
	a := p.Leaf().Anchor
	return a != nil && a.Kind == chain.Installed
}

// selfSigned is Apple's notion: issuer and subject are equal, the key
// identifiers do not disagree and the signature verifies (apple: X-07).
func selfSigned(it *chain.Item) bool {
	c := it.Cert
	if !c.Subject.EqualApple(c.Issuer) || keyIDsDisagree(c, c) {
		return false
	}
	return it.Reissued || x509read.CheckSignature(c, &c.PublicKey).Status == x509read.Verified
}

func keyIDsDisagree(child, issuer *x509read.Certificate) bool {
	aki := child.AuthorityKeyID
	return aki != nil && len(aki.KeyID) > 0 && issuer.SubjectKeyID != nil && string(aki.KeyID) != string(issuer.SubjectKeyID)
}

func hasPurpose(c *x509read.Certificate, any ...x509read.OID) bool {
	for _, have := range c.ExtKeyUsage {
		for _, want := range any {
			if have == want {
				return true
			}
		}
	}
	return false
}

// purposes lists extended key usages as reports print them, the first of many.
func purposes(list []x509read.OID) string {
	if list == nil {
		return "absent"
	}
	s := ""
	for i, o := range list {
		if i > 0 {
			s += ", "
		}
		if i == 8 {
			return s + "…"
		}
		s += o.Name()
	}
	return s
}

// anchoredBy names who trusts the end of the path, for messages.
func anchoredBy(p *chain.Path) string {
	if p.Anchor == nil {
		return "no trusted anchor"
	}
	switch p.Anchor.Kind {
	case chain.Builtin:
		return "a built-in root"
	case chain.Installed:
		return "an installed root"
	}
	return "an anchor the app adds itself"
}

// verifiable lists the signature algorithms Apple platforms can verify (apple: K-06).
func verifiable(oid x509read.OID) bool {
	switch oid {
	case x509read.OIDMD5WithRSA, x509read.OIDSHA1WithRSA, x509read.OIDSHA1WithRSAOIW, x509read.OIDSHA224WithRSA,
		x509read.OIDSHA256WithRSA, x509read.OIDSHA384WithRSA, x509read.OIDSHA512WithRSA,
		x509read.OIDECDSAWithSHA1, x509read.OIDECDSAWithSHA224, x509read.OIDECDSAWithSHA256,
		x509read.OIDECDSAWithSHA384, x509read.OIDECDSAWithSHA512, x509read.OIDEd25519, x509read.OIDEd448:
		return true
	}
	return false
}
