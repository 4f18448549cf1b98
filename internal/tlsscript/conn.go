// Package tlsscript is a TLS server that says exactly what it is told to: each
// Case is a handshake, message by message, right or broken in one place. Keys,
// signatures and Finished are over what was really said, so that a case breaks
// the one rule it is about and nothing else.
//
//	for _, c := range tlsscript.Cases() {
//		go tlsscript.Serve(listener, c, identities)
//	}
//
// It serves the tests of internal/dial, with the clients at hand as oracles, and
// the lab. It knows TLS 1.2 and TLS 1.3, X25519, P-256 and P-384, and ends every
// connection with an HTTP answer.
package tlsscript

import (
	"bufio"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// An Identity is a chain, leaf first, and who signs for the leaf.
type Identity struct {
	Chain [][]byte
	Key   crypto.Signer
}

// Identities are those the cases are served with.
type Identities struct{ P256, P384, RSA Identity }

// A Case is one scripted handshake.
type Case struct {
	Name    string // "1.3 no encrypted_extensions"
	Version tlsname.Version
	Reason  string // what our reader says of it; "": nothing is wrong
	Run     func(*Conn) error
}

// Serve runs the case for each connection until the listener is closed.
func Serve(l net.Listener, c Case, ids Identities) {
	for {
		raw, err := l.Accept()
		if err != nil {
			return
		}
		go Answer(raw, c, ids)
	}
}

// Answer runs the case on one connection, and closes it.
func Answer(raw net.Conn, c Case, ids Identities) {
	defer raw.Close()
	_ = raw.SetDeadline(time.Now().Add(10 * time.Second))
	s := &Conn{raw: raw, in: bufio.NewReader(raw), IDs: ids, ID: ids.P256, Suite: 0x1301}
	if c.Version < tlsname.TLS13 {
		s.Suite = 0xc02b
	}
	if s.hello() == nil && c.Run(s) == nil {
		_, _ = io.Copy(io.Discard, raw)
	}
}

// A Conn is the server's end of one connection, and the state of its handshake.
type Conn struct {
	raw net.Conn
	in  *bufio.Reader

	IDs    Identities
	ID     Identity      // that Certificate and CertificateVerify go by
	Suite  tlsname.Suite // that ServerHello chooses
	Client Hello         // as the client said it

	transcript tlswire.Transcript
	write      tlswire.Protection
	random     []byte
	packed     []byte // content of the record that Packed builds
	packing    bool
	pending    []byte // of the client's messages

	suite   *tlswire.Suite13
	secrets *tlswire.Secrets
	asked   bool // a CertificateRequest was said

	share    tlswire.KeyShare // TLS 1.2
	extended bool
	traffic  []byte       // TLS 1.3: the secret that write comes from, after Finished
	behind   func() error // what stands behind Finished in its record

	// After is what is said behind Finished, in records of its own; nil: nothing.
	After func() error

	// Alter, where it is set, says what is said instead of each message, and Frame
	// what is written instead of each record; false: the record as it is.
	Alter func(Message) []Message
	Frame func(typ byte, content []byte) (done bool, err error)
}

// A Message is a handshake message without its header.
type Message struct {
	Type tlsname.Message
	Body []byte
}

// A Hello is what a scripted server reads of a ClientHello.
type Hello struct {
	Random, Session []byte
	Shares          map[tlsname.Group][]byte
	Suites          []tlsname.Suite
}

var errClient = errors.New("the client's message is not one this server reads")

// message reads one handshake message in clear text; a record may hold several.
func (c *Conn) message() ([]byte, error) {
	for {
		if b := c.pending; len(b) >= 4 {
			if n := 4 + int(b[1])<<16 + int(b[2])<<8 + int(b[3]); len(b) >= n {
				c.pending = b[n:]
				return b[:n:n], nil
			}
		}
		typ, more, err := c.record()
		if err != nil {
			return nil, err
		}
		if typ != tlswire.RecordHandshake {
			return nil, errClient
		}
		c.pending = append(c.pending, more...)
	}
}

// hello reads the ClientHello.
func (c *Conn) hello() error {
	msg, err := c.message()
	if err != nil {
		return err
	}
	c.transcript.Add(msg)
	s := cryptobyte.String(msg[4:])
	var session, suites, methods, list, shares, share cryptobyte.String
	h := Hello{Shares: map[tlsname.Group][]byte{}}
	if !s.Skip(2) || !s.ReadBytes(&h.Random, 32) || !s.ReadUint8LengthPrefixed(&session) || !s.ReadUint16LengthPrefixed(&suites) ||
		!s.ReadUint8LengthPrefixed(&methods) || !s.ReadUint16LengthPrefixed(&list) {
		return errClient
	}
	h.Session = slices.Clone([]byte(session))
	for !suites.Empty() {
		var suite tlsname.Suite
		if !suites.ReadUint16((*uint16)(&suite)) {
			return errClient
		}
		h.Suites = append(h.Suites, suite)
	}
	for !list.Empty() {
		var e tlsname.Extension
		var body cryptobyte.String
		if !list.ReadUint16((*uint16)(&e)) || !list.ReadUint16LengthPrefixed(&body) {
			return errClient
		}
		if e != tlsname.ExtKeyShare || !body.ReadUint16LengthPrefixed(&shares) {
			continue
		}
		for !shares.Empty() {
			var g tlsname.Group
			if !shares.ReadUint16((*uint16)(&g)) || !shares.ReadUint16LengthPrefixed(&share) {
				return errClient
			}
			h.Shares[g] = slices.Clone([]byte(share))
		}
	}
	c.Client = h
	return nil
}

// record reads one record; change_cipher_spec is passed over.
func (c *Conn) record() (byte, []byte, error) {
	for {
		var header [tlswire.RecordHeader]byte
		if _, err := io.ReadFull(c.in, header[:]); err != nil {
			return 0, nil, err
		}
		body := make([]byte, binary.BigEndian.Uint16(header[3:]))
		if _, err := io.ReadFull(c.in, body); err != nil {
			return 0, nil, err
		}
		if header[0] == tlswire.RecordAlert {
			return 0, nil, errClient
		}
		if header[0] != tlswire.RecordCCS {
			return header[0], body, nil
		}
	}
}

// Raw says bytes as they are.
func (c *Conn) Raw(b []byte) error {
	_, err := c.raw.Write(b)
	return err
}

// Record says one record of a type, protected if keys are there.
func (c *Conn) Record(typ byte, content []byte) error {
	if frame := c.Frame; frame != nil {
		c.Frame = nil // which may say records of its own
		done, err := frame(typ, content)
		c.Frame = frame
		if done || err != nil {
			return err
		}
	}
	if c.write != nil {
		return c.Raw(c.write.Seal(typ, content))
	}
	return c.Raw(tlswire.Record(typ, tlsname.TLS12, content))
}

// ChangeCipherSpec says that record.
func (c *Conn) ChangeCipherSpec() error {
	return c.Raw(tlswire.Record(tlswire.RecordCCS, tlsname.TLS12, []byte{1}))
}

// Packed puts all that f says into one record.
func (c *Conn) Packed(f func() error) error {
	c.packing, c.packed = true, nil
	err := f()
	c.packing = false
	if err != nil {
		return err
	}
	return c.Record(tlswire.RecordHandshake, c.packed)
}

// Say says a handshake message in a record of its own, or in that of Packed.
func (c *Conn) Say(typ tlsname.Message, body []byte) error {
	if c.Alter == nil {
		return c.say(typ, body)
	}
	for _, m := range c.Alter(Message{typ, body}) {
		if err := c.say(m.Type, m.Body); err != nil {
			return err
		}
	}
	return nil
}

func (c *Conn) say(typ tlsname.Message, body []byte) error {
	msg := tlswire.Message(typ, body)
	c.asked = c.asked || typ == tlsname.CertificateRequest
	if typ != tlsname.HelloRequest { // which no hash covers (RFC 5246 section 7.4.1.1)
		c.transcript.Add(msg)
	}
	if c.packing {
		c.packed = append(c.packed, msg...)
		return nil
	}
	for len(msg) > tlswire.MaxPlain {
		if err := c.Record(tlswire.RecordHandshake, msg[:tlswire.MaxPlain]); err != nil {
			return err
		}
		msg = msg[tlswire.MaxPlain:]
	}
	return c.Record(tlswire.RecordHandshake, msg)
}

// An Ext is one extension.
type Ext struct {
	Type tlsname.Extension
	Body []byte
}

// extensions is a list with its length.
func extensions(list []Ext) []byte {
	var b cryptobyte.Builder
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		for _, e := range list {
			b.AddUint16(uint16(e.Type))
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(e.Body) })
		}
	})
	return b.BytesOrPanic()
}

// A ServerHello is the message, field by field.
type ServerHello struct {
	Legacy      tlsname.Version
	Random      []byte
	Session     []byte
	Suite       tlsname.Suite
	Compression byte
	Extensions  []Ext
	Tail        []byte // behind the extensions
}

func (h *ServerHello) marshal() []byte {
	out := binary.BigEndian.AppendUint16(nil, uint16(h.Legacy))
	out = append(append(out, h.Random...), byte(len(h.Session)))
	out = append(out, h.Session...)
	out = binary.BigEndian.AppendUint16(out, uint16(h.Suite))
	out = append(out, h.Compression)
	if len(h.Extensions) > 0 {
		out = append(out, extensions(h.Extensions)...)
	}
	return append(out, h.Tail...)
}

// set replaces the body of an extension.
func (h *ServerHello) set(e tlsname.Extension, body []byte) {
	for i := range h.Extensions {
		if h.Extensions[i].Type == e {
			h.Extensions[i].Body = body
		}
	}
}

// drop takes an extension out.
func (h *ServerHello) drop(e tlsname.Extension) {
	h.Extensions = slices.DeleteFunc(h.Extensions, func(x Ext) bool { return x.Type == e })
}

// add appends an extension.
func (h *ServerHello) add(e tlsname.Extension, body ...byte) {
	h.Extensions = append(h.Extensions, Ext{e, body})
}

func randomBytes(n int) []byte {
	out := make([]byte, n)
	if _, err := rand.Read(out); err != nil {
		panic(err) // crypto/rand never fails
	}
	return out
}

// Certificate is the body of that message, with extensions for each entry.
func (c *Conn) certificate(context []byte, entry func(item int) []Ext) []byte {
	var b cryptobyte.Builder
	in13 := c.secrets != nil
	if in13 {
		b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(context) })
	}
	b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) {
		for i, der := range c.ID.Chain {
			b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(der) })
			if in13 {
				var list []Ext
				if entry != nil {
					list = entry(i)
				}
				b.AddBytes(extensions(list))
			}
		}
	})
	return b.BytesOrPanic()
}

// sign signs by a scheme, whether or not the key may.
func (c *Conn) sign(scheme tlsname.Scheme, signed []byte) ([]byte, error) {
	h := crypto.SHA256
	switch scheme {
	case tlsname.ECDSAP384SHA384:
		h = crypto.SHA384
	case tlsname.ECDSASHA1, tlsname.PKCS1SHA1:
		h = crypto.SHA1
	}
	w := h.New()
	w.Write(signed)
	var opts crypto.SignerOpts = h
	if scheme == tlsname.PSSSHA256 {
		opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: h}
	}
	return c.ID.Key.Sign(rand.Reader, w.Sum(nil), opts)
}

// signature is a scheme and a signature, as CertificateVerify and the end of
// ServerKeyExchange hold them.
func (c *Conn) signature(scheme tlsname.Scheme, signed []byte) ([]byte, error) {
	sig, err := c.sign(scheme, signed)
	out := binary.BigEndian.AppendUint16(nil, uint16(scheme))
	out = binary.BigEndian.AppendUint16(out, uint16(len(sig)))
	return append(out, sig...), err
}

// answer is what a browser gets for its request.
const answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
