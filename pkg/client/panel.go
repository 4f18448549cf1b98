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
	all, apple *chain.Evaluator
	stores     func(name string) *chain.Anchors
}

// NewPanel makes a panel. all asks every rule, whatever its severity; apple judges
// the rows of Apple platforms; stores gives the public roots of a client by the
// name of its store, nil where there are none.
func NewPanel(all, apple *chain.Evaluator, stores func(name string) *chain.Anchors) *Panel {
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
	surveys  []sharedSurvey
	asked    []askedSurvey
}

type sharedSurvey struct {
	store string // of the roots it was made with; "": none but those given
	seen  string // what the client's own hello brought
	s     *chain.Survey
}

type askedSurvey struct {
	base  *chain.Survey
	hello string
	floor tlsname.Version
	s     *chain.Survey
}

// survey is what the rules find for a client: on the list its own hello brought,
// with its own roots. Clients for whom nothing differs share it.
func (b *bench) survey(k *Client) *chain.Survey {
	in := b.in
	in.Observation = b.observation(k)
	store := b.store(k)
	in.Anchors = store.anchors
	seen := sight(in.Capture, in.Observation)
	var base *chain.Survey
	for _, s := range b.surveys {
		if s.store == store.name && s.seen == seen {
			base = s.s
		}
	}
	if base == nil {
		base = b.p.all.Survey(chain.Build(in, b.p.all.Budget, b.p.all.Memory))
		b.surveys = append(b.surveys, sharedSurvey{store.name, seen, base})
	}
	if k.Hello == "" {
		return base
	}
	for _, s := range b.asked {
		if s.base == base && s.hello == k.Hello && s.floor == k.Floor {
			return s.s
		}
	}
	q := in.Question
	q.Hello, q.Floor = k.Hello, k.Floor
	s := base.Asked(q, "strict-handshake")
	b.asked = append(b.asked, askedSurvey{base, k.Hello, k.Floor, s})
	return s
}

type storeOf struct {
	name    string
	anchors *chain.Anchors
}

// store is the roots a client trusts: its own public ones, and what was installed.
// Without a trust store in the question nobody has one.
func (b *bench) store(k *Client) storeOf {
	given := b.in.Anchors.Without(chain.App).Given()
	var public *chain.Anchors
	if b.in.Anchors.HasStore() && k.Store != "" && b.p.stores != nil {
		public = b.p.stores(k.Store)
	}
	if public == nil {
		return storeOf{"", chain.NewAnchors(chain.StoreInfo{Name: "none"}, given...)}
	}
	if len(given) > 0 {
		public = public.With(given...)
	}
	return storeOf{k.Store, public}
}

// observation is the one that a client's own hello brought from the peer whose
// list is judged, where it brought a list; else the judged one.
func (b *bench) observation(k *Client) int {
	all := b.in.Capture.Observations
	if k.Hello == "" || b.in.Observation >= len(all) {
		return b.in.Observation
	}
	judged := &all[b.in.Observation]
	for i := range all {
		if o := &all[i]; tlsname.BaseHello(o.Hello) == k.Hello && o.Network == judged.Network && o.ServerName == judged.ServerName && len(o.Sent) > 0 {
			return i
		}
	}
	return b.in.Observation
}

// sight is what of an observation the rules of package strict and below look at.
func sight(c *chain.Capture, i int) string {
	if i >= len(c.Observations) {
		return ""
	}
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
func Clients() []*Client {
	out := make([]*Client, len(clients))
	for i := range clients {
		out[i] = &clients[i]
	}
	return out
}

// Names lists the names --clients takes, each once.
func Names() []string {
	var out []string
	for i := range clients {
		if !slices.Contains(out, clients[i].Name) {
			out = append(out, clients[i].Name)
		}
	}
	return out
}

// Row finds a client's row by name and version; nil: there is none.
func Row(name, version string) *Client {
	for i := range clients {
		if clients[i].Name == name && clients[i].Version == version {
			return &clients[i]
		}
	}
	return nil
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
