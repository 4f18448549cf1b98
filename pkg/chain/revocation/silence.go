package revocation

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// silence says why there is no evidence about a certificate at all: what was asked
// gave no answer, there is nobody to ask, or nobody was asked.
func (b *book) silence(it *chain.Item) string {
	for i := range b.c.Capture.Evidence {
		e := &b.c.Capture.Evidence[i]
		if e.Error == "" || e.Kind != chain.EvidenceOCSP && e.Kind != chain.EvidenceCRL {
			continue
		}
		if names(it.Cert, x509read.OIDAccessOCSP, e.Source) || lists(it.Cert, e.Source) {
			return e.Source + ": " + e.Error
		}
	}
	if !reachable(it.Cert) {
		return "no CRL and no OCSP response here is about it, and it names nobody to ask"
	}
	return "no CRL and no OCSP response here is about it"
}

// names reports whether a certificate has an address in authorityInfoAccess.
func names(cert *x509read.Certificate, method x509read.OID, address string) bool {
	return slices.ContainsFunc(cert.AuthorityInfo, func(a x509read.AccessDescription) bool {
		return a.Method == method && a.Location.Tag == x509read.TagURI && a.Location.Text() == address
	})
}

// lists reports whether a certificate has an address among its distribution points.
func lists(cert *x509read.Certificate, address string) bool {
	for _, points := range [][]x509read.DistributionPoint{cert.CRLDistribution, cert.FreshestCRL} {
		for _, p := range points {
			for _, g := range p.FullName {
				if g.Tag == x509read.TagURI && g.Text() == address {
					return true
				}
			}
		}
	}
	return false
}

// reachable reports whether a certificate says where it can be asked about.
func reachable(cert *x509read.Certificate) bool {
	return len(cert.CRLDistribution) > 0 || slices.ContainsFunc(cert.AuthorityInfo, func(a x509read.AccessDescription) bool { return a.Method == x509read.OIDAccessOCSP })
}
