package revocation

import "github.com/chainspect/chainspect/pkg/chain"

// Annotate writes what is known of each certificate below the anchor into a
// report, where there is evidence or the want of it was noted. A certificate on
// several paths may have several issuers: the path that is judged best counts.
func Annotate(c *chain.Case, r *chain.Report) {
	b := bookOf(c)
	if !b.any() {
		return
	}
	seen := map[*chain.Item]bool{}
	for _, p := range c.Paths {
		for i := range p.Links {
			it := p.Items[i]
			if seen[it] {
				continue
			}
			seen[it] = true
			a := b.status(p, i)
			s := chain.RevocationReport{Item: it.Index, Source: a.source}
			switch a.state {
			case good:
				s.Status = "good"
			case revoked:
				s.Status, s.Reason, s.RevokedAt = "revoked", a.reason.String(), a.date.UTC()
			default:
				s.Status, s.Source, s.Why = "unknown", "", a.why
			}
			r.Revocation = append(r.Revocation, s)
		}
	}
}

// any reports whether there is evidence about revocation, or was asked for.
func (b *book) any() bool { return len(b.lists) > 0 || len(b.replies) > 0 || b.asked }
