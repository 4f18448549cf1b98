package dial

import (
	"context"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/dial/starttls"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// Ask is the ask.Func of this package.
func Ask(ctx context.Context, t ask.Target, plan ask.Plan, way ask.Way) ([]chain.Observation, map[string][]byte) {
	d := &dialer{Timeout: way.Timeout, Transport: transportOf(way)}
	return d.Probe(ctx, t, plan)
}

// Probe asks one target: Apple's hello under ATS, and only where that does not
// bring a certificate the wider ones. Everything together takes no longer than
// d.Timeout. Observations are in the order made; the blobs are the
// certificates they name.
func (d *dialer) Probe(ctx context.Context, t ask.Target, plan ask.Plan) ([]chain.Observation, map[string][]byte) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout())
	defer cancel()
	var made []*attempt
	if t.StartTLS == starttls.Auto {
		if t.StartTLS = d.findStartTLS(ctx, t); t.StartTLS != nil {
			t.HTTPS = false
		}
	}
	targets := d.everyAddress(ctx, t, plan)
	for i, t := range targets {
		share, cancel := shareOf(ctx, len(targets)-i)
		p := &probe{d: d, ctx: share, target: t, plan: plan}
		if t.Scheme == "http" {
			p.clearText()
		}
		if t.Scheme == schemeDTLS {
			p.datagrams()
		} else if p.run() {
			plan.Identity, plan.Full = nil, false
		}
		cancel()
		made = append(made, p.made...)
	}
	observations := make([]chain.Observation, 0, len(made))
	for _, a := range made {
		observations = append(observations, a.obs)
	}
	return observations, collect(made)
}

// A probe is the state of one target being asked.
type probe struct {
	d      *dialer
	ctx    context.Context
	target ask.Target
	plan   ask.Plan
	made   []*attempt

	noALPN bool // the server knows no protocol offered
	small  bool // a hello of more than one packet comes to nothing
}

// run reports whether the server showed its certificates.
func (p *probe) run() bool {
	base := p.widen(p.first())
	if base == nil {
		p.preShared()
		return false
	}
	if base.staticRSA() && !p.timeUp() { // for want of ECDHE, or of a group in common
		h, _ := tlsname.HelloNamed(tlsname.HelloECDHE)
		p.say(p.ctx, h)
	}
	if p.plan.Full {
		p.full()
	}
	for _, name := range p.plan.Also {
		if h, ok := tlsname.HelloNamed(name); ok && !p.timeUp() {
			p.say(p.ctx, h)
		}
	}
	if p.plan.Nameless && p.target.ServerName != "" && !p.timeUp() {
		p.nameless()
	}
	p.clientAuth(base)
	return true
}

// nameless says Apple's hello without a server_name.
func (p *probe) nameless() {
	named := p.target.ServerName
	p.target.ServerName = ""
	h, _ := tlsname.HelloNamed(tlsname.HelloATS)
	p.say(p.ctx, h)
	p.target.ServerName = named
}

// timeUp: no further attempt may begin. A stream's deadline can wake us a
// moment before the context does.
func (p *probe) timeUp() bool {
	deadline, _ := p.ctx.Deadline()
	return p.ctx.Err() != nil || !time.Now().Before(deadline)
}

// say makes one attempt and keeps it; what was learnt of ALPN and of large
// hellos is heeded.
func (p *probe) say(ctx context.Context, h tlsname.Hello) *attempt {
	if p.small {
		h = h.Small()
	}
	if p.noALPN && len(h.ALPN) > 0 {
		h = h.WithoutALPN()
	}
	a := p.d.handshake(ctx, p.target, h, nil)
	p.made = append(p.made, a)
	p.keepAddress(a)
	return p.adapt(ctx, a, h)
}

// adapt asks again where the answer was about something that is not the
// chain: the application protocol, or the name.
func (p *probe) adapt(ctx context.Context, a *attempt, h tlsname.Hello) *attempt {
	if a.seen() || a.obs.Outcome.Alert == nil {
		return a
	}
	switch *a.obs.Outcome.Alert {
	case tlsname.NoApplicationProtocol:
		if p.target.HTTPS && !p.noALPN {
			p.noALPN = true
			return p.say(ctx, h)
		}
	case tlsname.UnrecognizedName:
		if p.target.ServerName != "" {
			p.target.ServerName = ""
			return p.say(ctx, h)
		}
	}
	return a
}

// seen: the server showed its certificate message.
func (a *attempt) seen() bool {
	return a.obs.Outcome.Stage == chain.StageCertificate || a.obs.Outcome.Stage == chain.StageFinished
}

// hopeless: no other hello would get further.
func (a *attempt) hopeless() bool {
	o := &a.obs.Outcome
	return o.Stage == chain.StageDNS || o.Stage == chain.StageConnect || o.ErrorKind == chain.ErrorNotTLS || a.endless
}

// pskOnly: the server goes by pre-shared keys and has no certificate to show.
func (a *attempt) pskOnly() bool {
	e := a.obs.Outcome.SuiteID.Exchange()
	return e == tlsname.PSK || e == tlsname.RSAPSK
}

// staticRSA: the server chose a key exchange without forward secrecy.
func (a *attempt) staticRSA() bool {
	return a.obs.Outcome.SuiteID.Exchange() == tlsname.StaticRSA
}

// widen says wider hellos until one brings a certificate: those of Apple
// platforms first, for what an app's exceptions are worth is read off them, then
// everything, the highest version first. It gives the attempt that did, or nil.
func (p *probe) widen(a *attempt) *attempt {
	names := []string{tlsname.HelloRSA, tlsname.HelloTLS10, tlsname.HelloDefault, tlsname.HelloWide13, tlsname.HelloWide12, tlsname.HelloPSK, tlsname.HelloSSL3}
	for i := 0; !a.seen(); i++ {
		if i == len(names) || a.hopeless() || a.pskOnly() || p.timeUp() {
			return nil
		}
		h, _ := tlsname.HelloNamed(names[i])
		ctx, cancel := halfOf(p.ctx)
		a = p.say(ctx, h)
		cancel()
	}
	return a
}

// halfOf is the first half of the time left, so that one hello that meets
// silence leaves some for the next.
func halfOf(ctx context.Context) (context.Context, context.CancelFunc) { return shareOf(ctx, 2) }

// shareOf is the first of n equal parts of the time left.
func shareOf(ctx context.Context, n int) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok || n == 1 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(deadline)/time.Duration(n))
}

// full learns each version by itself and static RSA.
func (p *probe) full() {
	for _, name := range []string{tlsname.HelloOnly13, tlsname.HelloOnly12, tlsname.HelloOnly11, tlsname.HelloOnly10, tlsname.HelloStaticRSA} {
		h, _ := tlsname.HelloNamed(name)
		if !p.timeUp() {
			p.say(p.ctx, h)
		}
	}
}

// clientAuth finds out what the server makes of no identity, and of the one
// that was lent.
func (p *probe) clientAuth(base *attempt) {
	demand := base.obs.ClientAuth
	asks := demand != nil && demand.Mode != chain.ClientAuthNone
	if asks && base.obs.Outcome.OK {
		p.d.settle(p.ctx, base, p.target.HTTPS && !p.noALPN)
	}
	if p.plan.Identity == nil {
		if p.plan.Path && p.target.HTTPS && !asks && !p.timeUp() {
			p.made = append(p.made, p.d.present(p.ctx, p.target, p.presenting(base)[0], nil, !p.noALPN, true))
		}
		return
	}
	before := len(p.made)
	p.present(base, asks)
	p.unshown(before)
}

// presenting are the hellos to show an identity in: TLS 1.3 where the server
// speaks it, and TLS 1.2.
func (p *probe) presenting(base *attempt) []string {
	if base.obs.Outcome.Version == tlsname.TLS13.String() {
		return []string{tlsname.HelloGo13, tlsname.HelloGo12}
	}
	return []string{tlsname.HelloGo12}
}

// present shows the identity in every way of the plan and in every version.
func (p *probe) present(base *attempt, asks bool) {
	hellos := p.presenting(base)
	identities := []ask.Identity{*p.plan.Identity}
	if p.plan.Variants {
		identities = p.plan.Identity.Variants()
	}
	for i := range identities {
		for _, hello := range hellos {
			if p.timeUp() {
				return
			}
			a := p.d.present(p.ctx, p.target, hello, &identities[i], p.target.HTTPS && !p.noALPN, p.plan.Path)
			if asks && a.obs.ClientAuth != nil && a.obs.ClientAuth.Mode == chain.ClientAuthUnknown {
				a.obs.ClientAuth.Mode = base.obs.ClientAuth.Mode
			}
			p.made = append(p.made, a)
		}
	}
}

// unshown notes that the identity was not shown in any of the attempts made
// from a given one on: no handshake came as far as the server's asking.
func (p *probe) unshown(from int) {
	for _, a := range p.made[from:] {
		if a.obs.Presented != nil {
			return
		}
	}
	why := "there was no time left to show it"
	if from < len(p.made) {
		why = "the handshake to show it in failed: " + p.made[len(p.made)-1].obs.Outcome.Error
	} else {
		p.made = append(p.made, newAttempt(p.target, chain.TransportTLS, tlsname.HelloGo13))
	}
	p.made[len(p.made)-1].withheld(p.plan.Identity, chain.FateUnknown, why)
}
