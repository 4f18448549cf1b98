package chain

import "github.com/chainspect/chainspect/pkg/chain/x509read"

// inherit checks again, from the top of a finished path, the signatures under
// DSA keys that take their parameters from the certificate above (RFC 5280
// section 6.1.4 (d) to (f)): which those are is known only with the path.
func (b *builder) inherit(links []*Link) []*Link {
	waiting := false
	for _, l := range links {
		waiting = waiting || l.Signature.Status == x509read.NotCheckable && l.Issuer.Cert.HasFault(x509read.FaultDSAInherited)
	}
	if !waiting {
		return links
	}
	out := make([]*Link, len(links))
	var above *x509read.PublicKey
	for i := len(links) - 1; i >= 0; i-- {
		l := *links[i]
		key := l.Issuer.Cert.PublicKey.Inherit(above)
		if l.Signature.Status == x509read.NotCheckable && key != &l.Issuer.Cert.PublicKey && b.checks < b.budget.Signatures {
			b.checks++
			l.Signature = x509read.CheckSignature(l.Child.Cert, key)
		}
		out[i], above = &l, key
	}
	return out
}
