package pfx

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"hash"
)

// digest is a hash with the sizes the PKCS#12 derivation needs.
type digest struct {
	name string // "SHA256"; "" when unknown
	new  func() hash.Hash
	size int // u of RFC 7292 appendix B.2, bytes
	rate int // v: the block size, bytes
}

// digestByName returns a hash that can be computed here.
func digestByName(name string) (digest, bool) {
	switch name {
	case "MD5":
		return digest{name, md5.New, 16, 64}, true
	case "SHA1":
		return digest{name, sha1.New, 20, 64}, true
	case "SHA224":
		return digest{name, sha256.New224, 28, 64}, true
	case "SHA256":
		return digest{name, sha256.New, 32, 64}, true
	case "SHA384":
		return digest{name, sha512.New384, 48, 128}, true
	case "SHA512":
		return digest{name, sha512.New, 64, 128}, true
	case "SHA512-224":
		return digest{name, sha512.New512_224, 28, 128}, true
	case "SHA512-256":
		return digest{name, sha512.New512_256, 32, 128}, true
	case "SHA3-224":
		return digest{name, func() hash.Hash { return sha3.New224() }, 28, 144}, true
	case "SHA3-256":
		return digest{name, func() hash.Hash { return sha3.New256() }, 32, 136}, true
	case "SHA3-384":
		return digest{name, func() hash.Hash { return sha3.New384() }, 48, 104}, true
	case "SHA3-512":
		return digest{name, func() hash.Hash { return sha3.New512() }, 64, 72}, true
	}
	return digest{}, false
}

// digestName names the hash of a DigestAlgorithmIdentifier; an unknown one by its OID.
func digestName(oid string) string {
	switch oid {
	case "1.2.840.113549.2.2":
		return "MD2"
	case "1.2.840.113549.2.4":
		return "MD4"
	case "1.2.840.113549.2.5":
		return "MD5"
	case "1.3.14.3.2.26":
		return "SHA1"
	case "2.16.840.1.101.3.4.2.1":
		return "SHA256"
	case "2.16.840.1.101.3.4.2.2":
		return "SHA384"
	case "2.16.840.1.101.3.4.2.3":
		return "SHA512"
	case "2.16.840.1.101.3.4.2.4":
		return "SHA224"
	case "2.16.840.1.101.3.4.2.5":
		return "SHA512-224"
	case "2.16.840.1.101.3.4.2.6":
		return "SHA512-256"
	case "2.16.840.1.101.3.4.2.7":
		return "SHA3-224"
	case "2.16.840.1.101.3.4.2.8":
		return "SHA3-256"
	case "2.16.840.1.101.3.4.2.9":
		return "SHA3-384"
	case "2.16.840.1.101.3.4.2.10":
		return "SHA3-512"
	case "1.3.36.3.2.1":
		return "RIPEMD160"
	case "1.0.10118.3.0.55":
		return "WHIRLPOOL"
	case "1.2.156.10197.1.401":
		return "SM3"
	case "1.2.643.2.2.9":
		return "GOST R 34.11-94"
	case "1.2.643.7.1.1.2.2":
		return "Streebog-256"
	case "1.2.643.7.1.1.2.3":
		return "Streebog-512"
	}
	return oid
}

// hmacDigestName names the hash of an HMAC's AlgorithmIdentifier (RFC 8018
// appendix B.1.1, RFC 9688); an unknown one by its OID.
func hmacDigestName(oid string) string {
	switch oid {
	case "1.3.6.1.5.5.8.1.1":
		return "MD5"
	case "1.2.840.113549.2.7", "1.3.6.1.5.5.8.1.2":
		return "SHA1"
	case "1.2.840.113549.2.8":
		return "SHA224"
	case "1.2.840.113549.2.9":
		return "SHA256"
	case "1.2.840.113549.2.10":
		return "SHA384"
	case "1.2.840.113549.2.11":
		return "SHA512"
	case "1.2.840.113549.2.12":
		return "SHA512-224"
	case "1.2.840.113549.2.13":
		return "SHA512-256"
	case "2.16.840.1.101.3.4.2.13":
		return "SHA3-224"
	case "2.16.840.1.101.3.4.2.14":
		return "SHA3-256"
	case "2.16.840.1.101.3.4.2.15":
		return "SHA3-384"
	case "2.16.840.1.101.3.4.2.16":
		return "SHA3-512"
	case "1.2.156.10197.1.401.3.1", "1.2.156.10197.1.401.2":
		return "SM3"
	case "1.2.643.2.2.10":
		return "GOST R 34.11-94"
	case "1.2.643.7.1.1.4.1":
		return "Streebog-256"
	case "1.2.643.7.1.1.4.2":
		return "Streebog-512"
	}
	return oid
}
