package dial

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"math/big"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var closeNotify = []byte{alertWarning, byte(tlsname.CloseNotify)}

// finish13 completes a TLS 1.3 handshake: an empty Certificate where one was
// requested, Finished, close_notify (RFC 8446 sections 4.4.2, 4.4.4, 6.1).
func (hs *handshake) finish13() error {
	f, s := hs.flight, hs.secrets.Suite
	serverFinished := f.transcript.Sum()
	write, err := s.Protect(hs.secrets.Client)
	if err != nil {
		return err
	}
	out := tlswire.Record(tlswire.RecordCCS, tlsname.TLS12, []byte{1}) // RFC 8446 appendix D.4
	hs.fate.asked = f.got.demand != nil
	if hs.fate.asked {
		msg := tlswire.Message(tlsname.Certificate, []byte{0, 0, 0, 0}) // no context, no certificates
		f.transcript.Add(msg)
		out = append(out, write.Seal(tlswire.RecordHandshake, msg)...)
	}
	mac, err := s.FinishedMAC(hs.secrets.Client, f.transcript.Sum())
	if err != nil {
		return err
	}
	out = append(out, write.Seal(tlswire.RecordHandshake, tlswire.Message(tlsname.Finished, mac))...)
	client, err := hs.secrets.Traffic(true, serverFinished)
	if err != nil {
		return err
	}
	if write, err = s.Protect(client); err != nil {
		return err
	}
	out = append(out, write.Seal(tlswire.RecordAlert, closeNotify)...)
	_, gone := hs.conn.Write(out) // the server hung up after its own Finished: what it said stands
	secret, err := hs.secrets.Traffic(false, serverFinished)
	if err != nil {
		return err
	}
	return hs.end(secret, gone)
}

// finish12 completes a handshake up to TLS 1.2 (RFC 5246 section 7.3): for
// static RSA it is the server's Finished that proves its key. Where the suite is
// not computed here the flight is all there is.
func (hs *handshake) finish12() error {
	f := hs.flight
	s := tlswire.Suite12For(f.got.suite, f.got.version)
	premaster, exchange, err := hs.clientKeyExchange(s)
	if err != nil {
		return err
	}
	if exchange == nil {
		f.uncomputed()
		_, _ = hs.conn.Write(tlswire.Record(tlswire.RecordAlert, f.got.version, closeNotify)) // the server may be gone already
		return nil
	}
	var out []byte
	say := func(typ tlsname.Message, body []byte) {
		msg := tlswire.Message(typ, body)
		f.transcript.Add(msg)
		out = append(out, tlswire.Record(tlswire.RecordHandshake, f.got.version, msg)...)
	}
	if hs.fate.asked = f.got.demand != nil; hs.fate.asked {
		say(tlsname.Certificate, []byte{0, 0, 0})
	}
	say(tlsname.ClientKeyExchange, exchange)
	master := s.Master(premaster, hs.offer.random[:], f.hello.random, f.transcript.Messages(), f.hello.ems)
	write, read, err := s.Protect(master, hs.offer.random[:], f.hello.random)
	if err != nil {
		return err
	}
	finished := tlswire.Message(tlsname.Finished, s.Finished(master, f.transcript.Messages(), true))
	f.transcript.Add(finished)
	out = append(out, tlswire.Record(tlswire.RecordCCS, f.got.version, []byte{1})...)
	out = append(out, write.Seal(tlswire.RecordHandshake, finished)...)
	if _, err := hs.conn.Write(out); err != nil && !hs.fate.asked {
		return err
	}
	if err := f.serverFinished12(read, s.Finished(master, f.transcript.Messages(), false)); err != nil {
		return hs.refused12(err)
	}
	_, _ = hs.conn.Write(write.Seal(tlswire.RecordAlert, closeNotify)) // the server may be gone: it took what there was
	return hs.end(nil, nil)
}

// serverFinished12 reads ChangeCipherSpec and Finished. No session ticket was
// asked for, so none comes (RFC 5077 section 3.2).
func (f *flight) serverFinished12(read tlswire.Protection, want []byte) error {
	if err := f.messages.changeCipherSpec(); err != nil {
		return err
	}
	f.messages.records.keys = read
	typ, msg, err := f.messages.next()
	if err != nil {
		return err
	}
	if typ != tlsname.Finished {
		return unexpected(typ, tlsname.Finished.String())
	}
	if err := f.verify(msg[4:], want); err != nil {
		return err
	}
	if f.got.suite.Exchange() == tlsname.StaticRSA {
		f.got.proof = chain.ProofVerified
	}
	f.got.stage = chain.StageFinished
	return f.messages.boundary(tlsname.Finished)
}

// uncomputed: without a signature and without Finished nothing is proved.
func (f *flight) uncomputed() {
	switch f.got.suite.Exchange() {
	case tlsname.StaticRSA, tlsname.StaticECDH, tlsname.StaticDH:
		f.got.proof = chain.NotCheckable(f.got.suite.String() + " in " + f.got.version.String() + " is not implemented")
	}
}

// refused12 takes the end of a connection after an empty Certificate for the
// server's answer to that (RFC 5246 section 7.4.6).
func (hs *handshake) refused12(err error) error {
	var alert *errAlert
	if !hs.fate.asked || !errors.As(err, &alert) && !hangsUp(err) {
		return err
	}
	hs.fate.known = true
	if alert != nil && alert.code != tlsname.CloseNotify {
		hs.fate.alert = alert.code
	} else {
		hs.fate.hungUp = true
	}
	return nil
}

// clientKeyExchange gives the premaster secret and the body of the message; nil
// where either is not computed here.
func (hs *handshake) clientKeyExchange(s *tlswire.Suite12) (premaster, body []byte, err error) {
	f := hs.flight
	switch exchange := f.got.suite.Exchange(); {
	case s == nil:
		return nil, nil, nil
	case exchange == tlsname.StaticRSA:
		return hs.encryptedPremaster()
	case f.exchange == nil, exchange != tlsname.ECDHE && exchange != tlsname.DHE:
		return nil, nil, nil
	}
	premaster, body, ok, err := f.exchange.answer()
	if !ok {
		return nil, nil, err
	}
	return premaster, body, err
}

// encryptedPremaster is what static RSA sends: the version of the hello and
// random bytes, encrypted to item 0's key (RFC 5246 section 7.4.7.1).
func (hs *handshake) encryptedPremaster() (premaster, body []byte, err error) {
	modulus, exponent := rsaNumbers(hs.flight.key())
	if modulus == nil {
		return nil, nil, nil
	}
	const length = 48
	premaster = make([]byte, length)
	if _, err := rand.Read(premaster); err != nil {
		return nil, nil, err
	}
	version := min(hs.offer.hello.MaxVersion(), tlsname.TLS12)
	premaster[0], premaster[1] = byte(version>>8), byte(version)
	sealed, err := tlswire.EncryptRSA(modulus, exponent, premaster)
	if err != nil {
		return nil, nil, nil // a key of a size that is not computed here
	}
	return premaster, append([]byte{byte(len(sealed) >> 8), byte(len(sealed))}, sealed...), nil
}

func rsaNumbers(key *x509read.PublicKey) (modulus, exponent *big.Int) {
	if key == nil || key.Type != x509read.RSA {
		return nil, nil
	}
	public, err := key.Public()
	k, ok := public.(*rsa.PublicKey)
	if err != nil || !ok {
		return nil, nil
	}
	return k.N, big.NewInt(int64(k.E))
}
