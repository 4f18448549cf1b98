package dial

import (
	"fmt"
	"strconv"
)

// Protocol versions as they stand on the wire.
const (
	ssl30 uint16 = 0x0300
	tls10 uint16 = 0x0301
	tls11 uint16 = 0x0302
	tls12 uint16 = 0x0303
	tls13 uint16 = 0x0304
)

// VersionName gives "TLS 1.3", …, "SSL 3.0", or "0x1a2b" for any other number.
func VersionName(v uint16) string {
	switch v {
	case ssl30:
		return "SSL 3.0"
	case tls10, tls11, tls12, tls13:
		return "TLS 1." + strconv.Itoa(int(v-tls10))
	}
	return hex16(v)
}

func hex16(v uint16) string { return fmt.Sprintf("0x%04x", v) }

// Groups that the engine can compute a secret with (IANA TLS Supported Groups).
const (
	groupP256               uint16 = 23
	groupP384               uint16 = 24
	groupP521               uint16 = 25
	groupX25519             uint16 = 29
	groupX448               uint16 = 30
	groupFFDHE2048          uint16 = 256
	groupFFDHE3072          uint16 = 257
	groupFFDHE4096          uint16 = 258
	groupFFDHE6144          uint16 = 259
	groupFFDHE8192          uint16 = 260
	groupSecP256r1MLKEM768  uint16 = 4587
	groupX25519MLKEM768     uint16 = 4588
	groupSecP384r1MLKEM1024 uint16 = 4589
)

// A codeName is one line of a registry.
type codeName struct {
	code uint16
	name string
}

var groupNames = [...]codeName{
	{groupX25519MLKEM768, "X25519MLKEM768"}, {groupX25519, "X25519"},
	{groupP256, "P-256"}, {groupP384, "P-384"}, {groupP521, "P-521"}, {groupX448, "X448"},
	{groupSecP256r1MLKEM768, "SecP256r1MLKEM768"}, {groupSecP384r1MLKEM1024, "SecP384r1MLKEM1024"},
	{26, "brainpoolP256r1"}, {27, "brainpoolP384r1"}, {28, "brainpoolP512r1"},
	{31, "brainpoolP256r1tls13"}, {32, "brainpoolP384r1tls13"}, {33, "brainpoolP512r1tls13"},
	{22, "secp256k1"}, {21, "P-224"}, {20, "secp224k1"}, {19, "P-192"}, {18, "secp192k1"},
	{17, "secp160r2"}, {16, "secp160r1"}, {15, "secp160k1"},
	{14, "sect571r1"}, {13, "sect571k1"}, {12, "sect409r1"}, {11, "sect409k1"},
	{10, "sect283r1"}, {9, "sect283k1"}, {8, "sect239k1"}, {7, "sect233r1"}, {6, "sect233k1"},
	{5, "sect193r2"}, {4, "sect193r1"}, {3, "sect163r2"}, {2, "sect163r1"}, {1, "sect163k1"},
	{groupFFDHE2048, "ffdhe2048"}, {groupFFDHE3072, "ffdhe3072"}, {groupFFDHE4096, "ffdhe4096"},
	{groupFFDHE6144, "ffdhe6144"}, {groupFFDHE8192, "ffdhe8192"},
	{0x0200, "MLKEM512"}, {0x0201, "MLKEM768"}, {0x0202, "MLKEM1024"}, {0x6399, "X25519Kyber768Draft00"},
}

// GroupName gives the name of a key exchange group: NIST curves as "P-256",
// the others as registered by IANA, unknown ones as "0x1a2b".
func GroupName(id uint16) string { return lookUp(groupNames[:], id) }

// Signature schemes (IANA TLS SignatureScheme; before TLS 1.3 a hash and a
// signature algorithm, RFC 5246 section 7.4.1.4.1).
const (
	ecdsaP256SHA256 uint16 = 0x0403
	ecdsaP384SHA384 uint16 = 0x0503
	ecdsaP521SHA512 uint16 = 0x0603
	ecdsaSHA1       uint16 = 0x0203
	pssSHA256       uint16 = 0x0804
	pssSHA384       uint16 = 0x0805
	pssSHA512       uint16 = 0x0806
	pssPSSSHA256    uint16 = 0x0809
	pssPSSSHA384    uint16 = 0x080a
	pssPSSSHA512    uint16 = 0x080b
	pkcs1SHA256     uint16 = 0x0401
	pkcs1SHA384     uint16 = 0x0501
	pkcs1SHA512     uint16 = 0x0601
	pkcs1SHA1       uint16 = 0x0201
	ed25519Scheme   uint16 = 0x0807
	ed448Scheme     uint16 = 0x0808
)

var signatureNames = [...]codeName{
	{ecdsaP256SHA256, "ecdsa_secp256r1_sha256"}, {ecdsaP384SHA384, "ecdsa_secp384r1_sha384"},
	{ecdsaP521SHA512, "ecdsa_secp521r1_sha512"},
	{pssSHA256, "rsa_pss_rsae_sha256"}, {pssSHA384, "rsa_pss_rsae_sha384"}, {pssSHA512, "rsa_pss_rsae_sha512"},
	{pssPSSSHA256, "rsa_pss_pss_sha256"}, {pssPSSSHA384, "rsa_pss_pss_sha384"}, {pssPSSSHA512, "rsa_pss_pss_sha512"},
	{ed25519Scheme, "ed25519"}, {ed448Scheme, "ed448"},
	{0x081a, "ecdsa_brainpoolP256r1tls13_sha256"}, {0x081b, "ecdsa_brainpoolP384r1tls13_sha384"},
	{0x081c, "ecdsa_brainpoolP512r1tls13_sha512"},
	{pkcs1SHA256, "rsa_pkcs1_sha256"}, {pkcs1SHA384, "rsa_pkcs1_sha384"}, {pkcs1SHA512, "rsa_pkcs1_sha512"},
	{0x0402, "dsa_sha256"}, {0x0502, "dsa_sha384"}, {0x0602, "dsa_sha512"},
	{0x0303, "ecdsa_sha224"}, {0x0301, "rsa_pkcs1_sha224"}, {0x0302, "dsa_sha224"},
	{ecdsaSHA1, "ecdsa_sha1"}, {pkcs1SHA1, "rsa_pkcs1_sha1"}, {0x0202, "dsa_sha1"},
	{0x0101, "rsa_pkcs1_md5"},
	{0x0904, "mldsa44"}, {0x0905, "mldsa65"}, {0x0906, "mldsa87"},
}

// SignatureName gives the name of a SignatureScheme, unknown ones as "0x1a2b".
func SignatureName(id uint16) string { return lookUp(signatureNames[:], id) }

func lookUp(table []codeName, code uint16) string {
	for _, c := range table {
		if c.code == code {
			return c.name
		}
	}
	return hex16(code)
}

func codes(table []codeName) []uint16 {
	ids := make([]uint16, 0, len(table))
	for _, c := range table {
		ids = append(ids, c.code)
	}
	return ids
}
