package pfx

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"math/big"
)

// curveName names a named curve as x509read does; an unknown one by its OID.
func curveName(oid string) (name string, bits int) {
	switch oid {
	case "1.2.840.10045.3.1.1":
		return "P-192", 192
	case "1.3.132.0.33":
		return "P-224", 224
	case "1.2.840.10045.3.1.7":
		return "P-256", 256
	case "1.3.132.0.34":
		return "P-384", 384
	case "1.3.132.0.35":
		return "P-521", 521
	case "1.3.132.0.10":
		return "secp256k1", 256
	case "1.3.36.3.3.2.8.1.1.7":
		return "brainpoolP256r1", 256
	case "1.3.36.3.3.2.8.1.1.11":
		return "brainpoolP384r1", 384
	case "1.3.36.3.3.2.8.1.1.13":
		return "brainpoolP512r1", 512
	}
	return oid, 0
}

// readEC reads ECPrivateKey (RFC 5915 section 3). The public key is optional
// there; without it, it is computed for the curves Go knows.
func (k *Key) readEC(p privateKeyInfo) bool {
	k.ecCurve(p.params)
	der, err := ToDER(p.key)
	if err != nil {
		return false
	}
	if k.NotDER == "" {
		if what := notDER(p.key); what != "" {
			k.NotDER = "ECPrivateKey, " + what
		}
	}
	in := cursor{der}
	seq, ok := in.sequence()
	_, ok2 := seq.integer()
	scalar, ok3 := seq.take(idOctetString)
	if !ok || !ok2 || !ok3 {
		return false
	}
	if params, ok := seq.take(idExplicit0); ok && k.Curve == "" {
		k.ecCurve(params)
	}
	if bits, ok := seq.take(idExplicit1); ok {
		inner := cursor{bits}
		if public, ok := inner.take(idBitString); ok && len(public) > 1 {
			k.PublicKey = public[1:]
		}
	}
	if k.PublicKey == nil {
		k.PublicKey = ecPublic(k.Curve, scalar)
	}
	return true
}

// ecCurve reads ECParameters: a named curve, or explicit ones, of which the size
// of the field is told (RFC 3279 section 2.3.5).
func (k *Key) ecCurve(params []byte) {
	in := cursor{params}
	if oid, ok := in.oid(); ok {
		k.Curve, k.Bits = curveName(oid)
		return
	}
	seq, ok := in.sequence()
	if !ok {
		return
	}
	k.Curve = "explicit parameters"
	seq.take(idInteger)
	field, _ := seq.sequence()
	if _, ok := field.oid(); ok {
		if prime, ok := field.take(idInteger); ok {
			k.Bits = new(big.Int).SetBytes(prime).BitLen()
		}
	}
}

func ecPublic(curve string, scalar []byte) []byte {
	pad := func(size int) []byte {
		n := new(big.Int).SetBytes(scalar)
		if n.BitLen() > 8*size {
			return nil
		}
		return n.FillBytes(make([]byte, size))
	}
	var c ecdh.Curve
	size := 0
	switch curve {
	case "P-224":
		key, err := ecdsa.ParseRawPrivateKey(elliptic.P224(), pad(28))
		if err != nil {
			return nil
		}
		public, err := key.PublicKey.Bytes()
		if err != nil {
			return nil
		}
		return public
	case "P-256":
		c, size = ecdh.P256(), 32
	case "P-384":
		c, size = ecdh.P384(), 48
	case "P-521":
		c, size = ecdh.P521(), 66
	default:
		return nil
	}
	key, err := c.NewPrivateKey(pad(size))
	if err != nil {
		return nil
	}
	return key.PublicKey().Bytes()
}

// readEdwards reads CurvePrivateKey (RFC 8410 section 7).
func (k *Key) readEdwards(p privateKeyInfo) bool {
	in := cursor{p.key}
	secret, ok := in.take(idOctetString)
	size := 0
	switch p.oid {
	case oidEd:
		k.Type, k.Bits, size = "Ed25519", 256, 32
		if ok && len(secret) == size {
			k.PublicKey = ed25519.NewKeyFromSeed(secret).Public().(ed25519.PublicKey)
		}
	case oidEd448:
		k.Type, k.Bits, size = "Ed448", 456, 57
		if ok && len(secret) == size && k.PublicKey == nil {
			k.PublicKey = ed448Public(secret)
		}
	case oidX25519:
		k.Type, k.Bits, size = "X25519", 256, 32
		if key, err := ecdh.X25519().NewPrivateKey(secret); ok && err == nil {
			k.PublicKey = key.PublicKey().Bytes()
		}
	case oidX448:
		k.Type, k.Bits, size = "X448", 448, 56
	}
	return ok && len(secret) == size
}

// readDSA computes y = g^x mod p (FIPS 186-4 section 4.1).
func (k *Key) readDSA(p privateKeyInfo) bool {
	in := cursor{p.params}
	seq, ok := in.sequence()
	var prime, g []byte
	if ok {
		prime, ok = seq.take(idInteger)
		seq.take(idInteger)
		g, _ = seq.take(idInteger)
	}
	key := cursor{p.key}
	x, ok2 := key.take(idInteger)
	if !ok || !ok2 {
		return false
	}
	mod := new(big.Int).SetBytes(prime)
	k.Bits = mod.BitLen()
	if k.Bits < 512 || k.Bits > 4096 || len(x) > 64 { // bounds the exponentiation
		return true
	}
	y := new(big.Int).Exp(new(big.Int).SetBytes(g), new(big.Int).SetBytes(x), mod)
	k.PublicKey = derInteger(y)
	return true
}
