package x509read

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 old certificates are signed with it
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// Public returns the key as *rsa.PublicKey (of any size, also those crypto/x509
// refuses), *ecdsa.PublicKey (P-224 to P-521), ed25519.PublicKey or
// *dsa.PublicKey. The error says why there is none.
func (k *PublicKey) Public() (crypto.PublicKey, error) {
	switch k.Type {
	case RSA, RSAPSS:
		n, e, ok := rsaNumbers(k.Key)
		if !ok {
			return nil, errors.New("the RSA key does not decode")
		}
		if e.BitLen() > 31 {
			return nil, fmt.Errorf("the RSA exponent has %d bits, more than 31", e.BitLen())
		}
		return &rsa.PublicKey{N: n, E: int(e.Int64())}, nil
	case ECDSA:
		key, err := k.ecdsaKey()
		if err != nil {
			return nil, err
		}
		return key, nil
	case Ed25519:
		if len(k.Key) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("the Ed25519 key has %d octets", len(k.Key))
		}
		return ed25519.PublicKey(k.Key), nil
	case DSA:
		key, ok := dsaPublicKey(k)
		if !ok {
			return nil, errors.New("the DSA key has no parameters of its own, or does not decode")
		}
		return key, nil
	}
	if k.Type == "" || k.Type == Unknown {
		return nil, fmt.Errorf("the key algorithm %s is not known", k.Algorithm.OID.Name())
	}
	return nil, fmt.Errorf("%s keys are not implemented", k.Type)
}

func (k *PublicKey) ecdsaKey() (*ecdsa.PublicKey, error) {
	curve := goCurve(k.Curve)
	if curve == nil {
		return nil, fmt.Errorf("the curve %s is not implemented", k.Curve)
	}
	point := k.Key
	if len(point) > 0 && point[0] != 4 {
		x, y := elliptic.UnmarshalCompressed(curve, k.Key)
		if x == nil {
			return nil, fmt.Errorf("the key is not a point of %s", k.Curve)
		}
		size := (k.Bits + 7) / 8
		point = append([]byte{4}, x.FillBytes(make([]byte, size))...)
		point = append(point, y.FillBytes(make([]byte, size))...)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		return nil, fmt.Errorf("the key is not a point of %s", k.Curve)
	}
	return key, nil
}

// RSAExponent is the public exponent of an RSA key; not ok where Public has
// none: the key does not decode, or the exponent has more than 31 bits.
func (k *PublicKey) RSAExponent() (exponent int, ok bool) {
	_, e, ok := rsaOctets(k.Key)
	if !ok || k.Type != RSA && k.Type != RSAPSS || bitLen(e) > 31 {
		return 0, false
	}
	for _, octet := range e {
		exponent = exponent<<8 | int(octet)
	}
	return exponent, true
}

// rsaNumbers reads modulus and exponent; both have to be positive.
func rsaNumbers(der []byte) (n, e *big.Int, ok bool) {
	first, second, ok := rsaOctets(der)
	if !ok {
		return nil, nil, false
	}
	return new(big.Int).SetBytes(first), new(big.Int).SetBytes(second), true
}

// rsaOctets is rsaNumbers without the arithmetic.
func rsaOctets(der []byte) (n, e []byte, ok bool) {
	r := reader{raw: der}
	s := span{0, len(der)}
	seq, ok := r.expect(&s, idSequence)
	inner := seq.span()
	first, ok2 := r.expect(&inner, idInteger)
	second, ok3 := r.expect(&inner, idInteger)
	if !ok || !ok2 || !ok3 {
		return nil, nil, false
	}
	for _, i := range [...]element{first, second} {
		if b := r.bytes(i); bitLen(b) == 0 || b[0] >= 0x80 {
			return nil, nil, false
		}
	}
	return r.bytes(first), r.bytes(second), true
}

// dsaPublicKey reads Dss-Parms and the key (RFC 3279 section 2.3.2).
func dsaPublicKey(k *PublicKey) (*dsa.PublicKey, bool) {
	key := &dsa.PublicKey{Parameters: dsa.Parameters{P: new(big.Int), Q: new(big.Int), G: new(big.Int)}, Y: new(big.Int)}
	params, content := cryptobyte.String(k.Algorithm.Params), cryptobyte.String(k.Key)
	if !params.ReadASN1(&params, asn1.SEQUENCE) ||
		!params.ReadASN1Integer(key.P) || !params.ReadASN1Integer(key.Q) || !params.ReadASN1Integer(key.G) ||
		!content.ReadASN1Integer(key.Y) {
		return nil, false
	}
	for _, n := range [...]*big.Int{key.P, key.Q, key.G, key.Y} {
		if n.Sign() <= 0 {
			return nil, false
		}
	}
	return key, true
}

// Inherit returns the key with the DSA parameters of its issuer where it has
// none of its own (RFC 3279 section 2.3.2), else the key itself.
func (k *PublicKey) Inherit(issuer *PublicKey) *PublicKey {
	own := k.Algorithm.Params != nil && !k.Algorithm.null()
	if k.Type != DSA || own || issuer == nil || issuer.Type != DSA {
		return k
	}
	full := *k
	full.Algorithm.Params = issuer.Algorithm.Params
	full.Bits = issuer.Bits
	return &full
}
