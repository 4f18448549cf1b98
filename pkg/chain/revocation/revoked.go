package revocation

import (
	"fmt"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(revokedRule)

var revokedRule = &chain.Rule{
	ID:    "revocation-revoked",
	Level: chain.LevelX509,
	Title: "the CA has revoked the certificate",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 6.1.3 (a)(3) and 6.3"},
		{Doc: "RFC 6960", Section: "section 2.2"},
		{Doc: "SecRevocationServer.c", Section: "R-06, R-07, R-08", Confidence: chain.ConfidenceSource},
	},
	Explain: "A CA takes a certificate back before it expires when its key has leaked, or when it should not have been issued; it says so in a signed list (CRL) or a signed answer (OCSP). " +
		"A revoked certificate ends the chain of trust for good: neither the server nor the app can repair it, and the user cannot click past it.",
	Advice: []chain.Advice{
		{Who: "server administrator", Text: "have the CA issue a new certificate for a new key, put both in place and reload, and find out why the old one was revoked"},
		{For: chain.ForClient, Who: "CA", Text: "issue the client a new certificate for a new key; whoever holds the identity imports the new one and removes the old", Commands: []string{chain.NewRequest}},
	},
	Apple:    chain.AppleError{Class: chain.ClassRevoked, Sec: -67820},
	Needs:    answered,
	Check:    chain.PerPath(checkRevoked),
	Instants: instants,
}

func checkRevoked(c *chain.Case, p *chain.Path) (hits []chain.Hit) {
	b := bookOf(c)
	for i := range p.Links {
		a := b.status(p, i)
		if a.state != revoked {
			continue
		}
		it := p.Items[i]
		h := chain.Hit{
			Item:     it,
			Message:  fmt.Sprintf("{item} was revoked on %s (%s), says %s", chain.Instant(a.date), a.reason, a.source),
			Evidence: []chain.Evid{{Field: "revocationDate", Got: chain.Stamp(a.date), Want: "not revoked"}},
			Kinds:    []string{a.from}, // what was not stapled is seen by who asks
		}
		switch {
		case i > 0:
			h.Advice = []chain.Advice{b.replacement(it)}
		case c.Question.Purpose != chain.PurposeClient:
			h.Advise("server administrator", "have the CA issue a new certificate for a new key, put both in place and reload the server")
			h.Advice[0].Issue = &chain.Issuing{NewKey: true}
		}
		hits = append(hits, h)
	}
	return hits
}

// replacement is the advice for a revoked intermediate: a certificate of the
// same CA that is here and not revoked, or the CA's current one.
func (b *book) replacement(it *chain.Item) chain.Advice {
	ca, who, file := it.Cert.Subject.Short(), "server administrator", " in the file the server sends"
	if b.c.Question.Purpose == chain.PurposeClient {
		who, file = "whoever made the identity", " in its file"
	}
	other := b.unrevoked(it)
	switch {
	case !it.Sent():
		return chain.Advice{Who: who, Text: "do not send " + b.c.Label(it) + ", but a certificate of " + ca + " that is not revoked"}
	case other == nil:
		return chain.Advice{Who: who, Text: "replace " + it.Label() + file + " by the CA's current certificate of " + ca + "; where the CA has given " + ca + " up, have it issue item 0 again under another"}
	case other.Anchor != nil:
		return chain.Advice{Who: who, Text: "take " + it.Label() + " out" + file + ": " + b.c.Label(other) + " has its name and key", Repair: chain.RepairDrop(it)}
	}
	return chain.Advice{Who: who, Text: "replace " + it.Label() + file + " by " + b.c.Label(other), Repair: chain.RepairReplace(it, other)}
}

// unrevoked finds another certificate of the same CA on a path to an anchor, on
// which nothing is revoked and which is within its dates; nil: there is none.
func (b *book) unrevoked(it *chain.Item) *chain.Item {
	for _, p := range b.c.Paths {
		if p.End != chain.Anchored {
			continue
		}
		var found *chain.Item
		for i, x := range p.Items {
			if i < len(p.Links) && b.status(p, i).state == revoked || b.c.Question.Time.After(x.Cert.NotAfter) {
				found = nil
				break
			}
			if x != it && x.SameCA(it) {
				found = x
			}
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// answered reports whether the evidence says anything about an item of a path.
func answered(c *chain.Case) bool {
	if !evidenced(c) {
		return false
	}
	b := bookOf(c)
	if len(b.lists) == 0 && len(b.replies) == 0 {
		return false
	}
	for _, p := range c.Paths {
		for i := range p.Links {
			if b.status(p, i).state != undetermined {
				return true
			}
		}
	}
	return false
}

// instants are the dates at which what the evidence says changes.
func instants(c *chain.Case) (list []time.Time) {
	if !evidenced(c) {
		return nil
	}
	b := bookOf(c)
	for _, l := range b.lists {
		if l.err == nil {
			list = append(list, l.ThisUpdate)
			if !l.NextUpdate.IsZero() {
				list = append(list, l.NextUpdate)
			}
		}
	}
	for _, r := range b.replies {
		if r.err == nil {
			for _, s := range r.Singles {
				list = append(list, s.ThisUpdate)
				if !s.NextUpdate.IsZero() {
					list = append(list, s.NextUpdate)
				}
			}
		}
	}
	return list
}
