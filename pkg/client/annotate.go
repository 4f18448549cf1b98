package client

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Annotate adds to a finished report what other clients would say of its input.
// judged is the case the report is about, nil where it is not at hand; platform is
// the Apple platform whose answer the report is, "" of none.
func (p *Panel) Annotate(in chain.Input, judged *chain.Case, r *chain.Report, platform string, clients []*Client) {
	b := &bench{p: p, in: in, platform: platform}
	if store := b.store(&Client{}); judged != nil && in.Anchors.Count(chain.App) == 0 && !slices.ContainsFunc(judged.Items, builtin) {
		b.cases = []sharedCase{{store: store.anchors, seen: b.watched(in.Observation), c: judged}}
	}
	r.Clients = make([]chain.ClientVerdict, len(clients))
	for i, k := range clients {
		b.verdict(k, r, &r.Clients[i])
	}
	part(r, clients)
}

// builtin reports whether an item is a root of a platform's own store.
func builtin(it *chain.Item) bool { return it.Anchor != nil && it.Anchor.Kind == chain.Builtin }

// verdict fills a client's row.
func (b *bench) verdict(k *Client, r *chain.Report, v *chain.ClientVerdict) {
	v.Client, v.Version, v.Label, v.Confidence = k.Name, k.Version, k.Label, string(Run)
	store := b.store(k)
	if info := store.info; store.name != "" {
		v.Store = info.String()
		v.Aged = !info.Date.IsZero() && b.in.Question.Time.After(info.Date.AddDate(1, 0, 0))
	}
	switch {
	case b.clearText() && k.Name != "apple":
		v.Verdict, v.Message = chain.Undecided, "clear text has no certificate: there is nothing for this client to trust"
		return
	case k.Platform != "":
		b.apple(k, r, v)
		return
	}
	o := b.survey(k).Judge(k.grade)
	v.Verdict = o.Verdict
	if o.Seen == nil {
		v.Shows = "connects"
		if path := o.Best; path != nil && path.Anchor != nil && path.Anchor.Kind == chain.Installed {
			v.Condition = k.Roots
		}
		v.Unless = b.unless(k)
		v.Confidence = string(k.assured())
		return
	}
	v.Rule, v.Message, v.Shows = o.Seen.Rule.ID, o.Seen.Hit.Message, k.shows(o.Seen)
	if root := b.blocked(k, o); root != "" {
		v.Verdict, v.Shows, v.Confidence = chain.Undecided, "", string(Document)
		v.Message = fmt.Sprintf("%s is blocked or limited in the store of this client, and for what it is still trusted is not known", root)
		return
	}
	v.Confidence = string(k.confidence(o.Seen))
	if o.Verdict != chain.Undecided {
		return
	}
	if v.Fetches = address(o.Seen); v.Fetches == "" || !k.Fetches {
		v.Fetches, v.Shows = "", ""
	}
}

// assured is how well it is known that a client would mind nothing: as well as its
// own table as a whole.
func (k *Client) assured() Confidence {
	for _, t := range k.Tables {
		if t != common {
			return t.known
		}
	}
	return Memory
}
