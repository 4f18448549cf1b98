// Package dial asks servers for their certificate chains. It speaks its own
// ClientHello – Apple's under App Transport Security first – and reads the
// server's flight itself, so that the chain seen is the one an iPhone gets and
// is seen even where crypto/tls refuses it. Nothing is judged here: what was
// seen comes back as chain.Observation.
package dial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A dialer asks targets. The zero value connects directly and waits ten seconds.
type dialer struct {
	Transport Transport     // how the byte stream is reached; nil is TCP{}
	Timeout   time.Duration // for one target, all its handshakes together; 0 is ten seconds

	opened func(net.Conn) // called when a stream is ready for a ClientHello; nil: not
}

const defaultTimeout = 10 * time.Second

func (d *dialer) timeout() time.Duration {
	if d.Timeout > 0 {
		return d.Timeout
	}
	return defaultTimeout
}

func (d *dialer) transport() Transport {
	if d.Transport != nil {
		return d.Transport
	}
	return TCP{}
}

// open connects, ties the stream to ctx – its deadline is the stream's, and
// cancelling closes it – and speaks STARTTLS where the target wants it. done
// releases both.
func (d *dialer) open(ctx context.Context, t ask.Target) (net.Conn, func(), error) {
	conn, err := d.transport().Open(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	done := func() { stop(); conn.Close() }
	if deadline, ok := ctx.Deadline(); ok {
		err = conn.SetDeadline(deadline)
	}
	if err == nil {
		err = startTLS(conn, t)
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	if d.opened != nil {
		d.opened(conn)
	}
	return conn, done, nil
}

// An attempt is one observation and the certificates it names.
type attempt struct {
	target ask.Target
	obs    chain.Observation
	blobs  [][]byte

	endless bool // the answer exceeded a bound of ours
}

func newAttempt(t ask.Target, transport chain.Transport, hello string) *attempt {
	a := &attempt{target: t}
	a.obs.Transport, a.obs.Scheme, a.obs.Address, a.obs.Hello = transport, t.Scheme, t.Address(), hello
	if t.StartTLS != nil {
		a.obs.StartTLS = t.StartTLS.Name
	}
	a.obs.Outcome.Stage = chain.StageConnect
	a.obs.Sent = []string{}
	if _, port, err := net.SplitHostPort(t.Address()); err == nil && t.IP.IsValid() {
		a.obs.Network = net.JoinHostPort(t.IP.String(), port)
	}
	return a
}

// keep adds certificates to the blobs and gives their keys.
func (a *attempt) keep(certs [][]byte) []string {
	keys := make([]string, 0, len(certs))
	for _, der := range certs {
		a.blobs = append(a.blobs, der)
		keys = append(keys, chain.BlobKey(der))
	}
	return keys
}

// connected writes the peer into the observation, and what else its name has.
func (a *attempt) connected(conn net.Conn) {
	switch peer := conn.RemoteAddr(); peer.Network() {
	case "proxy":
		a.obs.Via = peer.String()
	case "unix":
		a.obs.Via = viaSocket + peer.String()
	default:
		a.obs.Network = peer.String()
	}
	if c, ok := conn.(*chosen); ok && len(c.of) > 1 {
		for _, ip := range c.of {
			a.obs.Resolved = append(a.obs.Resolved, ip.String())
		}
		a.obs.Missed = c.missed
	}
}

// fill writes what a flight showed into the observation.
func (a *attempt) fill(got *received) {
	o := &a.obs.Outcome
	o.Stage = got.stage
	if got.version != 0 {
		o.Version = got.version.String()
		o.Suite, o.SuiteID = got.suite.String(), got.suite
	}
	if got.group != 0 {
		o.Group = got.group.String()
	}
	if got.retried && got.helloRetry != 0 {
		o.HelloRetry = got.helloRetry.String()
	}
	o.SignatureID, o.DHBits, o.ALPN, o.EMS = got.signature, got.dhBits, got.alpn, got.ems
	o.KeyProof = got.proof
	a.obs.Sent = a.keep(got.list.certs)
	a.obs.Staples, a.obs.SCTs, a.obs.SentBytes = got.list.staples, got.list.scts, got.listBytes
	a.obs.ClientAuth = got.demand
}

// fail records why an attempt ended. The stage reached stands already.
func (a *attempt) fail(err error) {
	o := &a.obs.Outcome
	a.endless = errors.Is(err, errTooLong) || errors.Is(err, errEmpty) || errors.Is(err, errWarning)
	var reach *ReachError
	var alert *errAlert
	var notTLS *errNotTLS
	var broken *breach
	var out *outside
	switch {
	case errors.As(err, &reach):
		o.Stage, o.ErrorKind, o.Error, o.NoFamily = reach.Stage, reach.Kind, reach.Text, reach.NoFamily
		o.Spoke, o.Dialogue = reach.Spoke, reach.Dialogue
		a.obs.Via = reach.Via
	case errors.As(err, &alert) && alert.code == tlsname.CloseNotify:
		o.ErrorKind, o.Error = chain.ErrorClosed, "the server closed the connection "+a.progress()
	case errors.As(err, &alert):
		o.Alert = &alert.code
		o.ErrorKind, o.Error = chain.ErrorTLS, alert.Error()
	case errors.As(err, &notTLS):
		b := readBanner(notTLS.head)
		o.ErrorKind, o.Error, o.Spoke = chain.ErrorNotTLS, b.text, b.spoke
	case errors.As(err, &broken):
		o.ErrorKind, o.Error, o.Breach = chain.ErrorTLS, broken.text, &broken.alert
	case errors.As(err, &out):
		o.ErrorKind, o.Error = out.kind, out.text
	case isTimeout(err), errors.Is(err, net.ErrClosed), errors.Is(err, context.Canceled):
		o.ErrorKind, o.Error = chain.ErrorTimeout, "connected, but the server sent nothing "+a.progress()+" within the time"
		if o.Version != "" { // how much of the next message came is not known
			o.Error = "the server's answer stopped " + a.progress() + " and did not go on within the time"
		}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		o.ErrorKind, o.Error = chain.ErrorClosed, "the server closed the connection "+a.progress()
	case connectionReset(err):
		o.ErrorKind, o.Error = chain.ErrorClosed, "the server reset the connection "+a.progress()
	default:
		o.ErrorKind, o.Error = chain.ErrorClosed, fmt.Sprintf("the connection broke %s: %s", a.progress(), rootCause(err))
	}
}

func connectionReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// progress says how far the handshake had come.
func (a *attempt) progress() string {
	switch {
	case a.obs.Outcome.Stage == chain.StageHTTP:
		return "after the request"
	case a.obs.Outcome.Stage == chain.StageFinished:
		return "after its finished"
	case a.obs.Outcome.Stage == chain.StageCertificate:
		return "after its certificates"
	case a.obs.Outcome.Version != "":
		return "after its server_hello"
	}
	return "after the ClientHello"
}

// Handshake says one hello to the target and reads the flight. The blobs are
// the certificates by the lower-case hex of their SHA-256, as in chain.Capture.
func (d *dialer) Handshake(ctx context.Context, t ask.Target, h tlsname.Hello) (chain.Observation, map[string][]byte) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout())
	defer cancel()
	a := d.handshake(ctx, t, h, nil)
	return a.obs, collect([]*attempt{a})
}

// handshake is one attempt with our own hello; heard, if not nil, is called
// once, when the first byte of an answer comes.
func (d *dialer) handshake(ctx context.Context, t ask.Target, h tlsname.Hello, onFirstByte func()) *attempt {
	a := newAttempt(t, chain.TransportTLS, h.Name)
	a.obs.ServerName = sniName(t.ServerName)
	if len(h.Extensions) == 0 {
		a.obs.ServerName = ""
	}
	conn, done, err := d.open(ctx, t)
	if err != nil {
		a.fail(err)
		return a
	}
	defer done()
	a.connected(conn)
	a.obs.Outcome.Stage = chain.StageHello
	in := &listener{Conn: conn, heard: onFirstByte}
	hs, err := newHandshake(in, &h, t.ServerName, t.HTTPS)
	if err != nil {
		a.fail(err)
		return a
	}
	err = hs.run()
	got := &hs.flight.got
	a.obs.HelloBytes = hs.said
	a.fill(got)
	if err != nil {
		a.fail(err)
		a.explainSilence(context.Cause(ctx), in)
		return a
	}
	a.obs.Outcome.OK = true
	a.clientAuth(got, hs.fate)
	return a
}

// clientAuth says whether a certificate was asked for, and what came of having none.
func (a *attempt) clientAuth(got *received, f fate) {
	if got.demand == nil {
		a.obs.ClientAuth = noDemand()
		return
	}
	if !f.asked {
		return // a handshake that is not computed here: told by one that crypto/tls completes
	}
	a.obs.Presented = &chain.Presented{Sent: []string{}, Version: got.version.String()}
	a.decide(f)
}

// decide turns the end of a connection into mode and fate (design of mutual
// TLS: an alert refuses, the end of the stream does not).
func (a *attempt) decide(f fate) {
	p := a.obs.Presented
	none := len(p.Sent) == 0
	switch {
	case !f.known:
		p.Fate, p.LocalNote = chain.FateUnknown, f.why
	case f.alert >= 0, f.hungUp:
		p.Fate, p.Over = chain.FateRefused, chain.OverTLS
		if !f.hungUp {
			p.Alert = &f.alert
		}
		if none {
			a.obs.ClientAuth.Mode = chain.ClientAuthRequired
		}
	default:
		p.Fate, p.Over = chain.FateAccepted, chain.OverTLS
		if none {
			a.obs.ClientAuth.Mode = chain.ClientAuthRequested
		}
	}
}

func collect(attempts []*attempt) map[string][]byte {
	blobs := make(map[string][]byte)
	for _, a := range attempts {
		for _, der := range a.blobs {
			blobs[chain.BlobKey(der)] = der
		}
	}
	return blobs
}
