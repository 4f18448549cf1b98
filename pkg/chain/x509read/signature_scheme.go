package x509read

import (
	"crypto"
	_ "crypto/md5" // links the hashes that crypto.Hash.New is asked for
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha3"
	_ "crypto/sha512"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// scheme is a signature algorithm: the key it needs and the hash it uses.
type scheme struct {
	key  KeyType
	hash crypto.Hash // 0: the algorithm hashes by itself, or name says which hash we lack
	name string      // of the hash where hash is 0
	pss  bool
}

// schemeOf returns the scheme of a signature OID.
func schemeOf(oid OID) (scheme, bool) {
	switch oid {
	case OIDMD2WithRSA:
		return scheme{key: RSA, name: "MD2"}, true
	case OIDMD4WithRSA:
		return scheme{key: RSA, name: "MD4"}, true
	case OIDMD5WithRSA:
		return scheme{key: RSA, hash: crypto.MD5}, true
	case OIDSHA1WithRSA, OIDSHA1WithRSAOIW:
		return scheme{key: RSA, hash: crypto.SHA1}, true
	case OIDSHA224WithRSA:
		return scheme{key: RSA, hash: crypto.SHA224}, true
	case OIDSHA256WithRSA:
		return scheme{key: RSA, hash: crypto.SHA256}, true
	case OIDSHA384WithRSA:
		return scheme{key: RSA, hash: crypto.SHA384}, true
	case OIDSHA512WithRSA:
		return scheme{key: RSA, hash: crypto.SHA512}, true
	case OIDSHA512_224WithRSA:
		return scheme{key: RSA, hash: crypto.SHA512_224}, true
	case OIDSHA512_256WithRSA:
		return scheme{key: RSA, hash: crypto.SHA512_256}, true
	case OIDSHA3_224WithRSA:
		return scheme{key: RSA, hash: crypto.SHA3_224}, true
	case OIDSHA3_256WithRSA:
		return scheme{key: RSA, hash: crypto.SHA3_256}, true
	case OIDSHA3_384WithRSA:
		return scheme{key: RSA, hash: crypto.SHA3_384}, true
	case OIDSHA3_512WithRSA:
		return scheme{key: RSA, hash: crypto.SHA3_512}, true
	case OIDRSASSAPSS:
		return scheme{key: RSA, pss: true}, true
	case OIDECDSAWithSHA1:
		return scheme{key: ECDSA, hash: crypto.SHA1}, true
	case OIDECDSAWithSHA224:
		return scheme{key: ECDSA, hash: crypto.SHA224}, true
	case OIDECDSAWithSHA256:
		return scheme{key: ECDSA, hash: crypto.SHA256}, true
	case OIDECDSAWithSHA384:
		return scheme{key: ECDSA, hash: crypto.SHA384}, true
	case OIDECDSAWithSHA512:
		return scheme{key: ECDSA, hash: crypto.SHA512}, true
	case OIDECDSAWithSHA3_224:
		return scheme{key: ECDSA, hash: crypto.SHA3_224}, true
	case OIDECDSAWithSHA3_256:
		return scheme{key: ECDSA, hash: crypto.SHA3_256}, true
	case OIDECDSAWithSHA3_384:
		return scheme{key: ECDSA, hash: crypto.SHA3_384}, true
	case OIDECDSAWithSHA3_512:
		return scheme{key: ECDSA, hash: crypto.SHA3_512}, true
	case OIDDSAWithSHA1:
		return scheme{key: DSA, hash: crypto.SHA1}, true
	case OIDDSAWithSHA224:
		return scheme{key: DSA, hash: crypto.SHA224}, true
	case OIDDSAWithSHA256:
		return scheme{key: DSA, hash: crypto.SHA256}, true
	case OIDDSAWithSHA384:
		return scheme{key: DSA, hash: crypto.SHA384}, true
	case OIDDSAWithSHA512:
		return scheme{key: DSA, hash: crypto.SHA512}, true
	case OIDEd25519:
		return scheme{key: Ed25519}, true
	case OIDEd448:
		return scheme{key: Ed448}, true
	case OIDMLDSA44, OIDMLDSA65, OIDMLDSA87:
		return scheme{key: MLDSA}, true
	}
	return scheme{}, false
}

// hashOf returns the hash of a digest OID, 0 when it is not known.
func hashOf(oid OID) crypto.Hash {
	switch oid {
	case OIDMD5:
		return crypto.MD5
	case OIDSHA1:
		return crypto.SHA1
	case OIDSHA224:
		return crypto.SHA224
	case OIDSHA256:
		return crypto.SHA256
	case OIDSHA384:
		return crypto.SHA384
	case OIDSHA512:
		return crypto.SHA512
	case OIDSHA512_224:
		return crypto.SHA512_224
	case OIDSHA512_256:
		return crypto.SHA512_256
	case OIDSHA3_224:
		return crypto.SHA3_224
	case OIDSHA3_256:
		return crypto.SHA3_256
	case OIDSHA3_384:
		return crypto.SHA3_384
	case OIDSHA3_512:
		return crypto.SHA3_512
	}
	return 0
}

// SignatureHash returns the hash of a signature algorithm as reports print it
// ("SHA-256", "MD5"), that of the parameters for RSASSA-PSS; "" when the
// algorithm is not known or hashes by itself (Ed25519, Ed448, ML-DSA).
func (a Algorithm) SignatureHash() string {
	s, ok := schemeOf(a.OID)
	switch {
	case !ok:
		return ""
	case s.name != "":
		return s.name
	case s.pss:
		p, ok := parsePSS(a.Params)
		if !ok || p.hash == 0 {
			return ""
		}
		return p.hash.String()
	case s.hash == 0:
		return ""
	}
	return s.hash.String()
}

// SignaturePSS returns what parameters of RSASSA-PSS say beside the hash: the hash
// of MGF1 ("" when it is not known) and the length of the salt in octets; false
// for another algorithm, or where they do not decode.
func (a Algorithm) SignaturePSS() (mgf string, salt int, ok bool) {
	if a.OID != OIDRSASSAPSS {
		return "", 0, false
	}
	p, ok := parsePSS(a.Params)
	if ok && p.mgf != 0 {
		mgf = p.mgf.String()
	}
	return mgf, p.salt, ok
}

// SignatureKey returns the kind of key a signature algorithm needs: RSA (also
// for RSASSA-PSS), ECDSA, DSA, Ed25519, Ed448, ML-DSA, or Unknown.
func (a Algorithm) SignatureKey() KeyType {
	if s, ok := schemeOf(a.OID); ok {
		return s.key
	}
	return Unknown
}

// pssParams is RSASSA-PSS-params (RFC 4055 section 3.1).
type pssParams struct {
	hash, mgf crypto.Hash // 0 when not known
	salt      int
}

// parsePSS reads the parameters; the defaults are SHA-1, MGF1 with SHA-1, 20.
func parsePSS(der []byte) (pssParams, bool) {
	p := pssParams{hash: crypto.SHA1, mgf: crypto.SHA1, salt: 20}
	s := cryptobyte.String(der)
	var body, field, mgf cryptobyte.String
	var present bool
	if !s.ReadASN1(&body, asn1.SEQUENCE) || !s.Empty() {
		return p, false
	}
	explicit := func(n uint8) asn1.Tag { return asn1.Tag(n).Constructed().ContextSpecific() }
	if !body.ReadOptionalASN1(&field, &present, explicit(0)) {
		return p, false
	}
	if present {
		a, ok := ParseAlgorithm(field)
		if !ok {
			return p, false
		}
		p.hash = hashOf(a.OID)
	}
	if !body.ReadOptionalASN1(&mgf, &present, explicit(1)) {
		return p, false
	}
	if present {
		a, ok := ParseAlgorithm(mgf)
		inner, ok2 := ParseAlgorithm(a.Params)
		if !ok || !ok2 {
			return p, false
		}
		p.mgf = 0
		if a.OID == OIDMGF1 {
			p.mgf = hashOf(inner.OID)
		}
	}
	if !body.ReadOptionalASN1(&field, &present, explicit(2)) {
		return p, false
	}
	if present && (!field.ReadASN1Integer(&p.salt) || !field.Empty() || p.salt < 0) {
		return p, false
	}
	trailer := 1
	if !body.ReadOptionalASN1(&field, &present, explicit(3)) {
		return p, false
	}
	if present && (!field.ReadASN1Integer(&trailer) || !field.Empty()) {
		return p, false
	}
	return p, trailer == 1 && body.Empty()
}
