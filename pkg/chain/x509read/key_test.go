package x509read

import (
	"bytes"
	"crypto/dsa" //lint:ignore SA1019 old certificates are signed with it
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"math/big"
	"testing"
)

func bigTLV(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) == 0 || b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return tlv(idInteger, b)
}

func spkiOf(alg []byte, key ...[]byte) []byte {
	return seq(alg, tlv(idBitString, append([][]byte{{0}}, key...)...))
}

func spkiRSA(n, e []byte) []byte {
	return spkiOf(seq(oidTLV(OIDRSAEncryption), tlv(idNull)), seq(n, e))
}

func TestKeyFaults(t *testing.T) {
	key := func(spki []byte) func(*parts) { return func(p *parts) { p.spki = spki } }
	field := "subjectPublicKeyInfo"
	odd := ints(0x01, 0x01, 0x01)
	e3, f4 := ints(3), ints(1, 0, 1)
	p256 := ecdsaKey(t, elliptic.P256(), "key")
	point, _ := p256.PublicKey.Bytes()
	off := bytes.Clone(point)
	off[64] ^= 1
	p224, _ := ecdsaKey(t, elliptic.P224(), "key").PublicKey.Bytes()
	p384, _ := ecdsaKey(t, elliptic.P384(), "key").PublicKey.Bytes()
	p521, _ := ecdsaKey(t, elliptic.P521(), "key").PublicKey.Bytes()
	compressed := elliptic.MarshalCompressed(elliptic.P256(), p256.X, p256.Y)
	badCompressed := append([]byte{2}, bytes.Repeat([]byte{0xff}, 32)...)
	explicit := seq(ints(1), seq(oidTLV(OIDPrimeField), bigTLV(elliptic.P256().Params().P)))
	fixed := func(o OID, n int) []byte { return spkiOf(seq(oidTLV(o)), make([]byte, n)) }
	runFaults(t, []faultCase{
		{"rsa good", key(spkiRSA(odd, f4)), nil, "", nil},
		{"rsa exponent 3", key(spkiRSA(odd, e3)), nil, "", nil},
		{"rsa exponent 1", key(spkiRSA(odd, ints(1))), codes(FaultRSAExponent), field, []byte{2, 1, 1}},
		{"rsa exponent 0", key(spkiRSA(odd, ints(0))), codes(FaultRSAExponent), field, nil},
		{"rsa exponent 2", key(spkiRSA(odd, ints(2))), codes(FaultRSAExponent), field, nil},
		{"rsa exponent negative", key(spkiRSA(odd, ints(0x81))), codes(FaultRSAExponent), field, nil},
		{"rsa modulus negative", key(spkiRSA(ints(0x81, 1), f4)), codes(FaultRSAModulus), field, []byte{2, 2, 0x81}},
		{"rsa modulus zero", key(spkiRSA(ints(0), f4)), codes(FaultRSAModulus), field, nil},
		{"rsa modulus even", key(spkiRSA(ints(1, 0), f4)), codes(FaultRSAModulusEven), field, nil},
		{"rsa modulus padded", key(spkiRSA(ints(0, 0, 0x81), f4)), codes(FaultIntegerNotMinimal), field, nil},
		{"rsa without NULL", key(spkiOf(seq(oidTLV(OIDRSAEncryption)), seq(odd, f4))), codes(FaultKeyParameters), field, nil},
		{"rsa syntax", key(spkiOf(seq(oidTLV(OIDRSAEncryption), tlv(idNull)), seq(odd))), codes(FaultKeySyntax), field, nil},
		{"rsa trailing", key(spkiOf(seq(oidTLV(OIDRSAEncryption), tlv(idNull)), seq(odd, f4), tlv(idNull))), codes(FaultTrailingField), field, []byte{5, 0}},
		{"pss good", key(spkiOf(seq(oidTLV(OIDRSASSAPSS)), seq(odd, f4))), nil, "", nil},
		{"pss bad parameters", key(spkiOf(seq(oidTLV(OIDRSASSAPSS), tlv(idNull)), seq(odd, f4))), codes(FaultKeyParameters), field, nil},

		{"P-224", key(spkiEC(oidTLV(OIDCurveP224), p224)), nil, "", nil},
		{"P-384", key(spkiEC(oidTLV(OIDCurveP384), p384)), nil, "", nil},
		{"P-521", key(spkiEC(oidTLV(OIDCurveP521), p521)), nil, "", nil},
		{"not on the curve", key(spkiEC(oidTLV(OIDCurveP256), off)), codes(FaultECPoint), field, nil},
		{"of another curve", key(spkiEC(oidTLV(OIDCurveP384), point)), codes(FaultECPoint), field, nil},
		{"compressed", key(spkiEC(oidTLV(OIDCurveP256), compressed)), codes(FaultECPointCompressed), field, nil},
		{"compressed, no point", key(spkiEC(oidTLV(OIDCurveP256), badCompressed)), codes(FaultECPointCompressed, FaultECPoint), field, nil},
		{"infinity", key(spkiEC(oidTLV(OIDCurveP256), []byte{0})), codes(FaultECPoint), field, nil},
		{"secp256k1", key(spkiEC(oidTLV(OIDCurveSecp256k1), point)), nil, "", nil},
		{"explicit parameters", key(spkiEC(explicit, point)), codes(FaultECExplicit), field, []byte{0x30}},
		{"implicit curve", key(spkiEC(tlv(idNull), point)), codes(FaultECImplicit), field, []byte{5, 0}},
		{"no curve", key(spkiEC(nil, point)), codes(FaultECParameters), field, nil},
		{"curve an integer", key(spkiEC(ints(1), point)), codes(FaultECParameters), field, []byte{2, 1, 1}},
		{"unknown curve", key(spkiEC(oidTLV(OIDApple), point)), codes(FaultECCurveUnknown), field, nil},

		{"Ed25519", key(fixed(OIDEd25519, 32)), nil, "", nil},
		{"Ed25519 of 31", key(fixed(OIDEd25519, 31)), codes(FaultKeyLength), field, nil},
		{"Ed25519 with NULL", key(spkiOf(seq(oidTLV(OIDEd25519), tlv(idNull)), make([]byte, 32))), codes(FaultKeyParameters), field, nil},
		{"Ed448", key(fixed(OIDEd448, 57)), nil, "", nil},
		{"X25519", key(fixed(OIDX25519, 32)), nil, "", nil},
		{"X448", key(fixed(OIDX448, 56)), nil, "", nil},
		{"ML-DSA-44", key(fixed(OIDMLDSA44, 1312)), nil, "", nil},
		{"ML-DSA-65", key(fixed(OIDMLDSA65, 1952)), nil, "", nil},
		{"ML-DSA-87", key(fixed(OIDMLDSA87, 2591)), codes(FaultKeyLength), field, nil},

		{"dsa inherited", key(spkiOf(seq(oidTLV(OIDDSA)), ints(5))), codes(FaultDSAInherited), field, nil},
		{"dsa bad parameters", key(spkiOf(seq(oidTLV(OIDDSA), seq(ints(7))), ints(5))), codes(FaultKeyParameters), field, nil},
		{"dsa good", key(spkiOf(seq(oidTLV(OIDDSA), seq(ints(23), ints(11), ints(4))), ints(5))), nil, "", nil},

		{"unused bits", key(seq(seq(oidTLV(OIDEd25519)), tlv(idBitString, []byte{1}, make([]byte, 32)))), codes(FaultKeyUnusedBits), field, nil},
		{"no bits", key(seq(seq(oidTLV(OIDEd25519)), tlv(idBitString))), codes(FaultKeySyntax), field, nil},
		{"not bits", key(seq(seq(oidTLV(OIDEd25519)), ints(1))), codes(FaultKeySyntax), field, nil},
		{"empty", key(seq()), codes(FaultKeySyntax), field, nil},
		{"trailing", key(append(seq(seq(oidTLV(OIDEd25519)), tlv(idBitString, make([]byte, 33)), tlv(idNull)), []byte{}...)),
			codes(FaultTrailingField), field, []byte{5, 0}},
		{"unknown algorithm", key(spkiOf(seq(oidTLV(OIDApple)))), nil, "", nil},
	})
}

func TestPublicKeyValues(t *testing.T) {
	point := func(c elliptic.Curve) []byte {
		b, err := ecdsaKey(t, c, "key").PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	p256 := ecdsaKey(t, elliptic.P256(), "key")
	explicit := seq(ints(1), seq(oidTLV(OIDPrimeField), bigTLV(elliptic.P384().Params().P)))
	n2047 := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 2047), big.NewInt(1))
	n512 := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 512), big.NewInt(1))
	long := new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 40), big.NewInt(1))
	for _, tc := range []struct {
		name   string
		spki   []byte
		kind   KeyType
		bits   int
		block  int
		curve  string
		public bool
	}{
		{"rsa 2047", spkiRSA(bigTLV(n2047), ints(1, 0, 1)), RSA, 2047, 256, "", true},
		{"rsa 512", spkiRSA(bigTLV(n512), ints(3)), RSA, 512, 64, "", true},
		{"rsa long exponent", spkiRSA(bigTLV(n512), bigTLV(long)), RSA, 512, 64, "", false},
		{"rsa broken", spkiRSA(nil, nil), RSA, 0, 0, "", false},
		{"pss", spkiOf(seq(oidTLV(OIDRSASSAPSS)), seq(bigTLV(n512), ints(3))), RSAPSS, 512, 64, "", true},
		{"P-224", spkiEC(oidTLV(OIDCurveP224), point(elliptic.P224())), ECDSA, 224, 28, "P-224", true},
		{"P-256", spkiEC(oidTLV(OIDCurveP256), point(elliptic.P256())), ECDSA, 256, 32, "P-256", true},
		{"P-256 compressed", spkiEC(oidTLV(OIDCurveP256), elliptic.MarshalCompressed(elliptic.P256(), p256.X, p256.Y)), ECDSA, 256, 32, "P-256", true},
		{"P-521", spkiEC(oidTLV(OIDCurveP521), point(elliptic.P521())), ECDSA, 521, 66, "P-521", true},
		{"P-192", spkiEC(oidTLV(OIDCurveP192), make([]byte, 49)), ECDSA, 192, 24, "P-192", false},
		{"secp256k1", spkiEC(oidTLV(OIDCurveSecp256k1), point(elliptic.P256())), ECDSA, 256, 32, "secp256k1", false},
		{"brainpool", spkiEC(oidTLV(OIDCurveBrainpoolP512r1), nil), ECDSA, 512, 64, "brainpoolP512r1", false},
		{"explicit", spkiEC(explicit, point(elliptic.P384())), ECDSA, 384, 48, "explicit parameters", false},
		{"unknown curve", spkiEC(oidTLV(OIDApple), nil), ECDSA, 0, 0, "1.2.840.113635.100", false},
		{"Ed25519", spkiOf(seq(oidTLV(OIDEd25519)), make([]byte, 32)), Ed25519, 256, 32, "", true},
		{"Ed448", spkiOf(seq(oidTLV(OIDEd448)), make([]byte, 57)), Ed448, 456, 57, "", false},
		{"ML-DSA", spkiOf(seq(oidTLV(OIDMLDSA65)), make([]byte, 1952)), MLDSA, 15616, 1952, "", false},
		{"DSA", spkiOf(seq(oidTLV(OIDDSA), seq(ints(23), ints(11), ints(4))), ints(5)), DSA, 5, 1, "", true},
		{"DSA inherited", spkiOf(seq(oidTLV(OIDDSA)), ints(5)), DSA, 0, 0, "", false},
		{"unknown", spkiOf(seq(oidTLV(OIDApple))), Unknown, 0, 0, "", false},
		{"not a sequence", ints(1), Unknown, 0, 0, "", false},
	} {
		k, _ := ParsePublicKey(tc.spki)
		if k.Type != tc.kind || k.Bits != tc.bits || k.BlockSize() != tc.block || k.Curve != tc.curve {
			t.Errorf("%s: %s, %d bits, block %d, curve %q", tc.name, k.Type, k.Bits, k.BlockSize(), k.Curve)
		}
		public, err := k.Public()
		if (err == nil) != tc.public {
			t.Errorf("%s: %v", tc.name, err)
		}
		switch public := public.(type) {
		case nil:
		case *rsa.PublicKey:
			if public.N.BitLen() != tc.bits {
				t.Errorf("%s: modulus of %d bits", tc.name, public.N.BitLen())
			}
		case *ecdsa.PublicKey:
			if !public.Equal(&ecdsaKey(t, public.Curve, "key").PublicKey) {
				t.Errorf("%s: another point", tc.name)
			}
		case ed25519.PublicKey:
			if !bytes.Equal(public, k.Key) {
				t.Errorf("%s: another key", tc.name)
			}
		case *dsa.PublicKey:
			if public.Y.Int64() != 5 || public.P.Int64() != 23 {
				t.Errorf("%s: %v", tc.name, public)
			}
		default:
			t.Errorf("%s: a %T", tc.name, public)
		}
	}
}
