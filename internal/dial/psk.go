package dial

import (
	"context"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// markPSK stands behind the name of a hello that offers a pre-shared key.
const markPSK = "-psk"

// unknownPSKIdentity is an alert that only a server with pre-shared keys sends (RFC
// 8446 section 6.2).
const unknownPSKIdentity tlsname.Alert = 115

// An offered pre-shared key that nobody has: the identity is the one that OpenSSL
// uses where none is set, the binder is no one's.
const (
	pskIdentity = "Client_identity"
	binderSize  = 32
)

// preShared asks a server that refuses every hello of TLS 1.3 once more, with a
// pre-shared key in it. One that goes by such keys answers otherwise than before:
// it does not know the key, or finds that it does not fit (RFC 8446 section 4.2.11).
func (p *probe) preShared() {
	var refused *attempt
	for _, a := range p.made {
		if a.seen() || a.obs.Outcome.Version != "" {
			return
		}
		if a.obs.Hello == tlsname.HelloWide13 && a.obs.Outcome.Alert != nil {
			refused = a
		}
	}
	if refused == nil || p.timeUp() {
		return
	}
	ctx, cancel := halfOf(p.ctx)
	defer cancel()
	a := p.d.preShared(ctx, p.target)
	p.made = append(p.made, a)
	if o := &a.obs.Outcome; o.Alert != nil && *o.Alert != *refused.obs.Outcome.Alert {
		switch *o.Alert { // the binder is wrong, or the key is not known
		case tlsname.IllegalParameter, tlsname.DecryptError, unknownPSKIdentity:
			o.PreShared = true
		}
	}
}

// preShared says the wide hello of TLS 1.3 with a key in it.
func (d *dialer) preShared(ctx context.Context, t ask.Target) *attempt {
	h, _ := tlsname.HelloNamed(tlsname.HelloWide13)
	a := newAttempt(t, chain.TransportTLS, h.Name+markPSK)
	a.obs.ServerName = sniName(t.ServerName)
	conn, done, err := d.open(ctx, t)
	if err != nil {
		a.fail(err)
		return a
	}
	defer done()
	a.connected(conn)
	a.obs.Outcome.Stage = chain.StageHello
	hs, err := newHandshake(conn, &h, t.ServerName, false)
	if err == nil {
		var hello []byte
		if hello, err = hs.offer.marshal(); err == nil {
			err = hs.writeHello(withKey(hello), tlsname.TLS10)
		}
	}
	if err == nil {
		err = hs.flight.read()
	}
	a.obs.HelloBytes = 0
	if hs != nil {
		a.obs.HelloBytes = hs.said
		a.fill(&hs.flight.got)
	}
	if err != nil {
		a.fail(err)
	}
	return a
}

// withKey adds pre_shared_key to a ClientHello, as its last extension.
func withKey(hello []byte) []byte {
	in := cryptobyte.String(hello[4:])
	var session, suites, methods, extensions cryptobyte.String
	if !in.Skip(34) || !in.ReadUint8LengthPrefixed(&session) || !in.ReadUint16LengthPrefixed(&suites) || !in.ReadUint8LengthPrefixed(&methods) {
		return hello
	}
	head := hello[4 : len(hello)-len(in)]
	if !in.ReadUint16LengthPrefixed(&extensions) {
		return hello
	}
	b := cryptobyte.NewBuilder(nil)
	b.AddUint8(hello[0])
	b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) {
		b.AddBytes(head)
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			b.AddBytes(extensions)
			b.AddUint16(41) // pre_shared_key
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
					addVector16(b, []byte(pskIdentity))
					b.AddUint32(0) // the age of a key that is no ticket's
				})
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
					b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(make([]byte, binderSize)) })
				})
			})
		})
	})
	out, err := b.Bytes()
	if err != nil {
		return hello
	}
	return out
}
