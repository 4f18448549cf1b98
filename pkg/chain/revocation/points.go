package revocation

import (
	"bytes"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// allReasons are the bits 1 to 8 of ReasonFlags; bit 0 is unused (RFC 5280
// section 4.2.1.13).
const allReasons uint16 = 0x1fe

// maxPoints bounds the distribution points looked at; honest certificates have a few.
const maxPoints = 64

// point is a distribution point as RFC 5280 section 6.3.3 uses it.
type point struct {
	names   []x509read.GeneralName // what issuingDistributionPoint may be named; the CRL issuer's names where the point has no name
	issuers []x509read.Name        // cRLIssuer; empty: the certificate's issuer
	reasons uint16
}

// pointsOf lists the distribution points of a certificate, and last the one
// implied for CRLs of its issuer that no point leads to.
func pointsOf(cert *x509read.Certificate) []point {
	var out []point
	for i, d := range cert.CRLDistribution {
		if i >= maxPoints {
			break
		}
		p := point{reasons: allReasons}
		if d.HasReasons {
			p.reasons = d.Reasons & allReasons
		}
		for _, g := range d.CRLIssuer {
			if g.Tag == x509read.TagDirectoryName && g.Name != nil {
				p.issuers = append(p.issuers, *g.Name)
			}
		}
		switch {
		case d.FullName != nil:
			p.names = d.FullName
		case d.RelativeName != nil && len(p.issuers) > 0:
			p.names = []x509read.GeneralName{relativeName(p.issuers[0], d.RelativeName)}
		case d.RelativeName != nil:
			p.names = []x509read.GeneralName{relativeName(cert.Issuer, d.RelativeName)}
		default:
			p.names = d.CRLIssuer
		}
		out = append(out, p)
	}
	issuer := cert.Issuer
	return append(out, point{reasons: allReasons, names: []x509read.GeneralName{{Tag: x509read.TagDirectoryName, Name: &issuer}}})
}

// relativeName completes nameRelativeToCRLIssuer: one RDN below the issuer.
func relativeName(base x509read.Name, rdn []x509read.Attribute) x509read.GeneralName {
	n := x509read.Name{RDNs: append(slices.Clone(base.RDNs), rdn)}
	return x509read.GeneralName{Tag: x509read.TagDirectoryName, Name: &n}
}

// named reports whether a CRL's own distribution point has one of the names.
func (c *CRL) named(names []x509read.GeneralName) bool {
	own := c.Distribution.FullName
	if c.Distribution.RelativeName != nil {
		own = []x509read.GeneralName{relativeName(c.Issuer, c.Distribution.RelativeName)}
	}
	for _, a := range own {
		for _, b := range names {
			if sameName(a, b) {
				return true
			}
		}
	}
	return false
}

func sameName(a, b x509read.GeneralName) bool {
	if a.Tag != b.Tag {
		return false
	}
	if a.Tag == x509read.TagDirectoryName {
		return a.Name != nil && b.Name != nil && a.Name.Equal5280(*b.Name)
	}
	return bytes.Equal(a.Value, b.Value)
}

// scope says whether a CRL is about a certificate as seen from a distribution
// point (RFC 5280 section 6.3.3 (b)), and for which reasons (d); why is "" where
// the list is of another issuer altogether.
func (c *CRL) scope(cert *x509read.Certificate, p point) (reasons uint16, why string) {
	d := c.Distribution
	if len(p.issuers) > 0 {
		if !slices.ContainsFunc(p.issuers, c.Issuer.Equal5280) {
			return 0, ""
		}
		if d == nil || !d.Indirect {
			return 0, "is not an indirect one, as the distribution point wants"
		}
	} else if !c.Issuer.Equal5280(cert.Issuer) {
		return 0, ""
	}
	if d == nil {
		return p.reasons, ""
	}
	ca := cert.BasicConstraints != nil && cert.BasicConstraints.CA
	switch {
	case d.HasName && !c.named(p.names):
		return 0, "is for another distribution point"
	case d.OnlyUser && ca:
		return 0, "is for end-entity certificates only"
	case d.OnlyCA && !ca:
		return 0, "is for CA certificates only"
	case d.OnlyAttribute:
		return 0, "is for attribute certificates only"
	case d.Reasons != 0:
		return p.reasons & d.Reasons, ""
	}
	return p.reasons, ""
}
