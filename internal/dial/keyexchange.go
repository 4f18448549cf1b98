package dial

import (
	"math/big"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A serverKeyExchange is the message of the ephemeral suites up to TLS 1.2.
type serverKeyExchange struct {
	group     tlsname.Group  // ECDHE
	dhBits    int            // DHE
	params    []byte         // what the signature covers, after the two randoms
	scheme    tlsname.Scheme // TLS 1.2 only
	signature []byte
}

// parseServerKeyExchange reads the body of a ServerKeyExchange (RFC 8422
// section 5.4, RFC 5246 section 7.4.3, RFC 4279; RSA export: RFC 2246 section 7.4.3).
func parseServerKeyExchange(body []byte, kind tlsname.Exchange, version tlsname.Version) (*serverKeyExchange, error) {
	s := cryptobyte.String(body)
	var ske serverKeyExchange
	if kind == tlsname.PSK || kind == tlsname.RSAPSK {
		return &ske, nil // a hint, perhaps with unsigned parameters
	}
	var ok bool
	switch kind {
	case tlsname.ECDHE:
		ok = ske.readCurve(&s)
	case tlsname.DHE:
		ok = ske.readPrime(&s)
	case tlsname.Export: // DHE parameters have three parts, a temporary RSA key two
		three := cryptobyte.String(body)
		if ok = ske.readPrime(&three); ok && plausibleSignature(three, version) {
			s = three
		} else {
			ske.dhBits = 0
			ok = skipVectors16(&s, 2) // modulus, exponent
		}
	default:
		return nil, errProtocol("sent a server_key_exchange, which its cipher suite does not have")
	}
	if !ok {
		return nil, malformed("server_key_exchange")
	}
	ske.params = body[:len(body)-len(s)]
	if version >= tlsname.TLS12 && !s.ReadUint16((*uint16)(&ske.scheme)) {
		return nil, malformed("server_key_exchange")
	}
	if !readVector16(&s, &ske.signature) || !s.Empty() {
		return nil, malformed("server_key_exchange")
	}
	return &ske, nil
}

func (ske *serverKeyExchange) readCurve(s *cryptobyte.String) bool {
	const namedCurve = 3
	var curveType uint8
	var point cryptobyte.String
	return s.ReadUint8(&curveType) && curveType == namedCurve && s.ReadUint16((*uint16)(&ske.group)) &&
		s.ReadUint8LengthPrefixed(&point)
}

func (ske *serverKeyExchange) readPrime(s *cryptobyte.String) bool {
	var p cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&p) {
		return false
	}
	ske.dhBits = new(big.Int).SetBytes(p).BitLen()
	return skipVectors16(s, 2) // generator, public value
}

func skipVectors16(s *cryptobyte.String, n int) bool {
	for range n {
		var v cryptobyte.String
		if !s.ReadUint16LengthPrefixed(&v) {
			return false
		}
	}
	return true
}

func plausibleSignature(s cryptobyte.String, version tlsname.Version) bool {
	if version >= tlsname.TLS12 && !s.Skip(2) {
		return false
	}
	return skipVectors16(&s, 1) && s.Empty()
}
