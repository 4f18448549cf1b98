package x509read

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 old certificates are signed with it
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"math/big"
	"strings"
	"testing"
)

func parseKey(t *testing.T, spki []byte) *PublicKey {
	t.Helper()
	k, _ := ParsePublicKey(spki)
	return &k
}

func rsaSPKI(k *rsa.PrivateKey) []byte {
	return spkiRSA(bigTLV(k.N), bigTLV(big.NewInt(int64(k.E))))
}

// signPKCS1 signs as RFC 8017 section 8.2.1 with any size of key.
func signPKCS1(k *rsa.PrivateKey, h crypto.Hash, message []byte) []byte {
	size := (k.N.BitLen() + 7) / 8
	block := append(digestInfo(h), digest(h, message)...)
	padded := append([]byte{0, 1}, []byte(strings.Repeat("\xff", size-3-len(block)))...)
	padded = append(append(padded, 0), block...)
	return new(big.Int).Exp(new(big.Int).SetBytes(padded), k.D, k.N).FillBytes(make([]byte, size))
}

// expect checks the answer, and that flipping a bit of message or signature
// turns verified into wrong.
func expectStatus(t *testing.T, name string, alg Algorithm, message, signature []byte, key *PublicKey, want SignatureStatus) {
	t.Helper()
	got := CheckSignatureOver(alg, message, signature, key)
	if got.Status != want || (got.Reason == "") != (want == Verified) {
		t.Errorf("%s: %v %q, want %v", name, got.Status, got.Reason, want)
		return
	}
	if want != Verified {
		return
	}
	if got := CheckSignatureOver(alg, append([]byte("x"), message...), signature, key); got.Status != Wrong {
		t.Errorf("%s, other message: %v", name, got)
	}
	bad := append([]byte(nil), signature...)
	bad[len(bad)-1] ^= 1
	if got := CheckSignatureOver(alg, message, bad, key); got.Status != Wrong {
		t.Errorf("%s, other signature: %v", name, got)
	}
	if got := CheckSignatureOver(alg, message, nil, key); got.Status != Wrong {
		t.Errorf("%s, no signature: %v", name, got)
	}
}

func TestSignaturePKCS1(t *testing.T) {
	message := []byte("signed")
	key := rsaKey(t, 2048, "signer")
	spki := parseKey(t, rsaSPKI(key))
	for oid, h := range map[OID]crypto.Hash{
		OIDMD5WithRSA: crypto.MD5, OIDSHA1WithRSA: crypto.SHA1, OIDSHA1WithRSAOIW: crypto.SHA1, OIDSHA224WithRSA: crypto.SHA224,
		OIDSHA256WithRSA: crypto.SHA256, OIDSHA384WithRSA: crypto.SHA384, OIDSHA512WithRSA: crypto.SHA512,
		OIDSHA512_224WithRSA: crypto.SHA512_224, OIDSHA512_256WithRSA: crypto.SHA512_256,
		OIDSHA3_224WithRSA: crypto.SHA3_224, OIDSHA3_256WithRSA: crypto.SHA3_256, OIDSHA3_384WithRSA: crypto.SHA3_384, OIDSHA3_512WithRSA: crypto.SHA3_512,
	} {
		signature := signPKCS1(key, h, message)
		expectStatus(t, oid.Name(), Algorithm{OID: oid}, message, signature, spki, Verified)
		if std := rsa.VerifyPKCS1v15(&key.PublicKey, h, digest(h, message), signature); std != nil {
			t.Errorf("%s: crypto/rsa says %v", oid.Name(), std)
		}
	}
	sha256RSA := Algorithm{OID: OIDSHA256WithRSA}
	for _, bits := range []int{512, 768, 1022, 1024} {
		small := rsaKey(t, bits, "small")
		expectStatus(t, "small key", sha256RSA, message, signPKCS1(small, crypto.SHA256, message), parseKey(t, rsaSPKI(small)), Verified)
	}
	// A number made of many primes signs like any other.
	huge := spkiRSA(bigTLV(new(big.Int).SetBit(big.NewInt(1), maxRSABits, 1)), ints(3))
	expectStatus(t, "16385 bits", sha256RSA, message, make([]byte, maxRSABits/8+1), parseKey(t, huge), NotCheckable)
	large := spkiRSA(bigTLV(new(big.Int).SetBit(big.NewInt(1), maxRSABits-1, 1)), ints(3))
	expectStatus(t, "16384 bits", sha256RSA, message, make([]byte, maxRSABits/8), parseKey(t, large), Wrong)
	wide := new(big.Int).SetBit(big.NewInt(1), maxRSALongExpBits, 1)
	longExponent := spkiRSA(bigTLV(wide), bigTLV(new(big.Int).SetBit(big.NewInt(1), 64, 1)))
	expectStatus(t, "long exponent", sha256RSA, message, make([]byte, 385), parseKey(t, longExponent), NotCheckable)
	expectStatus(t, "truncated", sha256RSA, message, signPKCS1(key, crypto.SHA256, message)[1:], spki, Wrong)
	expectStatus(t, "MD2", Algorithm{OID: OIDMD2WithRSA}, message, make([]byte, 256), spki, NotCheckable)
	expectStatus(t, "broken key", sha256RSA, message, nil, parseKey(t, spkiRSA(nil, nil)), NotCheckable)
	tiny := spkiRSA(ints(0x0f), ints(3))
	expectStatus(t, "tiny key", sha256RSA, message, []byte{1}, parseKey(t, tiny), Wrong)
}

// pssParameters encodes RSASSA-PSS-params.
func pssParameters(hash, mgf OID, salt byte) []byte {
	alg := func(o OID) []byte { return seq(oidTLV(o), tlv(idNull)) }
	return seq(tlv(0xa0, alg(hash)), tlv(0xa1, seq(oidTLV(OIDMGF1), alg(mgf))), tlv(0xa2, ints(salt)))
}

func TestSignaturePSS(t *testing.T) {
	message := []byte("signed")
	for _, bits := range []int{1024, 2048, 1026} { // 1026: one octet of the block is not used
		key := rsaKey(t, bits, "pss")
		spki := parseKey(t, rsaSPKI(key))
		sign := func(h crypto.Hash, salt int) []byte {
			s, err := rsa.SignPSS(rand.Reader, key, h, digest(h, message), &rsa.PSSOptions{SaltLength: salt})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		signature := sign(crypto.SHA256, 32)
		alg := func(params []byte) Algorithm { return Algorithm{OID: OIDRSASSAPSS, Params: params} }
		good := pssParameters(OIDSHA256, OIDSHA256, 32)
		expectStatus(t, "SHA-256", alg(good), message, signature, spki, Verified)
		expectStatus(t, "SHA-384", alg(pssParameters(OIDSHA384, OIDSHA384, 10)), message, sign(crypto.SHA384, 10), spki, Verified)
		expectStatus(t, "defaults", alg(seq()), message, sign(crypto.SHA1, 20), spki, Verified)
		expectStatus(t, "other salt", alg(pssParameters(OIDSHA256, OIDSHA256, 31)), message, signature, spki, Wrong)
		expectStatus(t, "other mask hash", alg(pssParameters(OIDSHA256, OIDSHA384, 32)), message, signature, spki, Wrong)
		expectStatus(t, "unknown hash", alg(pssParameters(OIDMD2, OIDSHA256, 32)), message, signature, spki, NotCheckable)
		expectStatus(t, "no parameters", alg(nil), message, signature, spki, NotCheckable)
		expectStatus(t, "trailer 2", alg(seq(tlv(0xa3, ints(2)))), message, signature, spki, NotCheckable)
		expectStatus(t, "salt too long", alg(pssParameters(OIDSHA256, OIDSHA256, 127)), message, signature, spki, Wrong)

		pssSPKI := func(params []byte) *PublicKey {
			return parseKey(t, spkiOf(seq(oidTLV(OIDRSASSAPSS), params), seq(bigTLV(key.N), bigTLV(big.NewInt(int64(key.E))))))
		}
		expectStatus(t, "PSS key", alg(good), message, signature, pssSPKI(nil), Verified)
		expectStatus(t, "PSS key with the same parameters", alg(good), message, signature, pssSPKI(good), Verified)
		expectStatus(t, "PSS key for another hash", alg(good), message, signature, pssSPKI(pssParameters(OIDSHA384, OIDSHA384, 32)), Wrong)
		expectStatus(t, "PSS key for a longer salt", alg(good), message, signature, pssSPKI(pssParameters(OIDSHA256, OIDSHA256, 33)), Wrong)
		expectStatus(t, "PSS key with PKCS#1", Algorithm{OID: OIDSHA256WithRSA}, message, signPKCS1(key, crypto.SHA256, message), pssSPKI(nil), Wrong)
	}
}

func TestSignatureECDSA(t *testing.T) {
	message := []byte("signed")
	for curve, oid := range map[elliptic.Curve]OID{elliptic.P224(): OIDCurveP224, elliptic.P256(): OIDCurveP256, elliptic.P384(): OIDCurveP384,
		elliptic.P521(): OIDCurveP521} {
		key := ecdsaKey(t, curve, "signer")
		point, err := key.PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		spki := parseKey(t, spkiEC(oidTLV(oid), point))
		for alg, h := range map[OID]crypto.Hash{
			OIDECDSAWithSHA1: crypto.SHA1, OIDECDSAWithSHA224: crypto.SHA224, OIDECDSAWithSHA256: crypto.SHA256, OIDECDSAWithSHA384: crypto.SHA384,
			OIDECDSAWithSHA512:   crypto.SHA512,
			OIDECDSAWithSHA3_224: crypto.SHA3_224, OIDECDSAWithSHA3_256: crypto.SHA3_256, OIDECDSAWithSHA3_384: crypto.SHA3_384,
			OIDECDSAWithSHA3_512: crypto.SHA3_512,
		} {
			signature, err := ecdsa.SignASN1(rand.Reader, key, digest(h, message))
			if err != nil {
				t.Fatal(err)
			}
			expectStatus(t, oid.Name()+" "+alg.Name(), Algorithm{OID: alg}, message, signature, spki, Verified)
		}
		short := parseKey(t, spkiEC(oidTLV(oid), elliptic.MarshalCompressed(curve, key.X, key.Y)))
		signature, err := ecdsa.SignASN1(rand.Reader, key, digest(crypto.SHA256, message))
		if err != nil {
			t.Fatal(err)
		}
		expectStatus(t, "compressed key", Algorithm{OID: OIDECDSAWithSHA256}, message, signature, short, Verified)
	}
	for _, curve := range []OID{OIDCurveSecp256k1, OIDCurveBrainpoolP256r1, OIDCurveP192, OIDCurveSM2} {
		expectStatus(t, curve.Name(), Algorithm{OID: OIDECDSAWithSHA256}, message, nil, parseKey(t, spkiEC(oidTLV(curve), make([]byte, 65))), NotCheckable)
	}
}

func TestSignatureEdwardsAndOthers(t *testing.T) {
	message := []byte("signed")
	seed := sha256.Sum256([]byte("ed25519"))
	key := ed25519.NewKeyFromSeed(seed[:])
	spki := parseKey(t, spkiOf(seq(oidTLV(OIDEd25519)), key.Public().(ed25519.PublicKey)))
	expectStatus(t, "Ed25519", Algorithm{OID: OIDEd25519}, message, ed25519.Sign(key, message), spki, Verified)
	expectStatus(t, "Ed25519 short key", Algorithm{OID: OIDEd25519}, message, nil, parseKey(t, spkiOf(seq(oidTLV(OIDEd25519)), []byte{1})), NotCheckable)
	expectStatus(t, "Ed448", Algorithm{OID: OIDEd448}, message, nil, parseKey(t, spkiOf(seq(oidTLV(OIDEd448)), make([]byte, 57))), NotCheckable)
	expectStatus(t, "ML-DSA", Algorithm{OID: OIDMLDSA44}, message, nil, parseKey(t, spkiOf(seq(oidTLV(OIDMLDSA44)), make([]byte, 1312))), NotCheckable)
	expectStatus(t, "SM2", Algorithm{OID: OIDSM2WithSM3}, message, nil, parseKey(t, spkiEC(oidTLV(OIDCurveSM2), nil)), NotCheckable)
	expectStatus(t, "unknown key", Algorithm{OID: OIDSHA256WithRSA}, message, nil, parseKey(t, spkiOf(seq(oidTLV(OIDApple)))), NotCheckable)
	expectStatus(t, "key of another kind", Algorithm{OID: OIDSHA256WithRSA}, message, nil, spki, Wrong)
	expectStatus(t, "zero key", Algorithm{OID: OIDSHA256WithRSA}, message, nil, &PublicKey{}, NotCheckable)
	if got := CheckSignature(&Certificate{}, spki); got.Status != NotCheckable {
		t.Errorf("a certificate without signature: %v", got)
	}
}

func TestSignatureDSA(t *testing.T) {
	message := []byte("signed")
	var key dsa.PrivateKey
	if err := dsa.GenerateParameters(&key.Parameters, rand.Reader, dsa.L1024N160); err != nil {
		t.Fatal(err)
	}
	if err := dsa.GenerateKey(&key, rand.Reader); err != nil {
		t.Fatal(err)
	}
	params := seq(bigTLV(key.P), bigTLV(key.Q), bigTLV(key.G))
	own := parseKey(t, spkiOf(seq(oidTLV(OIDDSA), params), bigTLV(key.Y)))
	inheriting := parseKey(t, spkiOf(seq(oidTLV(OIDDSA)), bigTLV(key.Y)))
	for oid, h := range map[OID]crypto.Hash{OIDDSAWithSHA1: crypto.SHA1, OIDDSAWithSHA224: crypto.SHA224, OIDDSAWithSHA256: crypto.SHA256,
		OIDDSAWithSHA384: crypto.SHA384, OIDDSAWithSHA512: crypto.SHA512} {
		r, s, err := dsa.Sign(rand.Reader, &key, digest(h, message)[:20])
		if err != nil {
			t.Fatal(err)
		}
		signature := seq(bigTLV(r), bigTLV(s))
		alg := Algorithm{OID: oid}
		expectStatus(t, oid.Name(), alg, message, signature, own, Verified)
		expectStatus(t, oid.Name(), alg, message, signature, inheriting, NotCheckable)
		expectStatus(t, oid.Name(), alg, message, signature, inheriting.Inherit(own), Verified)
	}
	if got := inheriting.Inherit(own); got.Bits != 1024 || inheriting.Bits != 0 || own.Inherit(inheriting) != own {
		t.Errorf("Inherit gives %d bits, changes its receiver or a complete key", got.Bits)
	}
	odd := spkiOf(seq(oidTLV(OIDDSA), seq(bigTLV(key.P), ints(11), bigTLV(key.G))), bigTLV(key.Y))
	expectStatus(t, "order of 4 bits", Algorithm{OID: OIDDSAWithSHA1}, message, nil, parseKey(t, odd), NotCheckable)
	huge := new(big.Int).SetBit(big.NewInt(1), maxDSABits, 1)
	expectStatus(t, "p too long", Algorithm{OID: OIDDSAWithSHA1}, message, nil,
		parseKey(t, spkiOf(seq(oidTLV(OIDDSA), seq(bigTLV(huge), bigTLV(key.Q), bigTLV(key.G))), bigTLV(key.Y))), NotCheckable)
}

func TestSignatureHash(t *testing.T) {
	for _, tc := range []struct {
		alg  Algorithm
		hash string
		key  KeyType
	}{
		{Algorithm{OID: OIDMD2WithRSA}, "MD2", RSA},
		{Algorithm{OID: OIDMD5WithRSA}, "MD5", RSA},
		{Algorithm{OID: OIDSHA1WithRSA}, "SHA-1", RSA},
		{Algorithm{OID: OIDECDSAWithSHA256}, "SHA-256", ECDSA},
		{Algorithm{OID: OIDRSASSAPSS, Params: seq()}, "SHA-1", RSA},
		{Algorithm{OID: OIDRSASSAPSS, Params: pssParameters(OIDSHA512, OIDSHA512, 64)}, "SHA-512", RSA},
		{Algorithm{OID: OIDRSASSAPSS}, "", RSA},
		{Algorithm{OID: OIDEd25519}, "", Ed25519},
		{Algorithm{OID: OIDApple}, "", Unknown},
	} {
		if h, k := tc.alg.SignatureHash(), tc.alg.SignatureKey(); h != tc.hash || k != tc.key {
			t.Errorf("%s: %q %s, want %q %s", tc.alg.OID.Name(), h, k, tc.hash, tc.key)
		}
	}
}
