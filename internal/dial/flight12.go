package dial

import (
	"fmt"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// read12 reads Certificate to ServerHelloDone (RFC 5246 section 7.3; the
// messages of SSL 3.0 to TLS 1.1 are the same).
func (f *flight) read12(sh *serverHello) error {
	kind := sh.suite.Exchange()
	if kind == tlsname.NoExchange {
		kind = tlsname.StaticRSA
	}
	for {
		typ, msg, err := f.next()
		if err != nil {
			return err
		}
		body := msg[4:]
		switch typ {
		case msgHelloRequest:
		case msgCertificate:
			err = f.certificate(body)
		case msgCertificateStatus:
			response, ok := readOCSP(cryptobyte.String(body))
			if !ok {
				return malformed("certificate_status")
			}
			f.got.staples = map[int][]byte{0: response}
		case msgServerKeyExchange:
			err = f.serverKeyExchange(body, kind, sh)
		case msgCertificateRequest:
			f.got.demand, _, err = parseCertificateRequest(body, sh.version)
		case msgServerHelloDone:
			return f.done(kind, sh)
		default:
			err = errProtocol(fmt.Sprintf("sent an unexpected handshake message of type %d", typ))
		}
		if err != nil {
			return err
		}
	}
}

// done ends the flight: a server that goes by a pre-shared key has shown no
// certificate, and that is its answer.
func (f *flight) done(kind tlsname.Exchange, sh *serverHello) error {
	switch {
	case !f.got.hasCertificate && (kind == tlsname.PSK || kind == tlsname.RSAPSK):
		return errProtocol("chose " + sh.suite.String() + ": a pre-shared key, so there is no certificate")
	case !f.got.hasCertificate:
		return errProtocol("sent no certificate")
	case (kind == tlsname.ECDHE || kind == tlsname.DHE) && f.offer != nil && f.got.proof == "":
		return errProtocol("sent no server_key_exchange")
	}
	return nil
}

// serverKeyExchange records group, prime and signature, and checks the
// signature over both randoms and the parameters (RFC 5246 section 7.4.3).
func (f *flight) serverKeyExchange(body []byte, kind tlsname.Exchange, sh *serverHello) error {
	ske, err := parseServerKeyExchange(body, kind, sh.version)
	if err != nil {
		return err
	}
	f.got.group, f.got.dhBits, f.got.signature = ske.group, ske.dhBits, ske.scheme
	if f.offer == nil || ske.params == nil {
		return nil
	}
	if !f.got.hasCertificate {
		return errProtocol("sent a server_key_exchange before its certificate")
	}
	signed := append(append(append([]byte(nil), f.offer.random[:]...), sh.random...), ske.params...)
	return f.prove("server_key_exchange", signed, ske.signature)
}
