package dial

import (
	"crypto/rand"
	"encoding/binary"
	"io"
	"slices"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A handshake is our own client on one connection: it says one Hello, reads
// the server's flight, and ends politely.
type handshake struct {
	conn    io.ReadWriter
	offer   *offer
	flight  *flight
	secrets *secrets // TLS 1.3, once the ServerHello is there
	said    int      // bytes of the first ClientHello, with its record header
	fate    fate
}

// fate is how the server took our empty client certificate (TLS 1.3).
type fate struct {
	asked bool
	known bool          // an alert, close_notify or end of file came
	alert tlsname.Alert // -1: none
	why   string        // not known: why nothing came
}

func newHandshake(conn io.ReadWriter, h *tlsname.Hello, serverName string, alpn bool) (*handshake, error) {
	random := make([]byte, offerRandom)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	o, err := newOffer(h, serverName, alpn, random)
	if err != nil {
		return nil, err
	}
	hs := &handshake{conn: conn, offer: o, flight: newFlight(conn)}
	hs.flight.offer = o
	hs.flight.keys = hs.keySchedule
	hs.flight.retry = hs.answerRetry
	return hs, nil
}

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
	if err := hs.flight.read(); err != nil {
		return err
	}
	if hs.flight.got.version >= tlsname.TLS13 {
		return hs.finish()
	}
	closeNotify := []byte{recordAlert, 3, byte(hs.flight.got.version), 0, 2, 1, byte(tlsname.CloseNotify)}
	hs.conn.Write(closeNotify) // the server may be gone already; nothing depends on it
	return nil
}

func (hs *handshake) writeHello(msg []byte, version tlsname.Version) error {
	hs.flight.transcript.add(msg)
	record := make([]byte, recordHeader, recordHeader+len(msg))
	record[0] = recordHandshake
	binary.BigEndian.PutUint16(record[1:], uint16(version))
	binary.BigEndian.PutUint16(record[3:], uint16(len(msg)))
	if hs.said == 0 {
		hs.said = recordHeader + len(msg)
	}
	_, err := hs.conn.Write(append(record, msg...))
	return err
}

// answerRetry sends the second hello: the same one but for the key share asked
// for and the cookie, without the GREASE share (RFC 8446 section 4.1.2).
func (hs *handshake) answerRetry(sh *serverHello) error {
	o := hs.offer
	if sh.group != 0 {
		if !slices.Contains(o.hello.Groups, sh.group) {
			return errProtocol("asked for group " + sh.group.String() + ", which was not offered")
		}
		share, err := newKeyShare(sh.group, nil)
		if err != nil {
			return errProtocol("asked for a key share in group " + sh.group.String() + ", which this client cannot compute")
		}
		o.shares = []keyShare{share}
	}
	o.retried, o.cookie = true, sh.cookie
	msg, err := o.marshal()
	if err != nil {
		return err
	}
	return hs.writeHello(msg, tlsname.TLS12)
}

// keySchedule computes the handshake secrets from the ServerHello's key share.
func (hs *handshake) keySchedule(sh *serverHello) (*suite13, []byte, error) {
	s := suite13ByID(sh.suite)
	if s == nil {
		return nil, nil, errProtocol("chose " + sh.suite.String() + ", which this client cannot compute")
	}
	for _, share := range hs.offer.shares {
		if share.group != sh.group {
			continue
		}
		shared, err := share.derive(sh.share)
		if err != nil {
			return nil, nil, errProtocol("sent a key share that is no good for " + sh.group.String())
		}
		hs.flight.transcript.start(s.hash)
		if hs.secrets, err = newSecrets(s, shared, hs.flight.transcript.sum()); err != nil {
			return nil, nil, err
		}
		return s, hs.secrets.server, nil
	}
	return nil, nil, errProtocol("sent no key share for a group offered")
}
