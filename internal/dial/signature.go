package dial

import (
	"crypto"
	"crypto/rsa"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// legacyScheme stands for the signatures before TLS 1.2, which name no
// algorithm: MD5 and SHA-1 for RSA, SHA-1 for the others (RFC 4346 section 7.4.3).
const legacyScheme tlsname.Scheme = 0

// checkSignature checks the handshake's signature with the public key found in
// the certificate's DER, whatever else is wrong with that certificate.
func checkSignature(der []byte, scheme tlsname.Scheme, signed, signature []byte) chain.KeyProof {
	spki, ok := publicKeyInfo(der)
	if !ok {
		return chain.NotCheckable("no public key can be found in item 0")
	}
	key, _ := x509read.ParsePublicKey(spki)
	if scheme == legacyScheme && key.Type == x509read.RSA {
		return checkLegacyRSA(&key, signed, signature)
	}
	algorithm, ok := schemeAlgorithm(scheme, key.Type)
	if !ok {
		return chain.NotCheckable("the signature scheme " + scheme.String() + " is not implemented")
	}
	result := x509read.CheckSignatureOver(algorithm, signed, signature, &key)
	switch result.Status {
	case x509read.Verified:
		return chain.ProofVerified
	case x509read.Wrong:
		return chain.ProofWrong
	}
	return chain.NotCheckable(result.Reason)
}

// checkLegacyRSA checks PKCS #1 over MD5 and SHA-1 side by side, which no
// AlgorithmIdentifier names (RFC 4346 section 7.4.3).
func checkLegacyRSA(key *x509read.PublicKey, signed, signature []byte) chain.KeyProof {
	public, err := key.Public()
	if err != nil {
		return chain.NotCheckable(err.Error())
	}
	rsaKey, ok := public.(*rsa.PublicKey)
	const shortest, longest = 1024, 16384 // bits crypto/rsa takes, and what it costs
	if !ok || rsaKey.N.BitLen() < shortest || rsaKey.N.BitLen() > longest {
		return chain.NotCheckable("an RSA key of this size with MD5 and SHA-1")
	}
	var sum []byte
	for _, h := range []crypto.Hash{crypto.MD5, crypto.SHA1} {
		w := h.New()
		w.Write(signed)
		sum = w.Sum(sum)
	}
	if rsa.VerifyPKCS1v15(rsaKey, crypto.MD5SHA1, sum, signature) != nil {
		return chain.ProofWrong
	}
	return chain.ProofVerified
}

// schemeAlgorithm is the AlgorithmIdentifier that a SignatureScheme stands for
// (RFC 8446 section 4.2.3; RFC 5246 section 7.4.1.4.1 for hash and signature).
func schemeAlgorithm(scheme tlsname.Scheme, key x509read.KeyType) (x509read.Algorithm, bool) {
	var oid x509read.OID
	switch scheme {
	case legacyScheme:
		oid = x509read.OIDECDSAWithSHA1
		if key == x509read.DSA {
			oid = x509read.OIDDSAWithSHA1
		}
	case tlsname.ECDSAP256SHA256:
		oid = x509read.OIDECDSAWithSHA256
	case tlsname.ECDSAP384SHA384:
		oid = x509read.OIDECDSAWithSHA384
	case tlsname.ECDSAP521SHA512:
		oid = x509read.OIDECDSAWithSHA512
	case tlsname.ECDSASHA224:
		oid = x509read.OIDECDSAWithSHA224
	case tlsname.ECDSASHA1:
		oid = x509read.OIDECDSAWithSHA1
	case tlsname.PKCS1SHA256:
		oid = x509read.OIDSHA256WithRSA
	case tlsname.PKCS1SHA384:
		oid = x509read.OIDSHA384WithRSA
	case tlsname.PKCS1SHA512:
		oid = x509read.OIDSHA512WithRSA
	case tlsname.PKCS1SHA224:
		oid = x509read.OIDSHA224WithRSA
	case tlsname.PKCS1SHA1:
		oid = x509read.OIDSHA1WithRSA
	case tlsname.PKCS1MD5:
		oid = x509read.OIDMD5WithRSA
	case tlsname.DSASHA256:
		oid = x509read.OIDDSAWithSHA256
	case tlsname.DSASHA384:
		oid = x509read.OIDDSAWithSHA384
	case tlsname.DSASHA512:
		oid = x509read.OIDDSAWithSHA512
	case tlsname.DSASHA224:
		oid = x509read.OIDDSAWithSHA224
	case tlsname.DSASHA1:
		oid = x509read.OIDDSAWithSHA1
	case tlsname.Ed25519:
		oid = x509read.OIDEd25519
	case tlsname.Ed448:
		oid = x509read.OIDEd448
	case tlsname.PSSSHA256, tlsname.PSSPSSSHA256:
		return pssAlgorithm(x509read.OIDSHA256, 32)
	case tlsname.PSSSHA384, tlsname.PSSPSSSHA384:
		return pssAlgorithm(x509read.OIDSHA384, 48)
	case tlsname.PSSSHA512, tlsname.PSSPSSSHA512:
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
