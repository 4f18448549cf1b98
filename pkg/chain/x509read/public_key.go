package x509read

import (
	"crypto/sha256"
	"math/bits"
)

// publicKey reads a SubjectPublicKeyInfo from the element e.
func (r *reader) publicKey(e element) PublicKey {
	k := PublicKey{Raw: r.whole(e), Type: Unknown}
	k.SHA256 = sha256.Sum256(k.Raw)
	s := e.span()
	alg, ok := r.next(&s)
	if !ok {
		r.fault(FaultKeySyntax, e.off, "the algorithm is absent")
		return k
	}
	k.Algorithm = r.algorithm(alg)
	key, ok := r.expect(&s, idBitString)
	if !ok {
		r.fault(FaultKeySyntax, s.pos, "the key is not a BIT STRING")
		return k
	}
	r.done(s, FaultTrailingField)
	content, unused, ok := r.bitString(key)
	if !ok {
		r.fault(FaultKeySyntax, key.off, "the BIT STRING of %d octets does not decode", key.length())
		return k
	}
	if unused != 0 {
		r.fault(FaultKeyUnusedBits, key.off, "%d bits of the key are unused", unused)
	}
	k.Key = content
	inner := span{key.body + 1, key.end}

	switch k.Algorithm.OID {
	case OIDRSAEncryption:
		k.Type = RSA
		if !k.Algorithm.null() {
			r.fault(FaultKeyParameters, alg.off, "the parameters of rsaEncryption are not NULL")
		}
		k.Bits = r.rsaKey(inner)
	case OIDRSASSAPSS:
		k.Type = RSAPSS
		if _, ok := parsePSS(k.Algorithm.Params); k.Algorithm.Params != nil && !ok {
			r.fault(FaultKeyParameters, alg.off, "the parameters of id-RSASSA-PSS do not decode")
		}
		k.Bits = r.rsaKey(inner)
	case OIDECPublicKey:
		k.Type = ECDSA
		r.ecKey(&k, alg, key)
	case OIDDSA:
		k.Type = DSA
		r.dsaKey(&k, alg)
	case OIDEd25519:
		r.fixedKey(&k, Ed25519, 256, 32, e.off)
	case OIDX25519:
		r.fixedKey(&k, X25519, 256, 32, e.off)
	case OIDEd448:
		r.fixedKey(&k, Ed448, 456, 57, e.off)
	case OIDX448:
		r.fixedKey(&k, X448, 448, 56, e.off)
	case OIDMLDSA44:
		r.fixedKey(&k, MLDSA, 1312*8, 1312, e.off)
	case OIDMLDSA65:
		r.fixedKey(&k, MLDSA, 1952*8, 1952, e.off)
	case OIDMLDSA87:
		r.fixedKey(&k, MLDSA, 2592*8, 2592, e.off)
	}
	return k
}

// fixedKey checks the keys that are a fixed number of octets without
// parameters (RFC 8410 section 3, RFC 9881 section 4).
func (r *reader) fixedKey(k *PublicKey, kind KeyType, bits, octets, off int) {
	k.Type, k.Bits = kind, bits
	if k.Algorithm.Params != nil {
		r.fault(FaultKeyParameters, off, "%s has parameters, they must be absent", k.Algorithm.OID.Name())
	}
	if len(k.Key) != octets {
		r.fault(FaultKeyLength, off, "the key has %d octets, %d are wanted", len(k.Key), octets)
	}
}

// rsaKey checks an RSAPublicKey (RFC 8017 appendix A.1.1) and returns the bits
// of the modulus.
func (r *reader) rsaKey(s span) int {
	e, ok := r.expect(&s, idSequence)
	inner := e.span()
	n, ok2 := r.expect(&inner, idInteger)
	x, ok3 := r.expect(&inner, idInteger)
	if !ok || !ok2 || !ok3 || n.length() == 0 || x.length() == 0 {
		r.fault(FaultKeySyntax, s.pos, "the RSA key is not a SEQUENCE of modulus and exponent")
		return 0
	}
	r.done(inner, FaultTrailingField)
	r.done(s, FaultTrailingField)
	modulus, exponent := r.bytes(n), r.bytes(x)
	for _, i := range [...]element{n, x} {
		if b := r.bytes(i); len(b) > 1 && b[0] == 0 && b[1] < 0x80 {
			r.fault(FaultIntegerNotMinimal, i.off, "the INTEGER is written in %d octets, DER wants the shortest form", len(b))
		}
	}
	size := bitLen(modulus)
	switch {
	case modulus[0] >= 0x80:
		r.fault(FaultRSAModulus, n.off, "the modulus is negative")
	case size == 0:
		r.fault(FaultRSAModulus, n.off, "the modulus is zero")
	case modulus[len(modulus)-1]&1 == 0:
		r.fault(FaultRSAModulusEven, n.off, "the modulus of %d bits is even", size)
	}
	switch low := exponent[len(exponent)-1]; {
	case exponent[0] >= 0x80:
		r.fault(FaultRSAExponent, x.off, "the exponent is negative")
	case bitLen(exponent) < 2:
		r.fault(FaultRSAExponent, x.off, "the exponent is %d", low)
	case low&1 == 0:
		r.fault(FaultRSAExponent, x.off, "the exponent is even")
	}
	return size
}

// bitLen returns the length of a big-endian number in bits.
func bitLen(b []byte) int {
	for len(b) > 0 && b[0] == 0 {
		b = b[1:]
	}
	if len(b) == 0 {
		return 0
	}
	return (len(b)-1)*8 + bits.Len8(b[0])
}

// dsaKey reads the parameters of RFC 3279 section 2.3.2.
func (r *reader) dsaKey(k *PublicKey, alg element) {
	if k.Algorithm.Params == nil || k.Algorithm.null() {
		r.fault(FaultDSAInherited, alg.off, "the key has no parameters: it inherits them from its issuer")
		return
	}
	key, ok := dsaPublicKey(k)
	if !ok {
		r.fault(FaultKeyParameters, alg.off, "the parameters or the key of id-dsa do not decode")
		return
	}
	k.Bits = key.P.BitLen()
}

// BlockSize returns the octets of a modulus or field element, (bits + 7) / 8:
// what Apple platforms call the size of a key (apple: K-02).
func (k *PublicKey) BlockSize() int { return (k.Bits + 7) / 8 }

// ParsePublicKey reads a SubjectPublicKeyInfo; offsets of the faults count from
// the start of spki.
func ParsePublicKey(spki []byte) (PublicKey, []Fault) {
	r := newReader(spki, "subjectPublicKeyInfo")
	s := span{0, len(spki)}
	e, ok := r.expect(&s, idSequence)
	if !ok {
		r.fault(FaultKeySyntax, 0, "a SubjectPublicKeyInfo is a SEQUENCE")
		return PublicKey{Raw: spki, SHA256: sha256.Sum256(spki), Type: Unknown}, r.faults
	}
	r.done(s, FaultTrailingField)
	return r.publicKey(e), r.faults
}
