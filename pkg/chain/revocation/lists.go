package revocation

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// byLists determines the status by CRLs: RFC 5280 section 6.3.3. Every
// distribution point and then the implied one is asked, until the certificate
// is found revoked or all reasons are covered. Of several lists of one scope the
// newest counts: it takes the place of those before it (section 5).
func (b *book) byLists(it *chain.Item, up []*chain.Item, busy []*chain.Item) answer {
	var covered uint16
	var a answer
	type result struct {
		entry  *Entry
		why    string
		beyond bool
	}
	asked := map[*given]result{} // a list answers alike for every point
	for _, p := range pointsOf(it.Cert) {
		for _, l := range b.complete {
			reasons, why := l.scope(it.Cert, p)
			if reasons == 0 || reasons&^covered == 0 {
				a.lacks(l, why)
				continue
			}
			r, known := asked[l]
			if !known {
				r.entry, r.why, r.beyond = b.consult(l, it, up, busy)
				asked[l] = r
			}
			switch {
			case r.entry != nil:
				l.use.counted = true
				return answer{state: revoked, reason: r.entry.Reason, date: r.entry.Date, source: l.name()}
			case r.why != "":
				l.use.ignored(r.why)
				a.lacks(l, r.why)
				a.beyond = a.beyond || r.beyond
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
func newestFirst(lists []*given) []*given {
	var out []*given
	for _, l := range lists {
		if l.err == nil && !l.Delta() {
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(x, y *given) int {
		if d := y.ThisUpdate.Compare(x.ThisUpdate); d != 0 || x.Number == nil || y.Number == nil {
			return d
		}
		return y.Number.Cmp(x.Number)
	})
	return out
}

func (l *given) name() string { return "the CRL of " + l.Issuer.String() }

// lacks remembers why a list is no answer; the first reason stands.
func (a *answer) lacks(l *given, why string) {
	if why != "" && a.why == "" {
		a.why = l.name() + " " + why
	}
}

// consult looks a certificate up in a complete list in scope, with what a delta
// list changes in it. A revoked entry counts whatever else is wrong with the
// list; "not revoked" needs a list that is right in everything.
func (b *book) consult(l *given, it *chain.Item, up, busy []*chain.Item) (revoked *Entry, why string, beyond bool) {
	if why := unprocessed(l.Unprocessed); why != "" {
		return nil, why, false
	}
	if why, beyond := b.signedBy(l, up, busy); why != "" {
		return nil, why, beyond
	}
	entry, critical, ok := l.Find(it.Cert.Serial, it.Cert.Issuer)
	if why := unprocessed(critical); why != "" {
		return nil, why, false
	}
	now := b.c.Question.Time
	delta := b.delta(l, up, busy)
	if delta != nil {
		change, critical, decodes := delta.Find(it.Cert.Serial, it.Cert.Issuer)
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
		return nil, fmt.Sprintf("holds from %s on", l.ThisUpdate.Format(time.RFC3339)), false
	case delta == nil && !l.Current(now):
		return nil, fmt.Sprintf("ran out on %s", l.NextUpdate.Format(time.RFC3339)), false
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
func (b *book) delta(base *given, up, busy []*chain.Item) *given {
	var best *given
	for _, d := range b.lists {
		if d.err != nil || !d.Delta() || d.Number == nil || base.Number == nil || len(d.Unprocessed) > 0 || len(d.Faults) > 0 {
			continue
		}
		if d.BaseNumber.Cmp(base.Number) > 0 || d.Number.Cmp(base.Number) <= 0 || !d.Current(b.c.Question.Time) ||
			!d.Issuer.Equal5280(base.Issuer) || !bytes.Equal(d.rawDistribution, base.rawDistribution) ||
			!bytes.Equal(d.AuthorityKey, base.AuthorityKey) {
			continue
		}
		if why, _ := b.signedBy(d, up, busy); why == "" && (best == nil || d.Number.Cmp(best.Number) > 0) {
			best = d
		}
	}
	return best
}
