package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"slices"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// Options say what is fetched, and how.
type Options struct {
	Kinds   []string // of Names
	Private bool     // --fetch-private
	Way     ask.Way
}

// An Enricher adds evidence to one capture.
type Enricher struct {
	Get     Func
	Options Options
	// Build gives the candidate paths of an observation's list, with the evidence
	// that the capture has by then.
	Build func(c *chain.Capture, observation int) *chain.Case

	ctx     context.Context
	capture *chain.Capture
	list    int // the observation
	from    netip.Addr
	asked   map[string]bool // what was asked for already
	left    int
}

// Enrich adds what the lists of a capture point at, for as long as ctx lasts.
func (e *Enricher) Enrich(ctx context.Context, c *chain.Capture, observations ...int) {
	e.ctx, e.capture, e.asked = ctx, c, map[string]bool{}
	for _, i := range observations {
		e.list, e.from, e.left = i, netip.Addr{}, MaxRequests
		if peer, err := netip.ParseAddrPort(c.Observations[i].Network); err == nil {
			e.from = peer.Addr()
		}
		e.one()
	}
}

// one fetches issuers first, since they tell whom to ask about revocation.
func (e *Enricher) one() {
	if e.wants(AIA) {
		e.issuers()
	}
	if e.wants(OCSP) || e.wants(CRL) {
		e.revocation()
	}
}

func (e *Enricher) wants(kind string) bool { return slices.Contains(e.Options.Kinds, kind) }

// issuers fetches what is missing on the way to an anchor, as Apple's chain
// builder does: only where nothing at hand leads to one (apple: X-02).
func (e *Enricher) issuers() {
	for range MaxDepth {
		c := e.Build(e.capture, e.list)
		if slices.ContainsFunc(c.Paths, complete) {
			return
		}
		before := len(e.capture.Evidence)
		for _, p := range c.Paths {
			for _, it := range open(p) {
				e.issuerOf(it.Cert)
			}
		}
		if !slices.ContainsFunc(e.capture.Evidence[before:], func(x chain.Evidence) bool { return x.Error == "" }) {
			return
		}
	}
}

// complete reports whether a path ends at an anchor and no signature on it is wrong.
func complete(p *chain.Path) bool { return p.End == chain.Anchored && len(open(p)) == 0 }

// open lists the items of a path whose issuer is not at hand.
func open(p *chain.Path) []*chain.Item {
	var out []*chain.Item
	for _, l := range p.Links {
		if l.Signature.Status == x509read.Wrong {
			out = append(out, l.Child)
		}
	}
	if last := p.Last(); p.End == chain.NoIssuer && last.Err == nil {
		out = append(out, last)
	}
	return out
}

// issuerOf asks for the issuer of a certificate at the addresses it names, until
// one answers with certificates.
func (e *Enricher) issuerOf(cert *x509read.Certificate) {
	for _, address := range usable(locations(cert, x509read.OIDAccessCAIssuers), "http") {
		got := e.fetch(chain.EvidenceCert, address, "", Request{URL: address, Max: MaxIssuer}, issuersIn)
		if got {
			return
		}
	}
}

// locations are the addresses of one kind in authorityInfoAccess.
func locations(cert *x509read.Certificate, method x509read.OID) []string {
	var out []string
	for _, a := range cert.AuthorityInfo {
		if a.Method == method && a.Location.Tag == x509read.TagURI {
			out = append(out, a.Location.Text())
		}
	}
	return out
}

// fetch asks once per key for what stands at an address, and reports whether it was
// had, now or before. read turns the body into evidence.
func (e *Enricher) fetch(kind, source, key string, r Request, read func([]byte) ([]chain.Evidence, error)) bool {
	key = kind + " " + source + " " + key
	if had, asked := e.asked[key]; asked {
		return had
	}
	e.asked[key] = false
	fail := func(why string) bool {
		e.capture.Evidence = append(e.capture.Evidence, chain.Evidence{Kind: kind, Origin: string(chain.OriginFetched), Source: source, Error: why, Data: []byte{}})
		return false
	}
	if e.left--; e.left < 0 {
		return fail("not asked: so many addresses were asked already")
	}
	ctx, cancel := share(e.ctx)
	if ctx == nil {
		return fail("not asked: there was no time left")
	}
	defer cancel()
	r.From, r.Private, r.Way = e.from, e.Options.Private, e.Options.Way
	answer, err := e.Get(ctx, r)
	if err != nil {
		return fail(err.Error())
	}
	found, err := read(answer.Data)
	if err != nil {
		return fail(err.Error())
	}
	sum := sha256.Sum256(answer.Data)
	for _, x := range found {
		x.Kind, x.Origin, x.Source = kind, string(chain.OriginFetched), source
		x.Address, x.Time, x.SHA256 = answer.Address, answer.Time.UTC(), hex.EncodeToString(sum[:])
		e.capture.Evidence = append(e.capture.Evidence, x)
	}
	e.asked[key] = true
	return true
}

// share is the time for one download: no more than MaxOne, and half of what is left,
// so that one silent server leaves some for the next. nil: there is too little.
func share(ctx context.Context) (context.Context, context.CancelFunc) {
	limit := MaxOne
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline)/2)
	}
	if limit < MinOne || ctx.Err() != nil {
		return nil, nil
	}
	return context.WithTimeout(ctx, limit)
}
