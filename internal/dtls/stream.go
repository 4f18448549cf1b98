// Package dtls turns the datagrams of DTLS 1.0 and 1.2 into the records of TLS, as
// far as the server's first flight: what reads TLS then reads the certificates of a
// DTLS server, too. It answers a HelloVerifyRequest, puts fragments together and says
// the hello again when nothing comes (RFC 6347). DTLS 1.3 is recognised, no more.
package dtls

import (
	"encoding/binary"
	"errors"
	"net"
	"os"
	"time"

	"golang.org/x/crypto/cryptobyte"
)

// The limits on what a server can make us keep.
const (
	MaxMessage  = 1 << 20 // octets of one handshake message
	maxOpen     = 16      // messages that are not whole yet
	maxVerify   = 3       // HelloVerifyRequests
	maxDatagram = 1 << 16
	maxStray    = 64 // datagrams that are no DTLS

	firstTimer = time.Second // RFC 6347 section 4.2.4.1
)

// Record and message types.
const (
	recordAlert     = 21
	recordHandshake = 22

	clientHello  = 1
	serverHello  = 2
	verifyHello  = 3
	headerLength = 12 // of a handshake message: type, length, sequence, fragment
)

// Versions on the wire, and what TLS calls them (RFC 6347 section 1, RFC 9147).
const (
	wire10 = 0xfeff
	wire12 = 0xfefd
	wire13 = 0xfefc
	tls11  = 0x0302
	tls12  = 0x0303
	tls13  = 0x0304
)

func toWire(v uint16) uint16 {
	switch v {
	case tls11:
		return wire10
	case tls12:
		return wire12
	case tls13:
		return wire13
	}
	return v
}

func fromWire(v uint16) uint16 {
	switch v {
	case wire10:
		return tls11
	case wire12:
		return tls12
	case wire13:
		return tls13
	}
	return v
}

// ErrDTLS13 ends a stream whose server agreed on DTLS 1.3: what follows is encrypted.
var ErrDTLS13 = errors.New("the server speaks DTLS 1.3, whose certificates are encrypted and not read here")

// ErrForeign ends a stream that answers in something else.
var ErrForeign = errors.New("the server answers with datagrams that are no DTLS")

// A Stream is a connection of TLS records over datagrams. It is used by one
// goroutine.
type Stream struct {
	net.Conn // of datagrams, connected

	hello    []byte // body of the ClientHello as said last, without a cookie
	cookie   []byte
	said     uint16 // its message sequence
	sequence uint64 // of the next record
	timer    time.Duration
	deadline time.Time

	version uint16 // as TLS has it, once a ServerHello came
	open    map[uint16]*message
	next    int // sequence of the message that is due; -1 before the ServerHello
	verify  int
	stray   int
	out     []byte // records that wait to be read
	err     error
}

// NewStream speaks over a connected socket.
func NewStream(conn net.Conn) *Stream {
	return &Stream{Conn: conn, open: map[uint16]*message{}, next: -1, timer: firstTimer}
}

// A message is one that is being put together.
type message struct {
	typ  byte
	body []byte
	have []bool
	left int
}

// SetDeadline bounds reading and writing, all retransmissions included.
func (s *Stream) SetDeadline(t time.Time) error { s.deadline = t; return s.Conn.SetWriteDeadline(t) }

// SetReadDeadline bounds reading.
func (s *Stream) SetReadDeadline(t time.Time) error { s.deadline = t; return nil }

// Write takes records of TLS: a ClientHello, or an alert.
func (s *Stream) Write(p []byte) (int, error) {
	in := cryptobyte.String(p)
	for !in.Empty() {
		var typ byte
		var version uint16
		var body cryptobyte.String
		if !in.ReadUint8(&typ) || !in.ReadUint16(&version) || !in.ReadUint16LengthPrefixed(&body) {
			return 0, errors.New("dtls: that is no TLS record")
		}
		switch {
		case typ == recordHandshake && len(body) > 4 && body[0] == clientHello:
			s.hello = asWire(body[4:])
			if err := s.say(); err != nil {
				return 0, err
			}
		case typ == recordAlert:
			if err := s.send(recordAlert, body); err != nil {
				return 0, err
			}
		}
	}
	return len(p), nil
}

// asWire gives the body of a ClientHello the versions of DTLS.
func asWire(body []byte) []byte {
	out := append([]byte(nil), body...)
	binary.BigEndian.PutUint16(out, toWire(binary.BigEndian.Uint16(out)))
	eachVersion(out, true, func(v []byte) { binary.BigEndian.PutUint16(v, toWire(binary.BigEndian.Uint16(v))) })
	return out
}

const extSupportedVersions = 43

// eachVersion shows the versions in the supported_versions of a hello: a client
// lists them, a server names one (RFC 8446 section 4.2.1).
func eachVersion(body []byte, client bool, show func([]byte)) {
	s := cryptobyte.String(body)
	var session, suites, methods, extensions cryptobyte.String
	ok := s.Skip(34) && s.ReadUint8LengthPrefixed(&session)
	if client {
		ok = ok && s.ReadUint16LengthPrefixed(&suites) && s.ReadUint8LengthPrefixed(&methods)
	} else {
		ok = ok && s.Skip(3)
	}
	if !ok || !s.ReadUint16LengthPrefixed(&extensions) {
		return
	}
	for !extensions.Empty() {
		var typ uint16
		var list cryptobyte.String
		if !extensions.ReadUint16(&typ) || !extensions.ReadUint16LengthPrefixed(&list) {
			return
		}
		if typ != extSupportedVersions {
			continue
		}
		if client {
			list = list[min(1, len(list)):]
		}
		for ; len(list) >= 2; list = list[2:] {
			show(list[:2])
		}
	}
}

// say sends the ClientHello: the body has the cookie behind the session (RFC 6347
// section 4.2.1).
func (s *Stream) say() error {
	in := cryptobyte.String(s.hello)
	var session cryptobyte.String
	if !in.Skip(34) || !in.ReadUint8LengthPrefixed(&session) {
		return errors.New("dtls: that is no ClientHello")
	}
	at := len(s.hello) - len(in)
	body := append(append([]byte(nil), s.hello[:at]...), byte(len(s.cookie)))
	body = append(append(body, s.cookie...), s.hello[at:]...)
	b := cryptobyte.NewBuilder(nil)
	b.AddUint8(clientHello)
	b.AddUint24(uint32(len(body)))
	b.AddUint16(s.said)
	b.AddUint24(0)
	b.AddUint24(uint32(len(body)))
	b.AddBytes(body)
	msg, err := b.Bytes()
	if err != nil {
		return err
	}
	return s.send(recordHandshake, msg)
}

// send makes one record of epoch 0 and sends it in a datagram of its own.
func (s *Stream) send(typ byte, body []byte) error {
	b := cryptobyte.NewBuilder(nil)
	b.AddUint8(typ)
	b.AddUint16(wire10) // RFC 6347 section 4.2.1: the first hello's record may say so whatever is offered
	b.AddUint16(0)      // epoch
	b.AddUint48(s.sequence)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(body) })
	record, err := b.Bytes()
	if err != nil {
		return err
	}
	s.sequence++
	_, err = s.Conn.Write(record)
	return err
}

// Read gives the next records of TLS; the hello is said again when nothing comes.
func (s *Stream) Read(p []byte) (int, error) {
	datagram := make([]byte, maxDatagram)
	for len(s.out) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		until := time.Now().Add(s.timer)
		last := !s.deadline.IsZero() && !until.Before(s.deadline)
		if last {
			until = s.deadline
		}
		if err := s.Conn.SetReadDeadline(until); err != nil {
			return 0, err
		}
		n, err := s.Conn.Read(datagram)
		switch {
		case err == nil:
			s.datagram(datagram[:n])
		case errors.Is(err, os.ErrDeadlineExceeded) && !last:
			s.timer *= 2
			if s.next < 0 { // a server that kept nothing begins anew, with another random
				clear(s.open)
			}
			if err := s.say(); err != nil {
				return 0, err
			}
		default:
			return 0, err
		}
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}
