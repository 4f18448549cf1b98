package revocation

import (
	"slices"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// state is what is known of a certificate.
type state int

const (
	undetermined state = iota
	good
	revoked
)

// answer is the status of one certificate under one issuer.
type answer struct {
	state       state
	reason      Reason
	date        time.Time
	from        string // how that came: "stapled", "given", "fetched-ocsp", "fetched-crl"
	source      string // what said so: "the CRL of CN=…", "the stapled OCSP response"
	why         string // undetermined: what came nearest to an answer lacked
	uncheckable bool   // undetermined: the signature of a list cannot be checked here, so that it may be one
}

// book holds the revocation evidence of a case, read once.
type book struct {
	c        *chain.Case
	lists    []*crlEvidence
	complete []*crlEvidence // those that could be read and are no delta lists, the newest first
	replies  []*reply
	asked    bool // the network was, whatever came of it
	memo     map[subject]answer
	signers  map[signature]x509read.SignatureStatus
	checks   int
}

// crlEvidence is one CRL of the evidence.
type crlEvidence struct {
	*CRL
	source  string
	fetched bool
	err     error
	use     usage
}

// from is how the list came.
func (l *crlEvidence) from() string {
	if l.fetched {
		return "fetched-crl"
	}
	return "given"
}

// subject is a certificate below a certain issuer and anchor.
type subject struct{ cert, issuer, anchor *chain.Item }

type signature struct {
	list *crlEvidence
	key  [32]byte
}

// The bounds on hostile evidence; honest chains need a handful.
const (
	maxLists  = 512
	maxChecks = 512
	maxDepth  = 6
)

// evidenced reports whether anybody was asked about revocation, or said anything: of
// most cases not, and then no book is opened.
func evidenced(c *chain.Case) bool {
	return c.Observation != nil && len(c.Observation.Staples) > 0 ||
		slices.ContainsFunc(c.Capture.Evidence, func(e chain.Evidence) bool { return e.Kind == chain.EvidenceCRL || e.Kind == chain.EvidenceOCSP })
}

type bookKey struct{}

func bookOf(c *chain.Case) *book {
	return chain.Once(c, bookKey{}, func() *book { return newBook(c) })
}

func newBook(c *chain.Case) *book {
	b := &book{c: c, memo: map[subject]answer{}, signers: map[signature]x509read.SignatureStatus{}}
	for i := range c.Capture.Evidence {
		e := &c.Capture.Evidence[i]
		if e.Origin == string(chain.OriginFetched) && (e.Kind == chain.EvidenceOCSP || e.Kind == chain.EvidenceCRL) {
			b.asked = true
		}
		if e.Kind != chain.EvidenceCRL || e.Error != "" || len(b.lists) >= maxLists {
			continue
		}
		g := &crlEvidence{source: e.Source, fetched: e.Origin == string(chain.OriginFetched)}
		g.CRL, g.err = ParseCRL(e.Data)
		b.lists = append(b.lists, g)
	}
	b.complete = newestFirst(b.lists)
	b.readReplies()
	return b
}

// hardFail reports whether every certificate below the anchor needs an answer.
func (b *book) hardFail() bool {
	switch b.c.Question.Revocation {
	case chain.RevocationRequire:
		return true
	case chain.RevocationGiven:
		return len(b.lists) > 0
	}
	return false
}

// status answers for the item at index i of a path, which has an issuer there.
func (b *book) status(p *chain.Path, i int) answer {
	return b.statusOf(p.Items[i], p.Items[i+1:], nil)
}

// statusOf answers for a certificate whose issuers up to the anchor are known. visiting
// are the certificates whose own status rests on this one.
func (b *book) statusOf(it *chain.Item, issuers []*chain.Item, visiting []*chain.Item) answer {
	key := subject{it, issuers[0], issuers[len(issuers)-1]}
	if a, ok := b.memo[key]; ok {
		return a
	}
	a := b.byReplies(it, issuers[0])
	if a.state != revoked {
		if l := b.byLists(it, issuers, append(visiting[:len(visiting):len(visiting)], it)); l.state == revoked || a.state == undetermined && (l.state == good || l.why != "") {
			a = l
		}
	}
	if a.state == undetermined && a.why == "" {
		a.why = b.noReply(it)
	}
	if len(visiting) == 0 || a.state != undetermined { // deeper, "undetermined" may only mean a circle
		b.memo[key] = a
	}
	return a
}

// Annotate writes what is known of each certificate below the anchor into a
// report, where there is evidence or the want of it was noted. A certificate on
// several paths may have several issuers: the path that is judged best counts.
func Annotate(c *chain.Case, r *chain.Report) {
	if !evidenced(c) || !bookOf(c).any() {
		return
	}
	b := bookOf(c)
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
