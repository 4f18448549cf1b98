package client

import (
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A Panel asks the rules once about a case and lets many clients judge what they
// found. It is made once and used by many goroutines.
type Panel struct {
	all    *chain.Evaluator
	apple  func() *chain.Evaluator
	stores func(name string) *chain.Anchors
}

// NewPanel makes a panel. all asks every rule, whatever its severity; apple judges
// the rows of Apple platforms; stores gives the public roots of a client by the
// name of its store, nil where there are none.
func NewPanel(all *chain.Evaluator, apple func() *chain.Evaluator, stores func(name string) *chain.Anchors) *Panel {
	return &Panel{all, apple, stores}
}

// Judge says what each client would make of an input, in the order of the clients.
func (p *Panel) Judge(in chain.Input, clients []*Client) []chain.Opinion {
	b := &bench{p: p, in: in}
	out := make([]chain.Opinion, len(clients))
	for i, k := range clients {
		out[i] = b.survey(k).Judge(k.grade)
	}
	return out
}

// A bench is one input in front of a panel, with what several clients share of it.
type bench struct {
	p        *Panel
	in       chain.Input
	platform string
	stores   []storeOf
	cases    []sharedCase
	asked    []askedSurvey
	seen     []string // by observation
}

// A sharedCase is the input built with some roots, on what some observation brought.
type sharedCase struct {
	store *chain.Anchors
	seen  string
	c     *chain.Case
	s     *chain.Survey // nil: nobody has asked
}

type askedSurvey struct {
	base  *chain.Survey
	hello string
	floor tlsname.Version
	s     *chain.Survey
}

// built is the case of an observation with a client's roots.
func (b *bench) built(store storeOf, observation int) *chain.Case {
	return b.shared(store, observation).c
}

func (b *bench) shared(store storeOf, observation int) *sharedCase {
	seen := b.watched(observation)
	for i := range b.cases {
		if c := &b.cases[i]; c.store == store.anchors && c.seen == seen {
			return c
		}
	}
	in := b.in
	in.Observation, in.Anchors = observation, store.anchors
	b.cases = append(b.cases, sharedCase{store: store.anchors, seen: seen, c: b.p.apple().Case(in)})
	return &b.cases[len(b.cases)-1]
}

// survey is what the rules find for a client: on the list its own hello brought,
// with its own roots. Clients for whom nothing differs share it.
func (b *bench) survey(k *Client) *chain.Survey {
	shared := b.shared(b.store(k), b.observation(k))
	if shared.s == nil {
		shared.s = b.p.all.Survey(shared.c)
	}
	base := shared.s
	if k.Hello == "" || shared.c.Observation == nil || shared.c.Observation.Transport != chain.TransportTLS {
		return base
	}
	for _, s := range b.asked {
		if s.base == base && s.hello == k.Hello && s.floor == k.Floor {
			return s.s
		}
	}
	q := b.in.Question
	q.Hello, q.Floor = k.Hello, k.Floor
	s := base.Asked(q, "strict-handshake")
	b.asked = append(b.asked, askedSurvey{base, k.Hello, k.Floor, s})
	return s
}

// A storeOf is the roots of a client: info says which public ones, and anchors are
// those that bear on the input, so that clients for whom none of the public ones
// does share a case.
type storeOf struct {
	name    string
	info    chain.StoreInfo
	anchors *chain.Anchors
}

// store is the roots a client trusts: its own public ones, and what was installed.
// Without a trust store in the question nobody has one.
func (b *bench) store(k *Client) storeOf {
	name := ""
	if b.in.Anchors.HasStore() && b.p.stores != nil {
		name = k.Store
	}
	for _, s := range b.stores {
		if s.name == name {
			return s
		}
	}
	s := storeOf{name: name}
	given := b.in.Anchors.Given()
	if b.in.Anchors.Count(chain.App) > 0 {
		given = b.in.Anchors.Without(chain.App).Given()
	}
	if name == "" && !b.in.Anchors.HasStore() && b.in.Anchors.Count(chain.App) == 0 {
		s.anchors = b.in.Anchors // as they are
	} else if name == "" {
		s.anchors = chain.NewAnchors(chain.StoreInfo{Name: "none"}, given...)
	} else if public := b.p.stores(name); public != nil {
		s.info, s.anchors = public.Store, b.store(&Client{}).anchors
		if b.bears(public) {
			s.anchors = public.With(given...)
		}
	}
	b.stores = append(b.stores, s)
	return s
}

// bears reports whether a store has a root that a path of the input could end at:
// a certificate of the input itself, or an issuer of one.
func (b *bench) bears(store *chain.Anchors) bool {
	for _, it := range b.built(b.store(&Client{}), b.in.Observation).Items {
		if store.ByHash(it.Cert.SHA256) != nil || len(store.BySubject(it.Cert.Issuer.Key())) > 0 {
			return true
		}
	}
	return false
}

// observation is the one that a client's own hello brought from the peer whose
// list is judged, where it brought a list; else the judged one.
func (b *bench) observation(k *Client) int {
	all := b.in.Capture.Observations
	if k.Hello == "" || b.in.Observation >= len(all) {
		return b.in.Observation
	}
	own := b.in.Observation
	for i := range all {
		switch o := &all[i]; {
		case !b.samePeer(o) || tlsname.BaseHello(o.Hello) != k.Hello:
		case own == b.in.Observation:
			own = i
		}
	}
	if own != b.in.Observation && b.chance() {
		return b.in.Observation
	}
	return own
}

// samePeer reports whether an observation has a list of the peer whose list is judged.
func (b *bench) samePeer(o *chain.Observation) bool {
	judged := &b.in.Capture.Observations[b.in.Observation]
	return o.Network == judged.Network && o.ServerName == judged.ServerName && len(o.Sent) > 0
}

// chance reports whether the same hello got different lists: then what a client's
// own got once is no evidence about that client.
func (b *bench) chance() bool {
	first := map[string]*chain.Observation{}
	for i := range b.in.Capture.Observations {
		o := &b.in.Capture.Observations[i]
		if !b.samePeer(o) {
			continue
		}
		hello := tlsname.BaseHello(o.Hello)
		if before := first[hello]; before == nil {
			first[hello] = o
		} else if !slices.Equal(before.Sent, o.Sent) {
			return true
		}
	}
	return false
}

// watched is what of an observation the rules that clients are graded by look at;
// "" where there is no other that it could be told from.
func (b *bench) watched(i int) string {
	if n := len(b.in.Capture.Observations); n < 2 || i >= n {
		return ""
	}
	if b.seen == nil {
		b.seen = make([]string, len(b.in.Capture.Observations))
	}
	if b.seen[i] == "" {
		b.seen[i] = watched(b.in.Capture, i)
	}
	return b.seen[i]
}

func watched(c *chain.Capture, i int) string {
	o := &c.Observations[i]
	suite := ""
	if o.Outcome.SuiteID.Exchange() == tlsname.StaticRSA {
		suite = " static"
	}
	staple := ""
	if len(o.Staples) > 0 {
		staple = " stapled"
	}
	return strings.Join(o.Sent, " ") + " " + o.Outcome.Version + suite + staple + " " + string(o.Outcome.KeyProof)
}

// Clients lists all rows, in the order they are shown.
func Clients() []*Client { return slices.Clone(all()) }

// Names lists the names --clients takes, each once.
func Names() []string {
	var out []string
	for _, k := range all() {
		if !slices.Contains(out, k.Name) {
			out = append(out, k.Name)
		}
	}
	return out
}

// Hellos lists the hellos of some clients, each once.
func Hellos(clients []*Client) []string {
	var out []string
	for _, k := range clients {
		if k.Hello != "" && !slices.Contains(out, k.Hello) {
			out = append(out, k.Hello)
		}
	}
	return out
}
