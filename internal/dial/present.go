package dial

import (
	"context"
	"errors"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// present shakes hands with the identity and waits for what becomes of it. Where
// the server asks for none, the path is requested only if the plan says so: a
// location may ask by renegotiation, or want to after a TLS 1.3 handshake.
func (d *dialer) present(ctx context.Context, t ask.Target, hello string, id *ask.Identity, alpn, path bool) *attempt {
	a := newAttempt(t, chain.TransportTLS, hello)
	a.obs.ServerName = sniName(t.ServerName)
	s, err := d.startSession(ctx, t, hello, id, alpn)
	defer s.close()
	if s.conn == nil {
		a.fail(err)
		return a
	}
	a.obs.Network = s.rec.RemoteAddr().String()
	a.fill(s.rec.flight())
	if a.obs.ClientAuth == nil {
		a.obs.ClientAuth = s.demand
	}
	if err != nil {
		a.broken(err, s, id)
		return a
	}
	o := &a.obs.Outcome
	o.OK, o.Stage = true, chain.StageFinished
	o.KeyProof = chain.ProofVerified // crypto/tls has checked it
	if s.asked {
		a.shown(s, id)
		a.decide(s.awaitFate())
		if a.obs.Presented.Fate == chain.FateAccepted && t.HTTPS {
			d.askAgain(ctx, a, hello, id, alpn)
		}
		return a
	}
	a.obs.ClientAuth = noDemand()
	a.withheld(id, chain.FateUnasked, "the server asks for no client identity")
	if path && t.HTTPS {
		a.overHTTP(s, id)
	}
	return a
}

// withheld notes an identity that was not sent, and why.
func (a *attempt) withheld(id *ask.Identity, fate chain.Fate, why string) {
	a.obs.Presented = &chain.Presented{Sent: []string{}, Version: a.obs.Outcome.Version, Fate: fate, LocalNote: why}
	if id != nil {
		a.obs.Presented.Withheld = a.keep(id.Chain)
	}
}

// shown notes what was sent to the server that asked.
func (a *attempt) shown(s *session, id *ask.Identity) {
	a.obs.Presented = &chain.Presented{Sent: []string{}, Version: a.obs.Outcome.Version, Fate: chain.FateUnknown}
	if s.sent {
		a.obs.Presented.Sent, a.obs.Presented.Place = a.keep(id.Chain), id.Place
	}
}

// broken records a handshake that failed. Up to TLS 1.2 a server refuses an
// identity inside the handshake; a refusal of our own side is not its verdict.
func (a *attempt) broken(err error, s *session, id *ask.Identity) {
	local, engine := engineError(err)
	a.fail(engine)
	if !s.asked && a.obs.ClientAuth == nil {
		return
	}
	a.shown(s, id)
	p := a.obs.Presented
	var alert *errAlert
	switch {
	case local != "":
		a.withheld(id, chain.FateUnknown, local)
	case !s.asked:
	case errors.As(engine, &alert):
		p.Fate, p.Over, p.Alert = chain.FateRefused, chain.OverTLS, &alert.code
	case a.obs.Outcome.ErrorKind == chain.ErrorClosed:
		p.Fate, p.Over = chain.FateRefused, chain.OverTLS
	default:
		p.LocalNote = silence(err)
	}
	a.mode()
}

// mode tells required from requested where no identity was sent.
func (a *attempt) mode() {
	p := a.obs.Presented
	if len(p.Sent) > 0 || p.LocalNote != "" || a.obs.ClientAuth == nil {
		return
	}
	switch {
	case p.Fate == chain.FateRefused:
		a.obs.ClientAuth.Mode = chain.ClientAuthRequired
	case p.Fate == chain.FateAccepted, p.Over == chain.OverHTTP:
		a.obs.ClientAuth.Mode = chain.ClientAuthRequested
	}
}

// askAgain sends the one GET on a connection of its own: nginx accepts every
// identity in the handshake and refuses in HTTP.
func (d *dialer) askAgain(ctx context.Context, a *attempt, hello string, id *ask.Identity, alpn bool) {
	s, err := d.startSession(ctx, a.target, hello, id, alpn)
	defer s.close()
	switch {
	case err == nil:
		a.overHTTP(s, id)
	case id != nil:
		a.obs.Presented.Fate, a.obs.Presented.LocalNote = chain.FateUnknown, "the second handshake, for the HTTP request, failed: "+silence(err)
	}
}

// overHTTP sends the GET and judges the answer.
func (a *attempt) overHTTP(s *session, id *ask.Identity) {
	before := s.asked
	answer, err := get(s.conn, a.target)
	if answer.status != 0 {
		a.obs.HTTP = answer.observed()
	}
	if !before && s.asked { // renegotiation
		a.obs.ClientAuth = s.demand
		a.shown(s, id)
	}
	fate, sentence := judgeHTTP(answer)
	if !s.asked {
		if answer.status == 403 && sentence == chain.SentencePostHandshake {
			a.withheld(id, fate, "the server wants the certificate after the handshake, which this client cannot do in TLS 1.3")
			p := a.obs.Presented
			p.Over, p.Status, p.Sentence = chain.OverHTTP, answer.status, sentence
		}
		return
	}
	p := a.obs.Presented
	code, alerted := remoteAlert(err)
	switch {
	case answer.status != 0:
		p.Fate, p.Over, p.Status, p.Sentence = fate, chain.OverHTTP, answer.status, sentence
	case alerted && code != tlsname.CloseNotify:
		p.Fate, p.Over, p.Alert = chain.FateRefused, chain.OverTLS, &code
	default:
		local, engine := engineError(err)
		var notHTTP *errNotTLS
		var badHTTP *outside
		switch {
		case local != "" && !before:
			a.withheld(id, chain.FateUnknown, local)
		case !errors.As(engine, &notHTTP) && !errors.As(engine, &badHTTP): // which are answers; Node hangs up on an identity it refuses
			p.Fate, p.Over, p.LocalNote = chain.FateUnknown, "", silence(err)
			if len(p.Sent) == 0 && hangsUp(err) { // which answers the want of one
				p.Fate, p.Over = chain.FateRefused, chain.OverHTTP
				a.obs.ClientAuth.Mode = chain.ClientAuthRequired
			}
		}
	}
	a.mode()
}

// settle learns, without an identity, whether the one that was asked for is
// required: our own handshake has heard the answer of TLS, one that it could
// not compute is completed by crypto/tls.
func (d *dialer) settle(ctx context.Context, a *attempt, alpn bool) {
	hello := tlsname.HelloGo13
	if a.obs.Outcome.Version != tlsname.TLS13.String() {
		hello = tlsname.HelloGo12
	}
	if a.obs.Presented == nil {
		s, err := d.startSession(ctx, a.target, hello, nil, alpn)
		defer s.close()
		if s.conn == nil {
			return
		}
		a.obs.Presented = &chain.Presented{Sent: []string{}, Version: a.obs.Outcome.Version, Fate: chain.FateUnknown}
		if err != nil {
			a.settleBroken(err, s)
			return
		}
		if !s.asked {
			return
		}
		a.decide(s.awaitFate())
	}
	if a.obs.Presented.Fate == chain.FateAccepted && a.target.HTTPS {
		d.askAgain(ctx, a, hello, nil, alpn)
	}
}

// settleBroken reads a failed completion without spoiling the outcome of the
// handshake that showed the chain.
func (a *attempt) settleBroken(err error, s *session) {
	p := a.obs.Presented
	local, engine := engineError(err)
	var alert *errAlert
	switch {
	case local != "":
		p.LocalNote = local
	case !s.asked:
	case errors.As(engine, &alert):
		p.Fate, p.Over, p.Alert = chain.FateRefused, chain.OverTLS, &alert.code
	}
	a.mode()
}

func noDemand() *chain.ClientAuthDemand {
	return &chain.ClientAuthDemand{Mode: chain.ClientAuthNone, Authorities: [][]byte{}, Schemes: []tlsname.Scheme{}, Types: []byte{}}
}
