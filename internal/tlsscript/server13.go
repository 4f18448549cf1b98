package tlsscript

import (
	"encoding/binary"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

func share(g tlsname.Group, key []byte) []byte {
	out := binary.BigEndian.AppendUint16(nil, uint16(g))
	out = binary.BigEndian.AppendUint16(out, uint16(len(key)))
	return append(out, key...)
}

// ServerHello13 answers in TLS 1.3; change sees it before it is said. From then on
// what is said is encrypted.
func (c *Conn) ServerHello13(change func(*ServerHello)) error {
	keys, err := c.sayHello13(change)
	if err == nil && !c.packing {
		err = keys()
	}
	return err
}

// sayHello13 says it, and gives what turns the encryption on.
func (c *Conn) sayHello13(change func(*ServerHello)) (func() error, error) {
	group := tlsname.X25519
	for _, g := range []tlsname.Group{tlsname.P384, tlsname.X25519} { // P-384 after a retry alone
		if c.Client.Shares[g] != nil {
			group = g
		}
	}
	ours, err := tlswire.NewKeyShare(group, nil)
	if err != nil {
		return nil, err
	}
	h := ServerHello{Legacy: tlsname.TLS12, Random: randomBytes(32), Session: c.Client.Session, Suite: c.Suite,
		Extensions: []Ext{{tlsname.ExtSupportedVersions, []byte{3, 4}}, {tlsname.ExtKeyShare, share(group, ours.Public)}}}
	if change != nil {
		change(&h)
	}
	if err := c.Say(tlsname.ServerHello, h.marshal()); err != nil {
		return nil, err
	}
	return func() error {
		shared, err := ours.Derive(c.Client.Shares[group])
		if err != nil {
			return err
		}
		c.suite = tlswire.Suite13ByID(c.Suite)
		c.transcript.Start(c.suite.Hash)
		if c.secrets, err = tlswire.NewSecrets(c.suite, shared, c.transcript.Sum()); err != nil {
			return err
		}
		c.write, err = c.suite.Protect(c.secrets.Server)
		return err
	}, nil
}

// Retry says a HelloRetryRequest for the group, and reads the second hello.
func (c *Conn) Retry(group tlsname.Group, change func(*ServerHello)) error {
	h := ServerHello{Legacy: tlsname.TLS12, Random: []byte(tlswire.RetryRandom), Session: c.Client.Session, Suite: c.Suite,
		Extensions: []Ext{{tlsname.ExtSupportedVersions, []byte{3, 4}}, {tlsname.ExtKeyShare, binary.BigEndian.AppendUint16(nil, uint16(group))}}}
	if change != nil {
		change(&h)
	}
	c.transcript.Retry(tlswire.Suite13ByID(c.Suite).Hash)
	if err := c.Say(tlsname.ServerHello, h.marshal()); err != nil {
		return err
	}
	return c.hello()
}

// EncryptedExtensions says them.
func (c *Conn) EncryptedExtensions(list ...Ext) error {
	return c.Say(tlsname.EncryptedExtensions, extensions(list))
}

// CertificateRequest13 asks for a client certificate.
func (c *Conn) CertificateRequest13(context []byte, list ...Ext) error {
	if list == nil {
		list = []Ext{{tlsname.ExtSignatureAlgorithms, []byte{0, 4, 4, 3, 8, 4}}}
	}
	return c.Say(tlsname.CertificateRequest, append(append([]byte{byte(len(context))}, context...), extensions(list)...))
}

// Certificate says the chain of the identity.
func (c *Conn) Certificate() error { return c.Say(tlsname.Certificate, c.certificate(nil, nil)) }

// CertificateVerify proves the identity by a scheme.
func (c *Conn) CertificateVerify(scheme tlsname.Scheme) error {
	body, err := c.signature(scheme, tlswire.SignedServer13(c.transcript.Sum()))
	if err != nil {
		return err
	}
	return c.Say(tlsname.CertificateVerify, body)
}

// Finished13 says the server's Finished; change sees its content.
func (c *Conn) Finished13(change func([]byte) []byte) error {
	mac, err := c.suite.FinishedMAC(c.secrets.Server, c.transcript.Sum())
	if err != nil {
		return err
	}
	if change != nil {
		mac = change(mac)
	}
	return c.Say(tlsname.Finished, mac)
}

// Answer13 says what comes behind Finished, reads the client's flight and
// request, and gives an HTTP answer.
func (c *Conn) Answer13() error {
	var err error
	if c.traffic, err = c.secrets.Traffic(false, c.transcript.Sum()); err != nil {
		return err
	}
	if c.write, err = c.suite.Protect(c.traffic); err != nil {
		return err
	}
	if c.After != nil {
		if err := c.After(); err != nil {
			return err
		}
	}
	for range 2 { // Finished and the request, or close_notify; where a certificate was asked for, that and Finished
		if _, _, err := c.record(); err != nil {
			return err
		}
	}
	if err := c.Record(tlswire.RecordData, []byte(answer)); err != nil {
		return err
	}
	return c.Record(tlswire.RecordAlert, []byte{1, 0})
}

// UpdateKeys says a KeyUpdate, and goes on with the keys it announces.
func (c *Conn) UpdateKeys() error {
	err := c.Say(tlsname.KeyUpdate, []byte{0})
	if err == nil {
		c.traffic, err = c.suite.Updated(c.traffic)
	}
	if err == nil {
		c.write, err = c.suite.Protect(c.traffic)
	}
	return err
}

// rest13 goes from EncryptedExtensions to the end.
func (c *Conn) rest13() error {
	return first(func() error { return c.EncryptedExtensions() }, c.end13)
}

// end13 goes from Certificate to the end.
func (c *Conn) end13() error { return first(c.Certificate, c.verify, c.finish13) }

func (c *Conn) verify() error { return c.CertificateVerify(tlsname.ECDSAP256SHA256) }

func (c *Conn) finish13() error { return first(func() error { return c.Finished13(nil) }, c.Answer13) }

// start13 says an unchanged server_hello.
func (c *Conn) start13() error { return c.ServerHello13(nil) }

// first runs steps until one fails.
func first(steps ...func() error) error {
	for _, s := range steps {
		if err := s(); err != nil {
			return err
		}
	}
	return nil
}
