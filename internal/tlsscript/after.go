package tlsscript

import (
	"bytes"
	"slices"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// What a server says behind its Finished.

// afterwards has steps said there.
func afterwards(steps ...func(*Conn) error) func(*Conn) error {
	return func(c *Conn) error {
		c.After = func() error { return run(steps)(c) }
		return nil
	}
}

var (
	update  = (*Conn).UpdateKeys
	data    = func(c *Conn) error { return c.Record(tlswire.RecordData, nil) }
	garbled = func(c *Conn) error { return c.Raw(append([]byte{23, 3, 3, 0, 32}, randomBytes(32)...)) }
	noise   = func(c *Conn) error { return c.Raw([]byte("garbage, garbage, garbage")) }
)

func after13() []Case {
	case13 := func(name, reason string, steps ...func(*Conn) error) Case {
		return case13(name, reason, afterwards(steps...), start, rest)
	}
	// a ticket with this behind the nonce
	ticketOf := func(rest ...byte) func(*Conn) error {
		return say(tlsname.NewSessionTicket, slices.Concat([]byte{0, 0, 1, 0, 0, 0, 0, 1, 0}, rest)...)
	}
	return []Case{
		case13("right, two tickets", "", ticket, ticket),
		case13("right, a ticket with extensions", "", ticketOf(0, 1, 1, 0, 8, 0, 42, 0, 4, 0, 0, 16, 0)),
		case13("right, a ticket with an unknown extension", "", ticketOf(0, 1, 1, 0, 5, 0xff, 0xf7, 0, 1, 7)),
		case13("a ticket of no bytes", "sent a malformed new_session_ticket", ticketOf(0, 0, 0, 0)),
		case13("a ticket with a tail", "sent a malformed new_session_ticket", ticketOf(0, 1, 1, 0, 0, 0)),
		case13("a ticket cut off", "sent a malformed new_session_ticket", ticketOf(0, 9, 1, 0, 0)),
		case13("a ticket whose extensions are cut off", "sent a malformed new_session_ticket", ticketOf(0, 1, 1, 0, 4, 0, 42, 0, 4)),
		case13("right, key_update", "", update, ticket, update),
		case13("key_update that asks for 2", "sent a malformed key_update", say(tlsname.KeyUpdate, 2)),
		case13("key_update of two bytes", "sent a malformed key_update", say(tlsname.KeyUpdate, 0, 0)),
		case13("key_update without new keys", "sent a record that does not decrypt", say(tlsname.KeyUpdate, 0), ticket),
		case13("more behind key_update in its record", "sent more in the record that ends with its key_update",
			func(c *Conn) error {
				return c.Packed(func() error { return run([]func(*Conn) error{say(tlsname.KeyUpdate, 0), ticket})(c) })
			}),
		case13("key_update, 33 of them", "sent key_update without end", slices.Repeat([]func(*Conn) error{update}, 33)...),
		case13("a certificate asked for afterwards", "sent certificate_request after its finished", say(tlsname.CertificateRequest, 1, 7, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3)),
		case13("a second finished", "sent finished after its finished", say(tlsname.Finished, make([]byte, 32)...)),
		case13("encrypted_extensions after finished", "sent encrypted_extensions after its finished", encrypted),
		case13("server_hello after finished", "sent server_hello after its finished", say(tlsname.ServerHello, make([]byte, 40)...)),
		case13("hello_request after finished", "sent hello_request after its finished", say(tlsname.HelloRequest)),
		case13("an unknown message after finished", "sent message type 99 after its finished", say(99)),
		case13("change_cipher_spec after finished", "sent change_cipher_spec after its finished", startCCS),
		case13("right, empty application data after finished", "", data),
		case13("application data inside a ticket", "sent application data after its finished",
			func(c *Conn) error { return c.Record(tlswire.RecordHandshake, []byte{4, 0, 0, 14, 0}) }, func(c *Conn) error { return c.Record(tlswire.RecordData, []byte("x")) }),
		case13("a fatal alert after finished", "the server sent alert 80 (internal_error)", warn(2, 80)),
		case13("an alert of level 3 after finished", "sent an alert of level 3", warn(3, 80)),
		case13("right, user_canceled after finished", "", warn(1, 90)),
		case13("a warning after finished", "the server sent alert 100 (no_renegotiation)", warn(1, 100)),
		case13("a record that does not decrypt after finished", "sent a record that does not decrypt", garbled),
		case13("bytes that are no record after finished", "sent bytes that are no TLS record after its first records", noise),
		case13("a message longer than clients read after finished", "clients read no more than", func(c *Conn) error {
			return c.Record(tlswire.RecordHandshake, append([]byte{4, 0x20, 0, 0}, bytes.Repeat([]byte{0}, 100)...))
		}),
	}
}

func after12() []Case {
	case12 := func(name, reason string, steps ...func(*Conn) error) Case {
		return case12(name, reason, afterwards(steps...), start12, rest12)
	}
	return []Case{
		case12("right, empty application data after finished", "", data),
		case12("right, a warning after finished", "", warn(1, 112)),
		case12("hello_request after finished", "sent hello_request after its finished", say(tlsname.HelloRequest)),
		case12("new_session_ticket after finished", "sent new_session_ticket after its finished", say(tlsname.NewSessionTicket, 0, 0, 0, 0, 0, 1, 1)),
		case12("change_cipher_spec after finished", "sent a record that does not decrypt", startCCS),
		case12("a fatal alert after finished", "the server sent alert 80 (internal_error)", warn(2, 80)),
		case12("a record that does not decrypt after finished", "sent a record that does not decrypt", garbled),
		case12("bytes that are no record after finished", "sent bytes that are no TLS record after its first records", noise),
	}
}
