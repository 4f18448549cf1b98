package dial

import (
	"crypto"
	"crypto/rsa"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
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
	key, _ := x509read.ParsePublicKey(spki)
	if scheme == legacyScheme && key.Type == x509read.RSA {
		return checkLegacyRSA(&key, signed, signature)
	}
	algorithm, ok := schemeAlgorithm(scheme, key.Type)
	if !ok {
		return notCheckable("the signature scheme " + SignatureName(scheme) + " is not implemented")
	}
	result := x509read.CheckSignatureOver(algorithm, signed, signature, &key)
	switch result.Status {
	case x509read.Verified:
		return proofVerified
	case x509read.Wrong:
		return proofWrong
	}
	return notCheckable(result.Reason)
}

// checkLegacyRSA checks PKCS #1 over MD5 and SHA-1 side by side, which no
// AlgorithmIdentifier names (RFC 4346 section 7.4.3).
func checkLegacyRSA(key *x509read.PublicKey, signed, signature []byte) proof {
	public, err := key.Public()
	if err != nil {
		return notCheckable(err.Error())
	}
	rsaKey, ok := public.(*rsa.PublicKey)
	const shortest, longest = 1024, 16384 // bits crypto/rsa takes, and what it costs
	if !ok || rsaKey.N.BitLen() < shortest || rsaKey.N.BitLen() > longest {
		return notCheckable("an RSA key of this size with MD5 and SHA-1")
	}
	var sum []byte
	for _, h := range []crypto.Hash{crypto.MD5, crypto.SHA1} {
		w := h.New()
		w.Write(signed)
		sum = w.Sum(sum)
	}
	if rsa.VerifyPKCS1v15(rsaKey, crypto.MD5SHA1, sum, signature) != nil {
		return proofWrong
	}
	return proofVerified
}

// schemeAlgorithm is the AlgorithmIdentifier that a SignatureScheme stands for
// (RFC 8446 section 4.2.3; RFC 5246 section 7.4.1.4.1 for hash and signature).
func schemeAlgorithm(scheme uint16, key x509read.KeyType) (x509read.Algorithm, bool) {
	var oid x509read.OID
	switch scheme {
	case legacyScheme:
		oid = x509read.OIDECDSAWithSHA1
		if key == x509read.DSA {
			oid = x509read.OIDDSAWithSHA1
		}
	case ecdsaP256SHA256:
		oid = x509read.OIDECDSAWithSHA256
	case ecdsaP384SHA384:
		oid = x509read.OIDECDSAWithSHA384
	case ecdsaP521SHA512:
		oid = x509read.OIDECDSAWithSHA512
	case 0x0303:
		oid = x509read.OIDECDSAWithSHA224
	case ecdsaSHA1:
		oid = x509read.OIDECDSAWithSHA1
	case pkcs1SHA256:
		oid = x509read.OIDSHA256WithRSA
	case pkcs1SHA384:
		oid = x509read.OIDSHA384WithRSA
	case pkcs1SHA512:
		oid = x509read.OIDSHA512WithRSA
	case 0x0301:
		oid = x509read.OIDSHA224WithRSA
	case pkcs1SHA1:
		oid = x509read.OIDSHA1WithRSA
	case 0x0101:
		oid = x509read.OIDMD5WithRSA
	case 0x0402:
		oid = x509read.OIDDSAWithSHA256
	case 0x0502:
		oid = x509read.OIDDSAWithSHA384
	case 0x0602:
		oid = x509read.OIDDSAWithSHA512
	case 0x0302:
		oid = x509read.OIDDSAWithSHA224
	case 0x0202:
		oid = x509read.OIDDSAWithSHA1
	case ed25519Scheme:
		oid = x509read.OIDEd25519
	case ed448Scheme:
		oid = x509read.OIDEd448
	case pssSHA256, pssPSSSHA256:
		return pssAlgorithm(x509read.OIDSHA256, 32)
	case pssSHA384, pssPSSSHA384:
		return pssAlgorithm(x509read.OIDSHA384, 48)
	case pssSHA512, pssPSSSHA512:
		return pssAlgorithm(x509read.OIDSHA512, 64)
	default:
		return x509read.Algorithm{}, false
	}
	return x509read.Algorithm{OID: oid}, true
}

// pssAlgorithm writes the RSASSA-PSS-params TLS means: one hash for message and
// mask, salt as long as the hash (RFC 8446 section 4.2.3, RFC 4055 section 3.1).
func pssAlgorithm(hash x509read.OID, salt int64) (x509read.Algorithm, bool) {
	tagged := func(n uint8) asn1.Tag { return asn1.Tag(n).ContextSpecific().Constructed() }
	algorithm := func(b *cryptobyte.Builder, oid x509read.OID, params func(*cryptobyte.Builder)) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes([]byte(oid)) })
			params(b)
		})
	}
	null := func(b *cryptobyte.Builder) { b.AddASN1NULL() }
	b := cryptobyte.NewBuilder(nil)
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(tagged(0), func(b *cryptobyte.Builder) { algorithm(b, hash, null) })
		b.AddASN1(tagged(1), func(b *cryptobyte.Builder) {
			algorithm(b, x509read.OIDMGF1, func(b *cryptobyte.Builder) { algorithm(b, hash, null) })
		})
		b.AddASN1(tagged(2), func(b *cryptobyte.Builder) { b.AddASN1Int64(salt) })
	})
	params, err := b.Bytes()
	return x509read.Algorithm{OID: x509read.OIDRSASSAPSS, Params: params}, err == nil
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
