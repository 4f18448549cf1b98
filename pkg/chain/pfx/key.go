package pfx

import (
	"bytes"
	"crypto/sha3"
	"math/big"
)

// Key is what is public about a private key.
type Key struct {
	Type      string // as x509read.KeyType: "RSA", "RSA-PSS", "ECDSA", "Ed25519", …, "unknown"
	OID       string // of the key's algorithm
	Curve     string // ECDSA: "P-256", "secp256k1", "explicit parameters"; dotted OID when unknown
	Bits      int    // as x509read.PublicKey.Bits; 0 unknown
	NotDER    string // the first thing in the PKCS#8 or the key inside that is not minimal DER; "" none
	PublicKey []byte // content of a SubjectPublicKeyInfo's BIT STRING; nil when it could not be found
	SPKI      []byte // the SubjectPublicKeyInfo that belongs to it; nil with PublicKey

	publicHash []byte // ML-DSA: tr, the SHAKE256 of the public key (FIPS 204 section 6.1)
}

// Fit says whether a key belongs to a public key.
type Fit string

// The answers of Key.Fits. FitUnknown: the public key cannot be computed here.
const (
	FitYes     Fit = "yes"
	FitNo      Fit = "no"
	FitUnknown Fit = "unknown"
)

// Fits compares the key with a certificate's: the dotted OID of its algorithm
// and the content of its BIT STRING without the unused-bits octet. Parameters
// are left out, since writers disagree about NULL and absent.
func (k *Key) Fits(oid string, public []byte) Fit {
	switch {
	case oid != k.OID && !(k.Type == "RSA" && oid == oidRSAPSS || k.Type == "RSA-PSS" && oid == oidRSA):
		return FitNo
	case k.PublicKey != nil:
		return fitIf(bytes.Equal(k.PublicKey, public))
	case k.publicHash != nil:
		return fitIf(bytes.Equal(k.publicHash, sha3.SumSHAKE256(public, len(k.publicHash))))
	}
	return FitUnknown
}

func fitIf(equal bool) Fit {
	if equal {
		return FitYes
	}
	return FitNo
}

// Algorithms of keys.
const (
	oidRSA    = "1.2.840.113549.1.1.1"
	oidRSAPSS = "1.2.840.113549.1.1.10"
	oidEC     = "1.2.840.10045.2.1"
	oidDSA    = "1.2.840.10040.4.1"
	oidX25519 = "1.3.101.110"
	oidX448   = "1.3.101.111"
	oidEd     = "1.3.101.112"
	oidEd448  = "1.3.101.113"
)

// ReadKey reads what is public about a PKCS#8 key in BER or DER: its type, and
// the public key that belongs to it where that can be computed. An unknown type
// is no error; the error is a *DamagedError.
func ReadKey(pkcs8 []byte) (*Key, error) {
	p, ok := splitPrivateKeyInfo(pkcs8)
	if !ok {
		return nil, damaged("private key", "is not a PKCS#8 PrivateKeyInfo")
	}
	k := &Key{Type: "unknown", OID: p.oid, NotDER: notDER(pkcs8), PublicKey: p.public}
	if k.NotDER != "" {
		k.NotDER = "PrivateKeyInfo, " + k.NotDER
	}
	switch p.oid {
	case oidRSA, oidRSAPSS:
		k.Type = "RSA"
		if p.oid == oidRSAPSS {
			k.Type = "RSA-PSS"
		}
		ok = k.readRSA(p.key)
	case oidEC:
		k.Type = "ECDSA"
		ok = k.readEC(p)
	case oidDSA:
		k.Type = "DSA"
		ok = k.readDSA(p)
	case oidEd, oidEd448, oidX25519, oidX448:
		ok = k.readEdwards(p)
	case "2.16.840.1.101.3.4.3.17", "2.16.840.1.101.3.4.3.18", "2.16.840.1.101.3.4.3.19":
		k.Type = "ML-DSA"
		k.readMLDSA(p.key)
	}
	if !ok {
		return nil, damaged("private key", "the %s key inside is not what its algorithm wants", k.Type)
	}
	if k.PublicKey != nil {
		bits := append([]byte{0}, k.PublicKey...)
		body := append(bytes.Clone(p.algorithm), appendHeader(nil, []byte{idBitString}, len(bits))...)
		body = append(body, bits...)
		k.SPKI = append(appendHeader(nil, []byte{idSequence}, len(body)), body...)
	}
	return k, nil
}

// rsaFields are those of RSAPrivateKey (RFC 8017 appendix A.1.2).
func rsaFields() []string {
	return []string{"version", "modulus", "publicExponent", "privateExponent", "prime1", "prime2", "exponent1", "exponent2", "coefficient"}
}

// readRSA reads RSAPrivateKey and makes its RSAPublicKey.
func (k *Key) readRSA(ber []byte) bool {
	der, err := ToDER(ber)
	if err != nil {
		return false
	}
	in := cursor{der}
	seq, ok := in.sequence()
	if !ok {
		return false
	}
	var numbers [3][]byte
	for i, name := range rsaFields() {
		n, ok := seq.take(idInteger)
		if !ok {
			return i > 2
		}
		if i < len(numbers) {
			numbers[i] = n
		}
		if what := badPrimitive(idInteger, n, -1); what != "" && k.NotDER == "" {
			k.NotDER = "RSAPrivateKey." + name + nonMinimal(n)
		}
	}
	if k.NotDER == "" {
		if what := notDER(ber); what != "" {
			k.NotDER = "RSAPrivateKey, " + what
		}
	}
	n, e := new(big.Int).SetBytes(numbers[1]), new(big.Int).SetBytes(numbers[2])
	k.Bits = n.BitLen()
	body := append(derInteger(n), derInteger(e)...)
	k.PublicKey = append(appendHeader(nil, []byte{idSequence}, len(body)), body...)
	return true
}

// nonMinimal describes an INTEGER that is not in its shortest form, by size alone.
func nonMinimal(n []byte) string {
	if len(n) == 0 {
		return ": INTEGER without content"
	}
	if n[0] == 0 {
		return ": INTEGER has a superfluous leading 00"
	}
	return ": INTEGER has a superfluous leading FF"
}

// derInteger encodes a number that is not negative.
func derInteger(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) == 0 || b[0]&0x80 != 0 {
		b = append([]byte{0}, b...)
	}
	return append(appendHeader(nil, []byte{idInteger}, len(b)), b...)
}

// readMLDSA keeps tr of an expanded key (RFC 9881 section 6); a bare seed tells nothing here.
func (k *Key) readMLDSA(ber []byte) {
	der, err := ToDER(ber)
	if err != nil {
		return
	}
	in := cursor{der}
	if seq, ok := in.sequence(); ok { // both: seed and expandedKey
		seq.take(idOctetString)
		in = seq
	}
	// expandedKey is rho (32 bytes), K (32), tr (64), s1, s2, t0 (FIPS 204 section 7.2).
	if expanded, ok := in.take(idOctetString); ok && len(expanded) > 128 {
		k.publicHash = bytes.Clone(expanded[64:128])
	}
}
