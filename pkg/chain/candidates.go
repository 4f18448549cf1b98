package chain

import (
	"bytes"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// candidates proposes issuers for an item, the most likely first.
func (b *builder) candidates(child *Item) []*Item {
	key := child.Cert.Issuer.Key()
	var out []*Item
	for _, a := range b.in.Anchors.BySubject(key) {
		out = append(out, b.anchorItem(a))
	}
	for _, it := range b.byName[key] {
		if it.Anchor == nil || !contains(out, it) {
			out = append(out, it)
		}
	}
	aki := child.Cert.AuthorityKeyID
	if len(out) == 0 && aki != nil && len(aki.KeyID) > 0 {
		for _, it := range b.c.Items {
			if it.Repeats < 0 && it.Err == nil && it != child && bytes.Equal(it.Cert.SubjectKeyID, aki.KeyID) {
				out = append(out, it)
			}
		}
	}
	if len(out) > 1 {
		slices.SortStableFunc(out, func(x, y *Item) int { return b.score(child, y) - b.score(child, x) })
	}
	return out
}

// score orders candidates: the right key identifier, a trusted anchor, a
// validity period that holds now, as RFC 4158 section 3.5 advises.
func (b *builder) score(child, issuer *Item) int {
	s := 0
	if aki := child.Cert.AuthorityKeyID; aki != nil && len(aki.KeyID) > 0 && len(issuer.Cert.SubjectKeyID) > 0 {
		if bytes.Equal(aki.KeyID, issuer.Cert.SubjectKeyID) {
			s += 8
		} else {
			s -= 8
		}
	}
	if issuer.Anchor != nil {
		s += 4
	}
	if t := b.c.Question.Time; !t.Before(issuer.Cert.NotBefore) && !t.After(issuer.Cert.NotAfter) {
		s += 2
	}
	if issuer.Cert.BasicConstraints != nil && issuer.Cert.BasicConstraints.CA {
		s++
	}
	return s
}

func contains(list []*Item, it *Item) bool {
	for _, x := range list {
		if x == it {
			return true
		}
	}
	return false
}

// issuers checks the signatures of the candidates. Those that verify are the
// issuers; where none does, the most likely candidate stands for all, so that
// the report can say what is wrong with it. onPath: a candidate is on the path already.
func (b *builder) issuers(items []*Item) (good []*Link, onPath bool) {
	child := items[len(items)-1]
	var doubtful *Link
	for _, it := range b.candidates(child) {
		b.steps++
		if b.steps > b.budget.Steps {
			b.c.GaveUp = "steps"
			break
		}
		if it == child || b.repeats(items, it) {
			onPath = onPath || it != child
			continue
		}
		l := &Link{Child: child, Issuer: it, IssuerIsAnchor: it.Anchor != nil}
		if child.Cert.Reissued {
			l.Signature = x509read.SignatureResult{Status: x509read.Verified}
		} else {
			if b.checks >= b.budget.Signatures {
				b.c.GaveUp = "signatures"
				break
			}
			b.checks++ // counted even when remembered: the answer must not depend on the memory
			l.Signature, _ = b.c.memory.signature(child.Cert, it.Cert)
		}
		if l.Signature.Status == x509read.Verified {
			good = append(good, l)
		} else if doubtful == nil {
			doubtful = l
		}
	}
	if len(good) == 0 && doubtful != nil {
		return []*Link{doubtful}, onPath
	}
	return good, onPath
}

// repeats reports whether the path has the item already, or one that is the
// same CA under another certificate (RFC 4158 section 2.4.2: subject, key and
// subjectAltName alike).
func (b *builder) repeats(items []*Item, it *Item) bool {
	for _, x := range items {
		if x == it || x.Cert.PublicKey.SHA256 == it.Cert.PublicKey.SHA256 &&
			x.Cert.Subject.Key() == it.Cert.Subject.Key() && len(x.Cert.SubjectAltName) == len(it.Cert.SubjectAltName) {
			return true
		}
	}
	return false
}

func (b *builder) selfSigned(it *Item) bool {
	c := it.Cert
	if c.Reissued {
		return true
	}
	if aki := c.AuthorityKeyID; aki != nil && len(aki.KeyID) > 0 && len(c.SubjectKeyID) > 0 && !bytes.Equal(aki.KeyID, c.SubjectKeyID) {
		return false
	}
	if b.checks >= b.budget.Signatures {
		b.c.GaveUp = "signatures"
		return false
	}
	b.checks++
	r, _ := b.c.memory.signature(c, c)
	if r.Status == x509read.NotCheckable {
		return true // nobody else can have issued a certificate of its own name that we know of
	}
	return r.Status == x509read.Verified
}
