package apple

import (
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// reissueFor has the CA issue the leaf anew, starting now, for a time.
func reissueFor(c *chain.Case, leaf *chain.Item, d chain.Span) chain.Repair {
	now := c.Question.Time.Truncate(time.Second)
	return chain.RepairReissue(leaf, func(cert *x509read.Certificate) {
		cert.NotBefore, cert.NotAfter = now, time.Unix(now.Unix()+int64(d), 0).UTC()
	})
}

// reissueWell has the CA issue an item anew without faults of encoding.
func reissueWell(it *chain.Item) chain.Repair {
	return chain.RepairReissue(it, func(cert *x509read.Certificate) {
		cert.Version = 3
		cert.Extensions = cert.Extensions[:min(len(cert.Extensions), maxExtensions-1)]
		cert.Policies = cert.Policies[:min(len(cert.Policies), maxListed-1)]
		cert.PolicyMappings = cert.PolicyMappings[:min(len(cert.PolicyMappings), maxListed-1)]
		cert.CRLDistribution = cert.CRLDistribution[:min(len(cert.CRLDistribution), maxListed-1)]
		cert.AuthorityInfo = cert.AuthorityInfo[:min(len(cert.AuthorityInfo), maxListed-1)]
		cert.ExtKeyUsage = cert.ExtKeyUsage[:min(len(cert.ExtKeyUsage), maxPurposes-1)]
	})
}

// reissueSigned has the CA sign an item with an algorithm every platform verifies.
func reissueSigned(it *chain.Item) chain.Repair {
	return chain.RepairReissue(it, func(cert *x509read.Certificate) {
		alg := x509read.Algorithm{OID: x509read.OIDECDSAWithSHA256}
		cert.Signature, cert.TBSSignature = alg, alg
	})
}

// rekey certifies a P-256 key in an item's place and issues what it issued anew.
func rekey(c *chain.Case, it *chain.Item) chain.Repair {
	list := []chain.Repair{chain.RepairReissue(it, func(cert *x509read.Certificate) {
		cert.PublicKey = x509read.PublicKey{Type: x509read.ECDSA, Bits: 256, Curve: "P-256", SHA256: cert.PublicKey.SHA256,
			Algorithm: x509read.Algorithm{OID: x509read.OIDECPublicKey}}
		if cert.Subject.EqualApple(cert.Issuer) {
			cert.Signature.OID, cert.TBSSignature.OID = x509read.OIDECDSAWithSHA256, x509read.OIDECDSAWithSHA256
		}
	})}
	done := map[*chain.Item]bool{it: true}
	for _, p := range c.Paths {
		for _, l := range p.Links {
			if l.Issuer == it && !done[l.Child] {
				done[l.Child] = true
				list = append(list, reissueSigned(l.Child))
			}
		}
	}
	return chain.Repairs(list...)
}
