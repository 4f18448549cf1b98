package dial

import (
	"crypto/rand"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A handshake is our own client on one connection: it says one Hello, reads
// the server's flight, completes the handshake where it can be computed, and
// ends politely.
type handshake struct {
	conn    stream
	offer   *offer
	flight  *flight
	secrets *tlswire.Secrets // TLS 1.3, once the ServerHello is there
	said    int              // bytes of the first ClientHello, with its record header
	took    time.Duration    // from there to the server's flight
	fate    fate
}

// A stream is the connection, as far as a handshake needs it.
type stream interface {
	io.ReadWriter
	SetReadDeadline(time.Time) error
}

// fate is how the server took our empty client certificate.
type fate struct {
	asked  bool
	known  bool          // an alert, close_notify or end of file came
	alert  tlsname.Alert // noAlert: none
	hungUp bool          // inside a handshake up to TLS 1.2, which refuses
	why    string        // not known: why nothing came
}

const noAlert tlsname.Alert = -1

func newHandshake(conn stream, h *tlsname.Hello, serverName string, alpn bool) (*handshake, error) {
	random := make([]byte, offerRandom)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	o, err := newOffer(h, serverName, alpn, random)
	if err != nil {
		return nil, err
	}
	hs := &handshake{conn: conn, offer: o, flight: newFlight(conn), fate: fate{alert: noAlert}}
	hs.flight.offer = o
	hs.flight.keys = hs.keySchedule
	hs.flight.retry = hs.answerRetry
	hs.flight.hurry = hs.hurry
	return hs, nil
}

// hurry bounds what is waited for once a handshake is lost.
func (hs *handshake) hurry() { hs.bound(500 * time.Millisecond) }

// run speaks the handshake. What the server showed is in hs.flight.got,
// whether or not an error comes back.
func (hs *handshake) run() error {
	hello, err := hs.offer.marshal()
	if err != nil {
		return err
	}
	version := tlsname.TLS10 // RFC 8446 section 5.1: the first hello's record says 0x0301
	if hs.offer.hello.MaxVersion() == tlsname.SSL30 {
		version = tlsname.SSL30
	}
	if err := hs.writeHello(hello, version); err != nil {
		return err
	}
	began := time.Now()
	err = hs.flight.read()
	hs.took = time.Since(began)
	switch {
	case err != nil:
	case hs.flight.got.version >= tlsname.TLS13:
		err = hs.finish13()
	default:
		err = hs.finish12()
	}
	var b *breach
	if errors.As(err, &b) {
		hs.refuse(b.alert)
	}
	return err
}

// refuse says the alert that a client says. The server may be gone already;
// nothing depends on it.
func (hs *handshake) refuse(alert tlsname.Alert) {
	body := []byte{alertFatal, byte(alert)}
	if hs.secrets != nil {
		if write, err := hs.secrets.Suite.Protect(hs.secrets.Client); err == nil {
			_, _ = hs.conn.Write(write.Seal(tlswire.RecordAlert, body))
		}
		return
	}
	_, _ = hs.conn.Write(tlswire.Record(tlswire.RecordAlert, min(max(hs.flight.got.version, tlsname.SSL30), tlsname.TLS12), body))
}

func (hs *handshake) writeHello(msg []byte, version tlsname.Version) error {
	hs.flight.transcript.Add(msg)
	record := tlswire.Record(tlswire.RecordHandshake, version, msg)
	if hs.said == 0 {
		hs.said = len(record)
	}
	_, err := hs.conn.Write(record)
	return err
}

// answerRetry sends the second hello: the same one but for the key share asked
// for and the cookie, without the GREASE share (RFC 8446 section 4.1.2).
func (hs *handshake) answerRetry(sh *serverHello) error {
	o := hs.offer
	if sh.group != 0 {
		if !slices.Contains(o.hello.Groups, sh.group) {
			return breaks(tlsname.IllegalParameter, "asked for group %s, which was not offered", sh.group)
		}
		if slices.ContainsFunc(o.shares, func(s tlswire.KeyShare) bool { return s.Group == sh.group }) {
			return breaks(tlsname.IllegalParameter, "asked for a key share in group %s, which it had", sh.group)
		}
		share, err := tlswire.NewKeyShare(sh.group, nil)
		if err != nil {
			return beyond("asked for a key share in group %s, which this client cannot compute", sh.group)
		}
		o.shares = []tlswire.KeyShare{share}
	}
	o.retried, o.cookie = true, sh.cookie
	msg, err := o.marshal()
	if err != nil {
		return err
	}
	return hs.writeHello(msg, tlsname.TLS12)
}

// keySchedule computes the handshake secrets from the ServerHello's key share.
func (hs *handshake) keySchedule(sh *serverHello) (*tlswire.Suite13, []byte, error) {
	s := tlswire.Suite13ByID(sh.suite)
	if s == nil {
		return nil, nil, beyond("chose %s, which this client cannot compute", sh.suite)
	}
	if sh.group == 0 {
		return nil, nil, breaks(tlsname.MissingExtension, "sent a server_hello without key_share")
	}
	for _, share := range hs.offer.shares {
		if share.Group != sh.group {
			continue
		}
		shared, err := share.Derive(sh.share)
		if err != nil {
			return nil, nil, breaks(tlsname.IllegalParameter, "sent a key share that is no good for %s", sh.group)
		}
		hs.flight.transcript.Start(s.Hash)
		if hs.secrets, err = tlswire.NewSecrets(s, shared, hs.flight.transcript.Sum()); err != nil {
			return nil, nil, err
		}
		return s, hs.secrets.Server, nil
	}
	return nil, nil, breaks(tlsname.IllegalParameter, "sent a key share in group %s, for which it was given none", sh.group)
}
