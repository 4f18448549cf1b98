package client

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// apple fills a row of an Apple platform: with the report's own answer where it is
// of that platform, or of one that cannot differ, else with what profile apple says.
func (b *bench) apple(k *Client, r *chain.Report, v *chain.ClientVerdict) {
	v.Confidence = string(Code)
	if b.platform != "" && k.Platform == b.platform {
		repeat(r, v)
		return
	}
	c := b.built(b.store(k), b.in.Observation)
	if b.platform != "" && !PlatformMatters(c) {
		repeat(r, v)
		return
	}
	q := b.in.Question
	q.Platform = k.Platform
	o := b.p.apple().Opinion(c, q)
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

// repeat makes a row of a report's own answer.
func repeat(r *chain.Report, v *chain.ClientVerdict) {
	v.Verdict = r.Verdict
	switch {
	case r.Device != nil:
		v.Shows = r.Device.Text
	case r.Verdict == chain.Trusted:
		v.Shows = "connects"
	}
	if r.Verdict == chain.Trusted {
		return
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Severity == chain.Error && (f.Status == chain.Broken) == (r.Verdict == chain.Untrusted) {
			v.Rule, v.Message = f.Rule, f.Message
			if f.Rule == "basic-intermediate-missing" && len(f.IfFetched) > 0 {
				v.Verdict, v.Fetches, v.Shows = chain.Undecided, f.IfFetched[0], ""
			}
			return
		}
	}
}

// PlatformMatters reports whether Apple platforms can come to different verdicts on
// a case: they part in the handshake, in how an Info.plist is read, in what their
// readers of certificates forgive, and in RSA-PSS. A test holds it to all stories.
func PlatformMatters(c *chain.Case) bool {
	if c.Question.AppSettings != nil || c.Observation != nil && !c.Observation.Transport.Given() {
		return true
	}
	return slices.ContainsFunc(c.Items, func(it *chain.Item) bool {
		return it.Err != nil || len(it.Cert.Faults) > 0 || it.Cert.Signature.OID == x509read.OIDRSASSAPSS
	})
}
