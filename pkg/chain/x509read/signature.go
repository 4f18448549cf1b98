package x509read

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 old certificates are signed with it
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// SignatureStatus is the answer to "did this key sign these octets?".
type SignatureStatus uint8

// The three answers. The zero value is NotCheckable.
const (
	NotCheckable SignatureStatus = iota // we cannot compute it; Reason says what is lacking
	Verified
	Wrong // computed, and it does not verify
)

func (s SignatureStatus) String() string {
	switch s {
	case Verified:
		return "verified"
	case Wrong:
		return "wrong"
	}
	return "not checkable"
}

// SignatureResult is the result of one signature check.
type SignatureResult struct {
	Status SignatureStatus
	Reason string // lower case, no full stop; "" when verified
}

// The bounds of what is computed: beyond, hostile keys would cost seconds. The
// one on long exponents is OpenSSL's.
const (
	maxRSABits        = 16384
	maxRSALongExpBits = 3072 // above, the exponent has at most 64 bits
	maxDSABits        = 4096
	maxDSAOrderBits   = 512
)

func wrong(format string, args ...any) SignatureResult {
	return SignatureResult{Wrong, fmt.Sprintf(format, args...)}
}

func notCheckable(format string, args ...any) SignatureResult {
	return SignatureResult{NotCheckable, fmt.Sprintf(format, args...)}
}

// CheckSignature checks the signature of child with the issuer's key, and
// nothing else: names, CA flags and inner against outer algorithm are rules of
// their own. A DSA key without parameters has to be completed by Inherit first.
func CheckSignature(child *Certificate, issuer *PublicKey) SignatureResult {
	return NewVerifier(issuer).Check(child)
}

// CheckSignatureOver checks a signature over the octets signed: those of a CRL,
// an OCSP response or an SCT.
func CheckSignatureOver(alg Algorithm, signed, signature []byte, issuer *PublicKey) SignatureResult {
	return NewVerifier(issuer).check(alg, signed, signature)
}

// A Verifier is a public key made ready to check signatures, for issuers of many
// certificates. It is safe for use by many goroutines.
type Verifier struct {
	issuer *PublicKey
	n, e   *big.Int // of an RSA key; nil where it does not decode
	ecdsa  *ecdsa.PublicKey
	err    error // why there is no ecdsa
}

// NewVerifier decodes the key; what is wrong with it is told by the checks.
func NewVerifier(issuer *PublicKey) *Verifier {
	v := &Verifier{issuer: issuer}
	switch issuer.Type {
	case RSA, RSAPSS:
		v.n, v.e, _ = rsaNumbers(issuer.Key)
	case ECDSA:
		v.ecdsa, v.err = issuer.ecdsaKey()
	}
	return v
}

// Check is CheckSignature by the key.
func (v *Verifier) Check(child *Certificate) SignatureResult {
	if child.RawTBS == nil || child.SignatureBit == nil {
		return notCheckable("the certificate cannot be read as far as its signature")
	}
	return v.check(child.Signature, child.RawTBS, child.SignatureBit)
}

func (v *Verifier) check(alg Algorithm, signed, signature []byte) SignatureResult {
	issuer := v.issuer
	s, ok := schemeOf(alg.OID)
	if !ok {
		return notCheckable("the signature algorithm %s is not implemented", alg.OID.Name())
	}
	if s.name != "" {
		return notCheckable("the hash %s is not implemented", s.name)
	}
	fits := issuer.Type == s.key || issuer.Type == RSAPSS && s.pss
	switch {
	case issuer.Type == Unknown || issuer.Type == "":
		return notCheckable("the issuer's key algorithm %s is not known", issuer.Algorithm.OID.Name())
	case !fits:
		return wrong("the signature algorithm %s needs a key of type %s, the issuer's is %s", alg.OID.Name(), s.key, issuer.Type)
	}
	switch s.key {
	case RSA:
		return v.checkRSA(alg, s, signed, signature)
	case ECDSA:
		return v.checkECDSA(alg, s, signed, signature)
	case DSA:
		return checkDSA(alg, s, signed, signature, issuer)
	case Ed25519:
		if len(issuer.Key) != ed25519.PublicKeySize {
			return notCheckable("the issuer's Ed25519 key has %d octets", len(issuer.Key))
		}
		if !ed25519.Verify(issuer.Key, signed, signature) {
			return wrong("the Ed25519 signature does not verify")
		}
		return SignatureResult{Status: Verified}
	}
	return notCheckable("%s signatures are not implemented", alg.OID.Name())
}

// digest is the hash of what is signed.
func digest(h crypto.Hash, signed []byte) []byte { return appendDigest(nil, h, signed) }

func appendDigest(to []byte, h crypto.Hash, signed []byte) []byte {
	if h == crypto.SHA256 {
		sum := sha256.Sum256(signed)
		return append(to, sum[:]...)
	}
	w := h.New()
	w.Write(signed)
	return append(to, w.Sum(nil)...)
}

func (v *Verifier) checkECDSA(alg Algorithm, s scheme, signed, signature []byte) SignatureResult {
	if v.err != nil {
		return notCheckable("the issuer's key cannot be used: %s", v.err)
	}
	var room [sha512.Size]byte
	if !ecdsa.VerifyASN1(v.ecdsa, appendDigest(room[:0], s.hash, signed), signature) {
		return wrong("the %s signature does not verify", alg.OID.Name())
	}
	return SignatureResult{Status: Verified}
}

func checkDSA(alg Algorithm, s scheme, signed, signature []byte, issuer *PublicKey) SignatureResult {
	key, ok := dsaPublicKey(issuer)
	if !ok {
		return notCheckable("the issuer's DSA key has no parameters of its own, or does not decode")
	}
	if key.P.BitLen() > maxDSABits || key.Q.BitLen() > maxDSAOrderBits ||
		key.G.Cmp(key.P) >= 0 || key.Y.Cmp(key.P) >= 0 {
		return notCheckable("the issuer's DSA key is out of bounds (p %d bits, q %d bits)", key.P.BitLen(), key.Q.BitLen())
	}
	if key.Q.BitLen()%8 != 0 {
		return notCheckable("the order of the issuer's DSA key has %d bits, not a multiple of 8", key.Q.BitLen())
	}
	value := cryptobyte.String(signature)
	r, t := new(big.Int), new(big.Int)
	if !value.ReadASN1(&value, asn1.SEQUENCE) || !value.ReadASN1Integer(r) || !value.ReadASN1Integer(t) || !value.Empty() {
		return wrong("the %s signature of %d octets is not a pair of integers", alg.OID.Name(), len(signature))
	}
	// The leftmost bits of the hash count (FIPS 186-4 section 4.6).
	sum := digest(s.hash, signed)
	sum = sum[:min(len(sum), key.Q.BitLen()/8)]
	if !dsa.Verify(key, sum, r, t) {
		return wrong("the %s signature does not verify", alg.OID.Name())
	}
	return SignatureResult{Status: Verified}
}
