package dial

import (
	"context"
	"net"
	"sync/atomic"
	"time"
)

// An inFlight is an attempt that runs beside another one.
type inFlight struct {
	done   chan *attempt
	heard  chan struct{} // closed at the first byte of an answer
	cancel context.CancelFunc
}

func (p *probe) start(h Hello, connected *atomic.Bool) *inFlight {
	ctx, cancel := context.WithCancel(p.ctx)
	f := &inFlight{done: make(chan *attempt, 1), heard: make(chan struct{}), cancel: cancel}
	d := *p.d
	d.Transport = notifying{d.transport(), connected}
	go func() { f.done <- d.handshake(ctx, p.target, h, func() { close(f.heard) }) }()
	return f
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

// first says Apple's hello. If half of the time goes by without a single byte,
// the same hello without ML-KEM – one packet – is said on a second connection
// beside it; the first to be answered is the answer. A server that hangs up on
// the large hello, or cannot read it, gets the small one at once.
func (p *probe) first() *attempt {
	ats, _ := NamedHello(HelloATS)
	small, _ := NamedHello(HelloSmall)
	var connected atomic.Bool
	large := p.start(ats, &connected)
	defer large.cancel()

	deadline, _ := p.ctx.Deadline()
	timer := time.NewTimer(time.Until(deadline) / 2)
	defer timer.Stop()
	var a *attempt
	select {
	case a = <-large.done:
	case <-large.heard:
		a = <-large.done
	case <-timer.C:
		if !connected.Load() {
			a = <-large.done
			break
		}
		return p.race(large, small)
	}
	p.made = append(p.made, a)
	if a.seen() || a.hopeless() || !a.tooLarge() || p.timeUp() {
		return p.adapt(p.ctx, a, ats)
	}
	b := p.say(p.ctx, small)
	p.small = b.answered() && !a.answered()
	return b
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

// race says the small hello while the large one still waits.
func (p *probe) race(large *inFlight, hello Hello) *attempt {
	var connected atomic.Bool
	small := p.start(hello, &connected)
	defer small.cancel()
	select {
	case <-large.heard:
		small.cancel()
		a := <-large.done
		p.made = append(p.made, a)
		ats, _ := NamedHello(HelloATS)
		return p.adapt(p.ctx, a, ats)
	case <-small.heard:
		large.cancel()
		p.small = true
		a, b := <-large.done, <-small.done
		p.made = append(p.made, a, b)
		return p.adapt(p.ctx, b, hello)
	case a := <-large.done: // closed without a byte, or the time is over
		b := <-small.done
		p.made = append(p.made, a, b)
		p.small = b.answered()
		return b
	}
}
