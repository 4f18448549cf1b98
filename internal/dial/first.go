package dial

import (
	"context"
	"net"
	"sync/atomic"
	"time"
)

// A duel is Apple's hello and, should half of the time go by without a single
// byte in answer, the small one beside it. The first that is answered wins,
// and the other is given up.
type duel struct {
	p         *probe
	connected atomic.Bool // the large one has its byte stream
	winner    atomic.Int32
	giveUp    [3]context.CancelFunc // by contender
	second    chan *attempt         // the small one's attempt; nil where it was not begun
}

const (
	nobody = iota
	largeHello
	smallHello
)

// heard is called at the first byte of a contender's answer.
func (d *duel) heard(contender int32) {
	if d.winner.CompareAndSwap(nobody, contender) {
		d.giveUp[largeHello+smallHello-contender]()
	}
}

// challenge runs when half of the time is over.
func (d *duel) challenge(ctx context.Context, small Hello) {
	if !d.connected.Load() || d.winner.Load() != nobody {
		d.second <- nil
		return
	}
	d.second <- d.p.d.handshake(ctx, d.p.target, small, func() { d.heard(smallHello) })
}

// first says Apple's hello. A server that is silent gets the same hello without
// ML-KEM – one packet – on a second connection while the first one waits on; one
// that hangs up on the large hello, or cannot read it, gets the small one at once.
func (p *probe) first() *attempt {
	ats, _ := NamedHello(HelloATS)
	small, _ := NamedHello(HelloSmall)
	a, b := p.duel(ats, small)
	p.made = append(p.made, a)
	if b != nil {
		p.made = append(p.made, b)
		p.small = b.answered()
		return p.adapt(p.ctx, b, small)
	}
	if a.seen() || a.hopeless() || !a.tooLarge() || p.timeUp() {
		return p.adapt(p.ctx, a, ats)
	}
	b = p.say(p.ctx, small)
	p.small = b.answered() && !a.answered()
	return b
}

// duel gives the attempt with the large hello, and the one with the small
// hello where it was made and the large one got no answer.
func (p *probe) duel(large, small Hello) (a, b *attempt) {
	d := &duel{p: p, second: make(chan *attempt, 1)}
	var ctx [3]context.Context
	for _, c := range []int{largeHello, smallHello} {
		ctx[c], d.giveUp[c] = context.WithCancel(p.ctx)
		defer d.giveUp[c]()
	}
	deadline, _ := p.ctx.Deadline()
	timer := time.AfterFunc(time.Until(deadline)/2, func() { d.challenge(ctx[smallHello], small) })
	dialer := *p.d
	dialer.Transport = notifying{p.d.transport(), &d.connected}
	a = dialer.handshake(ctx[largeHello], p.target, large, func() { d.heard(largeHello) })
	if timer.Stop() {
		return a, nil
	}
	if b = <-d.second; d.winner.Load() == largeHello {
		b = nil
	}
	return a, b
}

// notifying tells that a byte stream is there.
type notifying struct {
	Transport
	connected *atomic.Bool
}

func (n notifying) Open(ctx context.Context, t Target) (net.Conn, error) {
	conn, err := n.Transport.Open(ctx, t)
	n.connected.Store(err == nil)
	return conn, err
}

// tooLarge: the answer may be about the size of the hello or about its key
// share, rather than about what it offers.
func (a *attempt) tooLarge() bool {
	if a.obs.Outcome.ErrorKind == "closed" {
		return true
	}
	if a.obs.Outcome.Alert == nil {
		return false
	}
	switch *a.obs.Outcome.Alert {
	case alertUnexpectedMessage, alertRecordOverflow, alertIllegalParameter, alertDecodeError, alertInternalError:
		return true
	}
	return false
}
