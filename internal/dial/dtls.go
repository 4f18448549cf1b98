package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/dtls"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// schemeDTLS is the URL scheme of a server that speaks DTLS.
const schemeDTLS = "dtls"

// datagrams asks a DTLS server: for its certificates in DTLS 1.2 and 1.0, then
// whether it goes by pre-shared keys, then whether it speaks DTLS 1.3 alone.
func (p *probe) datagrams() {
	for _, name := range []string{tlsname.HelloWide12, tlsname.HelloPSK, tlsname.HelloWide13} {
		h, _ := tlsname.HelloNamed(name)
		ctx, cancel := halfOf(p.ctx)
		a := p.d.datagram(ctx, p.target, h)
		cancel()
		p.made = append(p.made, a)
		if a.seen() || a.hopeless() || a.pskOnly() || p.timeUp() {
			return
		}
	}
}

// datagram says one hello in DTLS and reads the server's first flight; the
// handshake is not completed.
func (d *dialer) datagram(ctx context.Context, t ask.Target, h tlsname.Hello) *attempt {
	a := newAttempt(t, chain.TransportTLS, h.Name)
	a.obs.ServerName = sniName(t.ServerName)
	conn, err := d.openUDP(ctx, t)
	if err != nil {
		a.fail(err)
		return a
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer func() { stop(); conn.Close() }()
	a.connected(conn)
	a.obs.Outcome.Stage = chain.StageHello
	stream := dtls.NewStream(conn)
	if deadline, ok := ctx.Deadline(); ok {
		if err := stream.SetDeadline(deadline); err != nil {
			a.fail(err)
			return a
		}
	}
	hs, err := newHandshake(stream, &h, t.ServerName, false)
	if err != nil {
		a.fail(err)
		return a
	}
	err = hs.firstFlight()
	a.obs.HelloBytes = hs.said
	got := &hs.flight.got
	a.fill(got)
	if got.version != 0 {
		a.obs.Outcome.Version = dtlsName(got.version)
	}
	if err != nil {
		a.failDatagram(err)
		return a
	}
	a.obs.Outcome.OK = true
	if got.suite.Exchange() == tlsname.StaticRSA { // told by the server's Finished, for which the handshake would have to be completed
		a.obs.Outcome.KeyProof = chain.NotCheckable("static RSA in DTLS")
	}
	if got.demand == nil {
		a.obs.ClientAuth = noDemand()
	}
	return a
}

// firstFlight says the hello and reads up to ServerHelloDone.
func (hs *handshake) firstFlight() error {
	hello, err := hs.offer.marshal()
	if err != nil {
		return err
	}
	if err := hs.writeHello(hello, tlsname.TLS10); err != nil {
		return err
	}
	err = hs.flight.read()
	var b *breach
	switch {
	case err == nil: // it is left, politely
		hs.refuse(tlsname.CloseNotify)
	case errors.As(err, &b):
		hs.refuse(b.alert)
	}
	return err
}

// dtlsName is what DTLS calls the version that TLS has in its place.
func dtlsName(v tlsname.Version) string {
	switch v {
	case tlsname.TLS12:
		return "DTLS 1.2"
	case tlsname.TLS11:
		return "DTLS 1.0"
	}
	return v.String()
}

// failDatagram is fail, where there was no connection that could have broken.
func (a *attempt) failDatagram(err error) {
	o := &a.obs.Outcome
	switch {
	case errors.Is(err, dtls.ErrDTLS13):
		o.Version, o.ErrorKind, o.Error = "DTLS 1.3", chain.ErrorTLS, err.Error()
	case errors.Is(err, dtls.ErrForeign):
		o.ErrorKind, o.Error = chain.ErrorNotTLS, err.Error()
	case errors.Is(err, syscall.ECONNREFUSED):
		o.Stage, o.ErrorKind, o.Error = chain.StageConnect, chain.ErrorRefused, "nothing listens at UDP "+a.obs.Network
	case o.Version == "" && (isTimeout(err) || errors.Is(err, net.ErrClosed)):
		o.ErrorKind, o.Error = chain.ErrorTimeout, fmt.Sprintf("no answer to the ClientHello came from UDP %s within the time", a.obs.Network)
	default:
		a.fail(err)
	}
}

// openUDP makes a socket that speaks to the first address of the target alone.
func (d *dialer) openUDP(ctx context.Context, t ask.Target) (net.Conn, error) {
	direct, ok := d.transport().(TCP)
	if !ok {
		return nil, &ReachError{Stage: chain.StageConnect, Kind: chain.ErrorRefused, Text: "DTLS is spoken in datagrams, which go through no proxy and no socket of this machine"}
	}
	list, port, err := direct.addresses(ctx, t)
	if err != nil {
		return nil, reachError(err, t)
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "udp", net.JoinHostPort(list[0].String(), port))
	if err != nil {
		return nil, reachError(err, t)
	}
	return conn, nil
}
