package tlsscript

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/binary"
	"errors"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// ServerHello12 answers in TLS 1.2; change sees it before it is said.
func (c *Conn) ServerHello12(change func(*ServerHello)) error {
	h := ServerHello{Legacy: tlsname.TLS12, Random: randomBytes(32), Session: randomBytes(32), Suite: c.Suite,
		Extensions: []Ext{{tlsname.ExtExtendedMasterSecret, nil}, {tlsname.ExtRenegotiationInfo, []byte{0}}}}
	if change != nil {
		change(&h)
	}
	c.random, c.extended = h.Random, false
	for _, e := range h.Extensions {
		c.extended = c.extended || e.Type == tlsname.ExtExtendedMasterSecret
	}
	return c.Say(tlsname.ServerHello, h.marshal())
}

// A KeyExchange is the ECDHE parameters, field by field.
type KeyExchange struct {
	CurveType byte
	Group     tlsname.Group
	Point     []byte
	Scheme    tlsname.Scheme
	Tail      []byte // behind the signature
}

// ServerKeyExchange says and signs them; change sees them before.
func (c *Conn) ServerKeyExchange(change func(*KeyExchange)) error {
	var err error
	if c.share, err = tlswire.NewKeyShare(tlsname.X25519, nil); err != nil {
		return err
	}
	k := KeyExchange{CurveType: 3, Group: tlsname.X25519, Point: c.share.Public, Scheme: tlsname.ECDSAP256SHA256}
	if change != nil {
		change(&k)
	}
	params := append([]byte{k.CurveType, byte(k.Group >> 8), byte(k.Group), byte(len(k.Point))}, k.Point...)
	signed := append(append(append([]byte(nil), c.Client.Random...), c.random...), params...)
	sig, err := c.signature(k.Scheme, signed)
	if err != nil {
		return err
	}
	return c.Say(tlsname.ServerKeyExchange, append(append(params, sig...), k.Tail...))
}

// CertificateRequest12 asks for a client certificate.
func (c *Conn) CertificateRequest12(tail ...byte) error {
	return c.Say(tlsname.CertificateRequest, append([]byte{1, 64, 0, 4, 4, 3, 8, 4, 0, 0}, tail...))
}

// HelloDone ends the flight.
func (c *Conn) HelloDone() error { return c.Say(tlsname.ServerHelloDone, nil) }

// keys12 reads the client's flight, and gives the keys for the server's end.
func (c *Conn) keys12() (s *tlswire.Suite12, master []byte, write tlswire.Protection, err error) {
	if c.asked {
		msg, err := c.message()
		if err != nil {
			return nil, nil, nil, err
		}
		c.transcript.Add(msg)
	}
	exchange, err := c.message()
	if err != nil || len(exchange) < 6 {
		return nil, nil, nil, errClient
	}
	c.transcript.Add(exchange)
	var premaster []byte
	if key, ok := c.ID.Key.(*rsa.PrivateKey); ok && c.Suite.Exchange() == tlsname.StaticRSA {
		premaster, err = key.Decrypt(rand.Reader, exchange[6:], nil)
	} else {
		premaster, err = c.share.Derive(exchange[5:])
	}
	if err != nil {
		return nil, nil, nil, err
	}
	s = tlswire.Suite12For(c.Suite, tlsname.TLS12)
	master = s.Master(premaster, c.Client.Random, c.random, c.transcript.Messages(), c.extended)
	client, write, err := s.Protect(master, c.Client.Random, c.random)
	if err != nil {
		return nil, nil, nil, err
	}
	_, sealed, err := c.record()
	if err != nil {
		return nil, nil, nil, err
	}
	var header [tlswire.RecordHeader]byte
	header[0], header[1], header[2] = tlswire.RecordHandshake, 3, 3
	binary.BigEndian.PutUint16(header[3:], uint16(len(sealed)))
	finished, err := client.Open(header, sealed)
	c.transcript.Add(finished)
	return s, master, write, err
}

// End12 reads the client's flight and ends the handshake: before comes ahead of
// change_cipher_spec, change sees the content of Finished.
func (c *Conn) End12(before func() error, change func([]byte) []byte) error {
	s, master, write, err := c.keys12()
	if err != nil {
		return err
	}
	if before != nil {
		if err := before(); err != nil {
			return err
		}
	}
	if err := c.ChangeCipherSpec(); err != nil {
		return err
	}
	c.write = write
	data := s.Finished(master, c.transcript.Messages(), false)
	if change != nil {
		data = change(data)
	}
	finished := func() error { return c.Say(tlsname.Finished, data) }
	if c.behind == nil {
		err = finished()
	} else {
		err = c.Packed(func() error { return first(finished, c.behind) })
	}
	if err != nil {
		return err
	}
	if c.After != nil {
		if err := c.After(); err != nil {
			return err
		}
	}
	if _, _, err := c.record(); err != nil && !errors.Is(err, errClient) { // the request, or close_notify
		return err
	}
	if err := c.Record(tlswire.RecordData, []byte(answer)); err != nil {
		return err
	}
	return c.Record(tlswire.RecordAlert, []byte{1, 0})
}

func (c *Conn) start12() error { return c.ServerHello12(nil) }

func (c *Conn) exchange() error { return c.ServerKeyExchange(nil) }

func (c *Conn) end12() error { return c.End12(nil, nil) }

// rest12 goes from Certificate to the end.
func (c *Conn) rest12() error { return first(c.Certificate, c.exchange, c.HelloDone, c.end12) }
