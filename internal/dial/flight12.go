package dial

import (
	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// read12 reads Certificate to ServerHelloDone (RFC 5246 section 7.3; the
// messages of SSL 3.0 to TLS 1.1 are the same).
func (f *flight) read12(sh *serverHello) error {
	exchange := sh.suite.Exchange()
	if exchange == tlsname.NoExchange {
		exchange = tlsname.StaticRSA
	}
	if err := f.run(order12(exchange, sh.staple), f.message12); err != nil {
		return err
	}
	if !f.got.hasCertificate { // which only a pre-shared key can do without
		return beyond("chose %s: a pre-shared key, so there is no certificate", sh.suite)
	}
	return f.messages.boundary(tlsname.ServerHelloDone)
}

// order12 is the order of the messages for an exchange. A CertificateStatus that
// was announced may be left out (RFC 6066 section 8).
func order12(exchange tlsname.Exchange, staple bool) order {
	request, done := slot{tlsname.CertificateRequest, true}, slot{tlsname.ServerHelloDone, false}
	if exchange == tlsname.PSK || exchange == tlsname.RSAPSK { // a hint, perhaps (RFC 4279)
		return order{{tlsname.Certificate, true}, {tlsname.ServerKeyExchange, true}, done}
	}
	out := order{{tlsname.Certificate, false}}
	if staple {
		out = append(out, slot{tlsname.CertificateStatus, true})
	}
	switch exchange {
	case tlsname.ECDHE, tlsname.DHE:
		out = append(out, slot{tlsname.ServerKeyExchange, false})
	case tlsname.Export: // a temporary key where that of item 0 is too long
		out = append(out, slot{tlsname.ServerKeyExchange, true})
	}
	return append(out, request, done)
}

func (f *flight) message12(typ tlsname.Message, body []byte) (err error) {
	switch typ {
	case tlsname.CertificateStatus:
		s := cryptobyte.String(body)
		response, ok := readOCSP(&s)
		if !ok {
			return malformed(tlsname.CertificateStatus)
		}
		f.got.list.staples = map[int][]byte{0: response}
	case tlsname.ServerKeyExchange:
		return f.serverKeyExchange(body)
	case tlsname.CertificateRequest:
		f.got.demand, err = parseCertificateRequest(body, f.got.version)
		return err
	case tlsname.ServerHelloDone:
		if len(body) > 0 {
			return malformed(tlsname.ServerHelloDone)
		}
	case tlsname.Certificate:
		return f.certificateMessage(typ, body)
	}
	return nil
}

// serverKeyExchange records group, prime and signature, and checks the
// signature over both randoms and the parameters (RFC 5246 section 7.4.3).
func (f *flight) serverKeyExchange(body []byte) error {
	ske, err := parseServerKeyExchange(body, f.got.suite.Exchange(), f.got.version)
	if err != nil {
		return err
	}
	f.exchange = ske
	f.got.group, f.got.dhBits, f.got.signature = ske.group, ske.dhBits, ske.scheme
	if f.offer == nil || ske.params == nil {
		return nil
	}
	if err := ske.acceptable(f.offer.hello); err != nil {
		return err
	}
	signed := append(append(append([]byte(nil), f.offer.random[:]...), f.hello.random...), ske.params...)
	return f.prove(tlsname.ServerKeyExchange, signed, ske.signature)
}
