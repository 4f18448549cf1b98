package dial

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 servers with DSS certificates are looked at, not trusted
	"crypto/ecdsa"
	"crypto/ed25519"
	_ "crypto/md5" // crypto.MD5, MD5SHA1
	"crypto/rsa"
	_ "crypto/sha1" // crypto.SHA1
	"crypto/x509"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// A proof says whether the handshake's own signature was made by the key of
// item 0; it goes into chain.Outcome.KeyProof.
type proof string

const (
	proofVerified proof = "verified"
	proofWrong    proof = "wrong"
)

func notCheckable(why string) proof { return proof("not checkable: " + why) }

// legacyScheme stands for the signatures before TLS 1.2, which name no
// algorithm: MD5 and SHA-1 for RSA, SHA-1 for the others (RFC 4346 section 7.4.3).
const legacyScheme uint16 = 0

// checkSignature checks the handshake's signature with the public key found in
// the certificate's DER, whatever else is wrong with that certificate.
func checkSignature(der []byte, scheme uint16, signed, signature []byte) proof {
	spki, ok := publicKeyInfo(der)
	if !ok {
		return notCheckable("no public key can be found in item 0")
	}
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return notCheckable("public key of item 0: " + err.Error())
	}
	switch key := key.(type) {
	case *rsa.PublicKey:
		return checkRSA(key, scheme, signed, signature)
	case *ecdsa.PublicKey:
		h := schemeHash(scheme)
		if scheme == legacyScheme {
			h = crypto.SHA1
		}
		if h == 0 || scheme != legacyScheme && scheme&0xff != 3 {
			return proofWrong
		}
		return verdict(ecdsa.VerifyASN1(key, digest(h, signed), signature))
	case ed25519.PublicKey:
		return verdict(scheme == ed25519Scheme && ed25519.Verify(key, signed, signature))
	case *dsa.PublicKey:
		return checkDSA(key, scheme, signed, signature)
	}
	return notCheckable("a key of this type cannot sign")
}

func verdict(ok bool) proof {
	if ok {
		return proofVerified
	}
	return proofWrong
}

func digest(h crypto.Hash, text []byte) []byte {
	if h == crypto.MD5SHA1 {
		return append(digest(crypto.MD5, text), digest(crypto.SHA1, text)...)
	}
	w := h.New()
	w.Write(text)
	return w.Sum(nil)
}

// schemeHash is the hash of a SignatureScheme that hashes first; 0 for others.
func schemeHash(scheme uint16) crypto.Hash {
	switch scheme {
	case legacyScheme:
		return crypto.MD5SHA1
	case pssSHA256, pssPSSSHA256:
		return crypto.SHA256
	case pssSHA384, pssPSSSHA384:
		return crypto.SHA384
	case pssSHA512, pssPSSSHA512:
		return crypto.SHA512
	}
	switch scheme >> 8 { // RFC 5246 section 7.4.1.4.1
	case 1:
		return crypto.MD5
	case 2:
		return crypto.SHA1
	case 3:
		return crypto.SHA224
	case 4:
		return crypto.SHA256
	case 5:
		return crypto.SHA384
	case 6:
		return crypto.SHA512
	}
	return 0
}

func checkRSA(key *rsa.PublicKey, scheme uint16, signed, signature []byte) proof {
	h := schemeHash(scheme)
	switch {
	case h == 0:
		return proofWrong
	case scheme>>8 == 8:
		if key.N.BitLen() < minRSA {
			return notCheckable("RSA keys under 1024 bits")
		}
		opts := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}
		return verdict(rsa.VerifyPSS(key, h, digest(h, signed), signature, opts) == nil)
	case scheme != legacyScheme && scheme&0xff != 1:
		return proofWrong
	case key.N.BitLen() < minRSA:
		return notCheckable("RSA keys under 1024 bits")
	}
	return verdict(rsa.VerifyPKCS1v15(key, h, digest(h, signed), signature) == nil)
}

// minRSA is the shortest modulus crypto/rsa checks signatures with, in bits.
const minRSA = 1024

func checkDSA(key *dsa.PublicKey, scheme uint16, signed, signature []byte) proof {
	h := schemeHash(scheme)
	if scheme == legacyScheme {
		h = crypto.SHA1
	}
	if h == 0 || scheme != legacyScheme && scheme&0xff != 2 {
		return proofWrong
	}
	var r, s big.Int
	var seq cryptobyte.String
	in := cryptobyte.String(signature)
	if !in.ReadASN1(&seq, asn1.SEQUENCE) || !seq.ReadASN1Integer(&r) || !seq.ReadASN1Integer(&s) {
		return proofWrong
	}
	d := digest(h, signed)
	if n := (key.Q.BitLen() + 7) / 8; len(d) > n { // FIPS 186-4 section 4.6: the leftmost bits
		d = d[:n]
	}
	return verdict(dsa.Verify(key, d, &r, &s))
}

// publicKeyInfo walks a certificate to its SubjectPublicKeyInfo (RFC 5280
// section 4.1) without looking at anything on the way.
func publicKeyInfo(der []byte) ([]byte, bool) {
	in := cryptobyte.String(der)
	var cert, tbs, spki cryptobyte.String
	if !in.ReadASN1(&cert, asn1.SEQUENCE) || !cert.ReadASN1(&tbs, asn1.SEQUENCE) ||
		!tbs.SkipOptionalASN1(asn1.Tag(0).Constructed().ContextSpecific()) {
		return nil, false
	}
	for range 5 { // serialNumber, signature, issuer, validity, subject
		var skipped cryptobyte.String
		var tag asn1.Tag
		if !tbs.ReadAnyASN1Element(&skipped, &tag) {
			return nil, false
		}
	}
	if !tbs.ReadASN1Element(&spki, asn1.SEQUENCE) {
		return nil, false
	}
	return spki, true
}
