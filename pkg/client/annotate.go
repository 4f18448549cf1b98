package client

import (
	"github.com/chainspect/chainspect/pkg/chain"
)

// Annotate adds to a finished report what other clients would say of its input.
// platform is the Apple platform whose answer the report is; "": of none.
func (p *Panel) Annotate(in chain.Input, r *chain.Report, platform string, clients []*Client) {
	b := &bench{p: p, in: in, platform: platform}
	r.Clients = make([]chain.ClientVerdict, 0, len(clients))
	for _, k := range clients {
		r.Clients = append(r.Clients, b.verdict(k, r))
	}
}

// verdict is a client's row.
func (b *bench) verdict(k *Client, r *chain.Report) chain.ClientVerdict {
	v := chain.ClientVerdict{Client: k.Name, Version: k.Version, Label: k.Label, Confidence: string(Run)}
	store := b.store(k)
	if info := store.anchors.Store; store.name != "" {
		v.Store = info.String()
		v.Aged = !info.Date.IsZero() && b.in.Question.Time.After(info.Date.AddDate(1, 0, 0))
	}
	if k.Platform != "" {
		b.apple(k, r, &v)
		return v
	}
	o := b.survey(k).Judge(k.grade)
	v.Verdict = o.Verdict
	if o.Seen == nil {
		v.Shows = "connects"
		if path := o.Best; path != nil && path.Anchor != nil && path.Anchor.Kind == chain.Installed {
			v.Condition = k.Roots
		}
		v.Confidence = string(k.assured())
		return v
	}
	v.Rule, v.Message, v.Shows = o.Seen.Rule.ID, o.Seen.Hit.Message, k.shows(o.Seen)
	v.Confidence = string(k.confidence(o.Seen))
	if o.Verdict != chain.Undecided {
		return v
	}
	if v.Fetches = address(o.Seen); v.Fetches == "" || !k.Fetches {
		v.Fetches, v.Shows = "", ""
	}
	return v
}

// assured is how well it is known that a client would mind nothing: as well as
// the least known of its tables.
func (k *Client) assured() Confidence {
	for _, t := range k.Tables {
		if t != common && len(t.Cells) > 0 {
			return t.Cells[0].From.Confidence
		}
	}
	return Memory
}

// apple fills a row of an Apple platform: the report's own where it is that one,
// else what profile apple says for it.
func (b *bench) apple(k *Client, r *chain.Report, v *chain.ClientVerdict) {
	v.Confidence = string(Code)
	if k.Platform == b.platform {
		v.Verdict = r.Verdict
		for i := range r.Findings {
			if f := &r.Findings[i]; f.Severity == chain.Error && (f.Status == chain.Broken) == (r.Verdict == chain.Untrusted) && r.Verdict != chain.Trusted {
				v.Rule, v.Message = f.Rule, f.Message
				break
			}
		}
		if r.Device != nil {
			v.Shows = r.Device.Text
		} else if r.Verdict == chain.Trusted {
			v.Shows = "connects"
		}
		return
	}
	in := b.in
	in.Question.Platform = k.Platform
	in.Anchors = b.store(k).anchors
	o := b.p.apple.Opinion(in)
	v.Verdict = o.Verdict
	if o.Seen == nil {
		v.Shows = "connects"
		return
	}
	v.Rule, v.Message = o.Seen.Rule.ID, o.Seen.Hit.Message
	if where := address(o.Seen); k.Fetches && where != "" && o.Verdict == chain.Untrusted {
		v.Verdict, v.Fetches = chain.Undecided, where
	}
}
