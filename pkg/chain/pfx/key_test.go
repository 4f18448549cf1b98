package pfx

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha3"
	"crypto/x509"
	"encoding/hex"
	"math/big"
	"strings"
	"testing"
)

// rsaKey is RSAPrivateKey with n = 221 and a modulus written as given: the
// reader does not compute with it.
func rsaKey(modulus []byte) []byte {
	inner := seq(num(0), tlv(idInteger, modulus), num(5), num(77), num(13), num(17), num(5), num(13), num(4))
	return seq(num(0), algorithm(oidRSA, []byte{idNull, 0}), octets(inner))
}

func TestReadKeySeesWhatIsNotDER(t *testing.T) {
	good := rsaKey([]byte{0, 0xdd})
	k, err := ReadKey(good)
	if err != nil || k.Type != "RSA" || k.Bits != 8 || k.NotDER != "" {
		t.Fatalf("%v, %+v", err, k)
	}
	bad, err := ReadKey(rsaKey([]byte{0, 0, 0xdd}))
	if err != nil || bad.NotDER != "RSAPrivateKey.modulus: INTEGER has a superfluous leading 00" {
		t.Errorf("%v, %q", err, bad.NotDER)
	}
	if !bytes.Equal(bad.SPKI, k.SPKI) || bad.Fits(oidRSA, k.PublicKey) != FitYes || bad.Fits(oidRSAPSS, k.PublicKey) != FitYes {
		t.Error("the public key of a key that is not DER should be the same")
	}
	if k.Fits(oidRSA, []byte("other")) != FitNo || k.Fits(oidEC, k.PublicKey) != FitNo {
		t.Error("a key fits a foreign public key")
	}
	outer, err := ReadKey(indefinite(0x30, num(0), algorithm(oidRSA, []byte{idNull, 0}), octets(seq(num(0), num(221), num(5)))))
	if err != nil || !strings.Contains(outer.NotDER, "PrivateKeyInfo, byte 0: indefinite length") {
		t.Errorf("%v, %+v", err, outer)
	}
}

func TestReadKeyComputesPublicKeys(t *testing.T) {
	// RFC 8032 section 7.4, the first two vectors.
	for seed, public := range map[string]string{
		"6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b": "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180",
		"c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463afbea67c5e8d2877c5e3bc397a659949ef8021e954e0a12274e": "43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802b8438ea4cb82169c235160627b4c3a9480",
	} {
		raw, _ := hex.DecodeString(seed)
		k, err := ReadKey(seq(num(0), algorithm(oidEd448), octets(octets(raw))))
		if err != nil || hex.EncodeToString(k.PublicKey) != public || k.Type != "Ed448" {
			t.Errorf("Ed448: %v, %x", err, k.PublicKey)
		}
	}
	seed := bytes.Repeat([]byte{7}, 32)
	der, err := x509.MarshalPKCS8PrivateKey(ed25519.NewKeyFromSeed(seed))
	if err != nil {
		t.Fatal(err)
	}
	k, err := ReadKey(der)
	if err != nil || !bytes.Equal(k.PublicKey, ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)) {
		t.Errorf("Ed25519: %v", err)
	}
	// ECPrivateKey without its public key (RFC 5915: OPTIONAL).
	for _, curve := range []string{"1.2.840.10045.3.1.7", "1.3.132.0.33", "1.3.132.0.34", "1.3.132.0.35"} {
		k, err := ReadKey(seq(num(0), algorithm(oidEC, oidDER(curve)), octets(seq(num(1), octets([]byte{9})))))
		if err != nil || len(k.PublicKey) != 1+2*((k.Bits+7)/8) {
			t.Errorf("%s: %v, %d bytes", curve, err, len(k.PublicKey))
		}
	}
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 521), big.NewInt(1))
	dsa, err := ReadKey(seq(num(0), algorithm(oidDSA, seq(derInteger(p), num(5), num(3))), octets(num(4))))
	if err != nil || dsa.Bits != 521 || !bytes.Equal(dsa.PublicKey, num(81)) {
		t.Errorf("DSA: %v, %+v", err, dsa)
	}
	// ML-DSA: the expanded key has the hash of its public key.
	public := bytes.Repeat([]byte{1}, 1312)
	expanded := append(make([]byte, 64), sha3.SumSHAKE256(public, 64)...)
	expanded = append(expanded, make([]byte, 100)...)
	const mldsa44 = "2.16.840.1.101.3.4.3.17"
	for _, form := range [][]byte{octets(expanded), seq(octets(seed), octets(expanded))} {
		k, err := ReadKey(seq(num(0), algorithm(mldsa44), octets(form)))
		if err != nil || k.Fits(mldsa44, public) != FitYes || k.Fits(mldsa44, public[1:]) != FitNo {
			t.Errorf("ML-DSA: %v, %+v", err, k)
		}
	}
	k, err = ReadKey(seq(num(0), algorithm(mldsa44), octets(tlv(idContext0, seed))))
	if err != nil || k.Fits(mldsa44, public) != FitUnknown {
		t.Errorf("ML-DSA seed: %v, %+v", err, k)
	}
}

func TestReadKeyRefuses(t *testing.T) {
	for name, der := range map[string][]byte{
		"nothing":           nil,
		"no key":            seq(num(0), algorithm(oidRSA)),
		"RSA, one number":   seq(num(0), algorithm(oidRSA), octets(seq(num(0)))),
		"EC, no scalar":     seq(num(0), algorithm(oidEC), octets(seq(num(1)))),
		"Ed25519, 31 bytes": seq(num(0), algorithm(oidEd), octets(octets(make([]byte, 31)))),
		"DSA, no numbers":   seq(num(0), algorithm(oidDSA), octets(num(1))),
	} {
		if k, err := ReadKey(der); kind(err) != "damaged" {
			t.Errorf("%s: %v, %+v", name, err, k)
		}
	}
}

func TestMinimalKey(t *testing.T) {
	want := rsaKey([]byte{0, 0xdd})
	for name, key := range map[string][]byte{
		"DER":              want,
		"superfluous zero": rsaKey([]byte{0, 0, 0, 0xdd}),
		"BER": indefinite(0x30, num(0), algorithm(oidRSA, []byte{idNull, 0}),
			tlv(0x24, octets(seq(num(0), num(221), num(5), num(77), num(13), num(17), num(5), num(13), num(4))))),
		"attributes": tlv(0x30, num(0), algorithm(oidRSA, []byte{idNull, 0}), want[len(want)-32:], explicit0(nil)),
	} {
		if got, err := MinimalKey(key); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v, %x, want %x", name, err, got, want)
		}
	}
	if _, err := MinimalKey(seq(num(0))); kind(err) != "damaged" {
		t.Errorf("no key: %v", err)
	}
}
