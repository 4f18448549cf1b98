package dial

import (
	"errors"
	"io"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// An aftermath is what a server says behind its Finished. A client reads it
// before the first answer, and ends the connection over a breach there as well.
type aftermath struct {
	*flight
	secret  []byte // TLS 1.3: that the keys to read with come from
	updates int
}

const maxUpdates = 32 // KeyUpdates in a row that BoringSSL takes

// end reads until the server ends the stream, which it does when it has our
// close_notify. Where a certificate was asked for, that end is the answer to
// having none, and is waited for; else the wait is bounded by the time the server
// took for its server_hello. secret is that of aftermath; gone: the stream took no
// more from us.
func (hs *handshake) end(secret []byte, gone error) error {
	if !hs.fate.asked {
		hs.bound(min(max(2*hs.took, 100*time.Millisecond), time.Second))
	}
	err := (&aftermath{flight: hs.flight, secret: secret}).read()
	var broken *breach
	var alert *errAlert
	ended := errors.Is(err, io.EOF)
	switch {
	case err == io.EOF: // as nearly always
	case errors.As(err, &broken):
		return err
	case errors.As(err, &alert) && alert.code == tlsname.CloseNotify:
		ended = true
	case errors.As(err, &alert) && hs.fate.asked:
		hs.fate.known, hs.fate.alert = true, alert.code
	case errors.As(err, &alert):
		return err
	}
	hs.fate.known = hs.fate.known || hs.fate.asked && ended && gone == nil
	return nil
}

// bound ends what is waited for after a time. The deadline of the whole target
// closes the stream all the same.
func (hs *handshake) bound(wait time.Duration) {
	_ = hs.conn.SetReadDeadline(time.Now().Add(wait))
}

// read goes on until the stream ends, one way or the other.
func (a *aftermath) read() error {
	records := a.messages.records
	records.finished = true
	if err := a.rekey(); err != nil {
		return err
	}
	for {
		typ, body, err := records.next()
		if err != nil {
			return err
		}
		switch {
		case typ == tlswire.RecordData && len(a.messages.pending) == 0:
		case typ == tlswire.RecordHandshake:
			a.messages.pending = append(a.messages.pending, body...)
			if err := a.handle(); err != nil {
				return err
			}
		default:
			return breaks(tlsname.UnexpectedMessage, "sent %s after its finished", recordName(typ))
		}
	}
}

// handle takes the messages that have come whole.
func (a *aftermath) handle() error {
	for a.messages.whole() {
		typ, msg, err := a.messages.next()
		if err != nil {
			return err
		}
		if err := a.message(typ, msg[4:]); err != nil {
			return err
		}
	}
	return nil
}

// message: RFC 8446 section 4.6; post-handshake authentication was not offered.
// Up to TLS 1.2 there is but hello_request, which nobody answers: BoringSSL and
// crypto/tls end the connection, OpenSSL and GnuTLS go on.
func (a *aftermath) message(typ tlsname.Message, body []byte) error {
	in13 := a.got.version >= tlsname.TLS13
	s := cryptobyte.String(body)
	switch {
	case in13 && typ == tlsname.NewSessionTicket:
		return newSessionTicket(&s)
	case in13 && typ == tlsname.KeyUpdate:
		var requested uint8
		if !s.ReadUint8(&requested) || !s.Empty() || requested > 1 {
			return malformed(typ)
		}
		if err := a.messages.boundary(typ); err != nil {
			return err
		}
		if a.updates++; a.updates > maxUpdates {
			return breaks(tlsname.UnexpectedMessage, "sent key_update without end")
		}
		var err error
		if a.secret, err = a.suite.Updated(a.secret); err != nil {
			return err
		}
		return a.rekey()
	}
	return breaks(tlsname.UnexpectedMessage, "sent %s after its finished", typ)
}

// rekey reads on with the keys of the secret; up to TLS 1.2 they stay.
func (a *aftermath) rekey() (err error) {
	if a.secret != nil {
		a.messages.records.keys, err = a.suite.Protect(a.secret)
	}
	return err
}

// newSessionTicket: RFC 8446 section 4.6.1.
func newSessionTicket(s *cryptobyte.String) error {
	var nonce, ticket, extensions cryptobyte.String
	if !s.Skip(8) || !s.ReadUint8LengthPrefixed(&nonce) || !s.ReadUint16LengthPrefixed(&ticket) || ticket.Empty() ||
		!s.ReadUint16LengthPrefixed(&extensions) || !s.Empty() {
		return malformed(tlsname.NewSessionTicket)
	}
	for !extensions.Empty() {
		var body cryptobyte.String
		if !extensions.Skip(2) || !extensions.ReadUint16LengthPrefixed(&body) {
			return malformed(tlsname.NewSessionTicket)
		}
	}
	return nil
}
