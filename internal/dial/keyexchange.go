package dial

import (
	"math/big"
	"slices"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A serverKeyExchange is the message of the ephemeral suites up to TLS 1.2.
type serverKeyExchange struct {
	group     tlsname.Group  // ECDHE
	point     []byte         //
	prime     *big.Int       // DHE
	generator *big.Int       //
	public    *big.Int       //
	dhBits    int            // of prime
	params    []byte         // what the signature covers, after the two randoms
	scheme    tlsname.Scheme // TLS 1.2 only
	signature []byte
}

// parseServerKeyExchange reads the body of a ServerKeyExchange (RFC 8422
// section 5.4, RFC 5246 section 7.4.3, RFC 4279; RSA export: RFC 2246 section 7.4.3).
func parseServerKeyExchange(body []byte, exchange tlsname.Exchange, version tlsname.Version) (*serverKeyExchange, error) {
	s := cryptobyte.String(body)
	var ske serverKeyExchange
	if exchange == tlsname.PSK || exchange == tlsname.RSAPSK {
		return &ske, nil // a hint, perhaps with unsigned parameters
	}
	wrong := malformed(tlsname.ServerKeyExchange)
	var ok bool
	switch exchange {
	case tlsname.ECDHE:
		ok = ske.readCurve(&s)
	case tlsname.DHE:
		ok = ske.readPrime(&s)
	case tlsname.Export: // DHE parameters have three parts, a temporary RSA key two
		three := cryptobyte.String(body)
		if ok = ske.readPrime(&three); ok && plausibleSignature(three, version) {
			s = three
		} else {
			ske = serverKeyExchange{}
			ok = skipVectors16(&s, 2) // modulus, exponent
		}
	}
	if !ok {
		return nil, wrong
	}
	ske.params = body[:len(body)-len(s)]
	if version >= tlsname.TLS12 && !s.ReadUint16((*uint16)(&ske.scheme)) {
		return nil, wrong
	}
	if !readVector16(&s, &ske.signature) || !s.Empty() {
		return nil, wrong
	}
	return &ske, nil
}

func (ske *serverKeyExchange) readCurve(s *cryptobyte.String) bool {
	const namedCurve = 3
	var curveType uint8
	var point cryptobyte.String
	ok := s.ReadUint8(&curveType) && curveType == namedCurve && s.ReadUint16((*uint16)(&ske.group)) &&
		s.ReadUint8LengthPrefixed(&point) && !point.Empty()
	ske.point = slices.Clone([]byte(point))
	return ok
}

func (ske *serverKeyExchange) readPrime(s *cryptobyte.String) bool {
	var p, g, y cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&p) || !s.ReadUint16LengthPrefixed(&g) || !s.ReadUint16LengthPrefixed(&y) {
		return false
	}
	ske.prime, ske.generator, ske.public = new(big.Int).SetBytes(p), new(big.Int).SetBytes(g), new(big.Int).SetBytes(y)
	ske.dhBits = ske.prime.BitLen()
	return true
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

// acceptable holds the parameters against the offer and against themselves (RFC
// 8422 sections 5.4 and 5.11, RFC 7919 section 5.1).
func (ske *serverKeyExchange) acceptable(h *tlsname.Hello) error {
	switch {
	case ske.group != 0 && len(h.Groups) > 0 && !slices.Contains(h.Groups, ske.group):
		return breaks(tlsname.IllegalParameter, "chose group %s for its key exchange, which was not offered", ske.group)
	case ske.group != 0 && !ske.group.InTLS12():
		return breaks(tlsname.IllegalParameter, "chose group %s for its key exchange, which no version before TLS 1.3 has", ske.group)
	case ske.prime != nil && !inRange(ske.public, ske.prime):
		return breaks(tlsname.IllegalParameter, "sent a Diffie-Hellman value that is no good for its prime")
	}
	return nil
}

// inRange: 1 < y < p-1, of an odd prime.
func inRange(y, p *big.Int) bool {
	one := big.NewInt(1)
	return p.Bit(0) == 1 && y.Cmp(one) > 0 && y.Cmp(new(big.Int).Sub(p, one)) < 0
}

// answer gives the premaster secret and the body of our ClientKeyExchange; ok is
// false where the exchange cannot be computed here.
func (ske *serverKeyExchange) answer() (premaster, body []byte, ok bool, err error) {
	if ske.prime != nil {
		return ske.answerDHE()
	}
	share, err := tlswire.NewKeyShare(ske.group, nil)
	if err != nil {
		return nil, nil, false, nil // a group that is not computed here
	}
	premaster, err = share.Derive(ske.point)
	if err != nil {
		return nil, nil, false, breaks(tlsname.IllegalParameter, "sent a key that is no good for %s in its server_key_exchange", ske.group)
	}
	return premaster, append([]byte{byte(len(share.Public))}, share.Public...), true, nil
}

func (ske *serverKeyExchange) answerDHE() (premaster, body []byte, ok bool, err error) {
	const longest = 8192 // bits: what one costs
	if ske.dhBits > longest {
		return nil, nil, false, nil
	}
	premaster, public, err := tlswire.FiniteField(ske.prime, ske.generator, ske.public)
	if err != nil {
		return nil, nil, false, err
	}
	return premaster, append([]byte{byte(len(public) >> 8), byte(len(public))}, public...), true, nil
}
