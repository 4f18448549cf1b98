package revocation

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// byLists determines the status by CRLs: RFC 5280 section 6.3.3. Every
// distribution point and then the implied one is asked, until the certificate
// is found revoked or all reasons are covered. Of several lists of one scope the
// newest counts: it takes the place of those before it (section 5).
func (b *book) byLists(it *chain.Item, issuers []*chain.Item, visiting []*chain.Item) answer {
	var covered uint16
	var a answer
	type result struct {
		entry       *Entry
		why         string
		uncheckable bool
	}
	asked := map[*crlEvidence]result{} // a list answers alike for every point
	for _, p := range pointsOf(it.Cert) {
		for _, l := range b.complete {
			reasons, why := l.scope(it.Cert, p)
			if reasons == 0 || reasons&^covered == 0 {
				a.undetermine(l, why)
				continue
			}
			r, known := asked[l]
			if !known {
				r.entry, r.why, r.uncheckable = b.consult(l, it, issuers, visiting)
				asked[l] = r
			}
			switch {
			case r.entry != nil:
				l.use.counted = true
				return answer{state: revoked, reason: r.entry.Reason, date: r.entry.Date, from: l.from(), source: l.name()}
			case r.why != "":
				l.use.ignored(r.why)
				a.undetermine(l, r.why)
				a.uncheckable = a.uncheckable || r.uncheckable
				continue
			}
			l.use.counted = true
			covered |= reasons
			a.source = l.name()
			if covered == allReasons {
				return answer{state: good, source: a.source}
			}
		}
	}
	if covered != 0 {
		partly := "the CRLs here cover some reasons for revocation only"
		if a.why != "" {
			partly += ", and " + a.why
		}
		a.why = partly
	}
	return a
}

// newestFirst returns the complete lists by thisUpdate, and by cRLNumber where two
// were issued in the same second.
func newestFirst(lists []*crlEvidence) []*crlEvidence {
	var out []*crlEvidence
	for _, l := range lists {
		if l.err == nil && !l.delta() {
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(x, y *crlEvidence) int {
		if d := y.ThisUpdate.Compare(x.ThisUpdate); d != 0 || x.Number == nil || y.Number == nil {
			return d
		}
		return y.Number.Cmp(x.Number)
	})
	return out
}

func (l *crlEvidence) name() string { return "the CRL of " + l.Issuer.String() }

// undetermine remembers why a list is no answer; the first reason stands.
func (a *answer) undetermine(l *crlEvidence, why string) {
	if why != "" && a.why == "" {
		a.why = l.name() + " " + why
	}
}

// consult looks a certificate up in a complete list in scope, with what a delta
// list changes in it. A revoked entry counts whatever else is wrong with the
// list; "not revoked" needs a list that is right in everything.
func (b *book) consult(l *crlEvidence, it *chain.Item, issuers, visiting []*chain.Item) (revoked *Entry, why string, uncheckable bool) {
	if why := unprocessed(l.Unprocessed); why != "" {
		return nil, why, false
	}
	if why, uncheckable := b.signedBy(l, issuers, visiting); why != "" {
		return nil, why, uncheckable
	}
	entry, critical, ok := l.find(it.Cert.Serial, it.Cert.Issuer)
	if why := unprocessed(critical); why != "" {
		return nil, why, false
	}
	now := b.c.Question.Time
	delta := b.delta(l, issuers, visiting)
	if delta != nil {
		change, critical, decodes := delta.find(it.Cert.Serial, it.Cert.Issuer)
		switch {
		case len(critical) > 0 || !decodes:
			delta = nil
		case change != nil && change.Reason == RemoveFromList:
			entry = nil
		case change != nil:
			entry = change
		}
	}
	if delta != nil {
		delta.use.counted = true
	}
	switch {
	case entry != nil && entry.Reason != RemoveFromList:
		return entry, "", false
	case !ok:
		return nil, "has entries that do not decode", false
	case len(l.Faults) > 0:
		return nil, "is not as RFC 5280 section 5 wants it: " + l.Faults[0], false
	case now.Before(l.ThisUpdate):
		return nil, fmt.Sprintf("holds from %s on", chain.Instant(l.ThisUpdate)), false
	case delta == nil && !l.current(now):
		return nil, fmt.Sprintf("ran out on %s", chain.Instant(l.NextUpdate)), false
	}
	return nil, "", false
}

func unprocessed(oids []x509read.OID) string {
	if len(oids) == 0 {
		return ""
	}
	return "has the critical extension " + oids[0].Name() + ", which is not known"
}

// delta finds the newest delta list that may be combined with a complete one
// (RFC 5280 section 5.2.4): same issuer, scope and key; made for a base no newer
// than the list, and newer than it; current.
func (b *book) delta(base *crlEvidence, issuers, visiting []*chain.Item) *crlEvidence {
	var best *crlEvidence
	for _, d := range b.lists {
		if d.err != nil || !d.delta() || d.Number == nil || base.Number == nil || len(d.Unprocessed) > 0 || len(d.Faults) > 0 {
			continue
		}
		if d.BaseNumber.Cmp(base.Number) > 0 || d.Number.Cmp(base.Number) <= 0 || !d.current(b.c.Question.Time) ||
			!d.Issuer.Equal5280(base.Issuer) || !bytes.Equal(d.rawDistribution, base.rawDistribution) ||
			!bytes.Equal(d.AuthorityKey, base.AuthorityKey) {
			continue
		}
		if why, _ := b.signedBy(d, issuers, visiting); why == "" && (best == nil || d.Number.Cmp(best.Number) > 0) {
			best = d
		}
	}
	return best
}

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
	ca := cert.IsCA()
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
