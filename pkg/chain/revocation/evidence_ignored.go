package revocation

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(evidenceIgnored)

var evidenceIgnored = &chain.Rule{
	ID:    "revocation-evidence-ignored",
	Level: chain.LevelX509, Severity: chain.Warning,
	Title: "a CRL or OCSP response that was handed in does not count",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "sections 5.2.4 and 6.3.3"},
		{Doc: "RFC 6960", Section: "sections 3.2 and 4.2.2.2"},
	},
	Explain: "A list or an answer says something about revocation only while it is in date, signed by the CA or whom it named, and about a certificate of the chain of trust. " +
		"One that is not is passed over by clients as if it had not been there, and so it is here: what it says, a revocation included, has no part in the verdict.",
	Advice: []chain.Advice{{Who: "whoever hands in the file", Text: "fetch a current one from the CA and look at it; --revocation require judges with it strictly", Commands: []string{"openssl crl -in list.crl -noout -text", "openssl ocsp -respin answer.der -noverify -text"}}},
	Needs: func(c *chain.Case) bool {
		return evidenced(c) && (len(bookOf(c).lists) > 0 || len(bookOf(c).replies) > 0)
	},
	Instants: instants,
	Check:    chain.PerList(checkIgnored),
}

// usage is what became of a piece of evidence when it was asked.
type usage struct {
	counted bool
	why     string // the first reason why it did not count for a certificate it is about
}

func (u *usage) ignored(why string) {
	if u.why == "" {
		u.why = why
	}
}

func checkIgnored(c *chain.Case) (hits []chain.Hit) {
	b := bookOf(c)
	for _, p := range c.Paths {
		for i := range p.Links {
			b.status(p, i)
		}
	}
	hit := func(u usage, related bool, source, kind string) {
		h := chain.Hit{Evidence: []chain.Evid{{Field: kind, Got: u.why, Want: "in date, signed by the CA or its responder, and about a certificate here"}}}
		switch {
		case u.counted || u.why == "" && related: // not asked: another had answered
			return
		case u.why == "":
			h.Evidence[0].Got, h.AtMost = "is about no certificate here", chain.Note
		}
		h.Message = fmt.Sprintf("%s does not count, since it %s", source, h.Evidence[0].Got)
		hits = append(hits, h)
	}
	for _, l := range b.lists {
		if l.err != nil {
			continue // revocation-crl-unreadable
		}
		related := slices.ContainsFunc(c.Items, func(it *chain.Item) bool { return it.Err == nil && l.about(it) })
		if l.delta() && related && !l.use.counted {
			l.use.ignored(b.deltaWithoutBase(l))
		}
		hit(l.use, related, l.source+": "+l.name(), "CRL")
	}
	for _, r := range b.replies {
		if r.item >= 0 {
			continue // revocation-staple-ignored
		}
		if r.err != nil {
			r.use.ignored("cannot be used: " + r.err.Error())
		}
		hit(r.use, b.answers(r), r.source, "OCSP response")
	}
	return hits
}

// about reports whether a list is in scope for a certificate, or of its issuer at least.
func (l *crlEvidence) about(it *chain.Item) bool {
	return slices.ContainsFunc(pointsOf(it.Cert), func(p point) bool {
		reasons, why := l.scope(it.Cert, p)
		return reasons != 0 || why != ""
	})
}

// answers reports whether a response has an answer for a certificate on a path.
func (b *book) answers(r *reply) bool {
	return slices.ContainsFunc(b.c.Paths, func(p *chain.Path) bool {
		for i := range p.Links {
			if s, _ := r.about(p.Items[i].Cert, p.Items[i+1].Cert); s != nil {
				return true
			}
		}
		return false
	})
}

// deltaWithoutBase says why a delta list changed no complete one.
func (b *book) deltaWithoutBase(d *crlEvidence) string {
	now := b.c.Question.Time
	switch {
	case !d.current(now) && now.Before(d.ThisUpdate):
		return fmt.Sprintf("is a delta list that holds from %s on", chain.Instant(d.ThisUpdate))
	case !d.current(now):
		return fmt.Sprintf("is a delta list that ran out on %s", chain.Instant(d.NextUpdate))
	case len(d.Faults) > 0:
		return "is a delta list that is not as RFC 5280 section 5 wants it: " + d.Faults[0]
	}
	last := new(big.Int).Sub(d.Number, big.NewInt(1))
	return fmt.Sprintf("is a delta list, and no complete list here is one that it changes: number %d to %d, of the same issuer and scope", d.BaseNumber, last)
}
