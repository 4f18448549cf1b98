package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A duel is Apple's hello and, should half of the time go by without a single
// byte in answer, the small one beside it. The first that is answered wins,
// and the other is given up.
type duel struct {
	p      *probe
	peer   atomic.Pointer[netip.Addr] // of the large one, once it has its byte stream; not valid where that has none
	winner atomic.Int32
	giveUp [3]context.CancelCauseFunc // by contender
	second chan *attempt              // the small one's attempt; nil where it was not begun
}

// errOutrun ends the attempt of one contender when the other one is answered.
var errOutrun = errors.New("the other hello was answered first")

const (
	nobody = iota
	largeHello
	smallHello
)

// heard is called at the first byte of a contender's answer.
func (d *duel) heard(contender int32) {
	if d.winner.CompareAndSwap(nobody, contender) {
		d.giveUp[largeHello+smallHello-contender](errOutrun)
	}
}

// challenge runs when half of the time is over.
func (d *duel) challenge(ctx context.Context, small tlsname.Hello) {
	peer := d.peer.Load()
	if peer == nil || d.winner.Load() != nobody {
		d.second <- nil
		return
	}
	target := d.p.target
	if peer.IsValid() {
		target.IP = *peer
	}
	d.second <- d.p.d.handshake(ctx, target, small, func() { d.heard(smallHello) })
}

// first says Apple's hello. A server that is silent gets the same hello without
// ML-KEM – one packet – on a second connection while the first one waits on; one
// that refuses the large hello gets the small one at once. Where the small one
// is answered the large one is said again: only what fails each time is about it.
func (p *probe) first() *attempt {
	ats, _ := tlsname.HelloNamed(tlsname.HelloATS)
	small, _ := tlsname.HelloNamed(tlsname.HelloSmall)
	a, b := p.duel(ats, small)
	p.made = append(p.made, a)
	p.keepAddress(a)
	switch {
	case b != nil:
		p.made = append(p.made, b)
		b = p.adapt(p.ctx, b, small)
	case a.seen() || a.hopeless() || !a.maybeLarge() || p.timeUp():
		return p.adapt(p.ctx, a, ats)
	default:
		b = p.say(p.ctx, small)
	}
	if !b.seen() || p.timeUp() {
		return b
	}
	ctx, cancel := halfOf(p.ctx)
	defer cancel()
	if again := p.say(ctx, ats); again.seen() {
		return again
	}
	p.small = true
	return b
}

// duel gives the attempt with the large hello, and the one with the small
// hello where it was made and the large one got no answer.
func (p *probe) duel(large, small tlsname.Hello) (a, b *attempt) {
	d := &duel{p: p, second: make(chan *attempt, 1)}
	var ctx [3]context.Context
	for _, c := range []int{largeHello, smallHello} {
		ctx[c], d.giveUp[c] = context.WithCancelCause(p.ctx)
		defer d.giveUp[c](nil)
	}
	deadline, _ := p.ctx.Deadline()
	timer := time.AfterFunc(time.Until(deadline)/2, func() { d.challenge(ctx[smallHello], small) })
	dialer := *p.d
	dialer.opened = func(conn net.Conn) {
		end, _ := netip.ParseAddrPort(conn.RemoteAddr().String())
		ip := end.Addr()
		d.peer.Store(&ip)
	}
	a = dialer.handshake(ctx[largeHello], p.target, large, func() { d.heard(largeHello) })
	if timer.Stop() {
		return a, nil
	}
	if b = <-d.second; d.winner.Load() == largeHello {
		b = nil
	}
	return a, b
}

// maybeLarge: the refusal may be about the size of the hello or its key share,
// since it is not about something else by name.
func (a *attempt) maybeLarge() bool {
	alert := a.obs.Outcome.Alert
	return alert == nil || *alert != tlsname.NoApplicationProtocol && *alert != tlsname.UnrecognizedName
}
