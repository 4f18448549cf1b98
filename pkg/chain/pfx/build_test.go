package pfx

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"encoding/asn1"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/crypto/scrypt"
)

// The test's own writer: small enough to make every shape a file can have.

func tlv(id byte, parts ...[]byte) []byte {
	var body []byte
	for _, p := range parts {
		body = append(body, p...)
	}
	return append(appendHeader(nil, []byte{id}, len(body)), body...)
}

// indefinite is the BER form of a constructed element.
func indefinite(id byte, parts ...[]byte) []byte {
	out := []byte{id, 0x80}
	for _, p := range parts {
		out = append(out, p...)
	}
	return append(out, 0, 0)
}

func seq(parts ...[]byte) []byte { return tlv(idSequence, parts...) }
func octets(b []byte) []byte     { return tlv(idOctetString, b) }
func explicit0(b []byte) []byte  { return tlv(idExplicit0, b) }
func algorithm(oid string, params ...[]byte) []byte {
	return seq(append([][]byte{oidDER(oid)}, params...)...)
}

func num(n int) []byte {
	der, err := asn1.Marshal(n)
	if err != nil {
		panic(err)
	}
	return der
}

func oidDER(oid string) []byte {
	var id asn1.ObjectIdentifier
	for arc := range strings.SplitSeq(oid, ".") {
		n, err := strconv.Atoi(arc)
		if err != nil {
			panic(err)
		}
		id = append(id, n)
	}
	der, err := asn1.Marshal(id)
	if err != nil {
		panic(err)
	}
	return der
}

const (
	oidSHA256    = "2.16.840.1.101.3.4.2.1"
	oidHMACSHA2  = "1.2.840.113549.2.9"
	oidAES256CBC = "2.16.840.1.101.3.4.1.42"
	oidAES256GCM = "2.16.840.1.101.3.4.1.46"
	oidPBES2     = "1.2.840.113549.1.5.13"
	oidPBKDF2    = "1.2.840.113549.1.5.12"
	oidScrypt    = "1.3.6.1.4.1.11591.4.11"
	certBagOID   = "1.2.840.113549.1.12.10.1.3"
	keyBagOID    = "1.2.840.113549.1.12.10.1.1"
	shroudedOID  = "1.2.840.113549.1.12.10.1.2"
	safeBagOID   = "1.2.840.113549.1.12.10.1.6"
	x509CertOID  = "1.2.840.113549.1.9.22.1"
)

var testSalt, testIV = []byte("saltsalt"), []byte("0123456789abcdef")

func pbkdf2Params(iterations int, prf ...[]byte) []byte {
	return algorithm(oidPBKDF2, seq(append([][]byte{octets(testSalt), num(iterations)}, prf...)...))
}

func prfSHA256() []byte { return algorithm(oidHMACSHA2, []byte{idNull, 0}) }

func mustKey(t *testing.T, password string, iterations, size int) []byte {
	t.Helper()
	d, _ := digestByName("SHA256")
	key, err := pbkdf2.Key(d.new, password, testSalt, iterations, size)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func sealCBC(t *testing.T, key, plain []byte) []byte {
	t.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	n := 16 - len(plain)%16
	for range n {
		plain = append(plain[:len(plain):len(plain)], byte(n))
	}
	out := make([]byte, len(plain))
	cipher.NewCBCEncrypter(block, testIV).CryptBlocks(out, plain)
	return out
}

// pbes2 encrypts as OpenSSL 3 does: algorithm identifier and data.
func pbes2(t *testing.T, password string, iterations int, plain []byte) (alg, data []byte) {
	alg = algorithm(oidPBES2, seq(pbkdf2Params(iterations, prfSHA256()), algorithm(oidAES256CBC, octets(testIV))))
	return alg, sealCBC(t, mustKey(t, password, iterations, 32), plain)
}

func pbes2GCM(t *testing.T, password string, plain []byte) (alg, data []byte) {
	alg = algorithm(oidPBES2, seq(pbkdf2Params(2, prfSHA256()), algorithm(oidAES256GCM, seq(octets(testIV[:12]), num(16)))))
	block, err := aes.NewCipher(mustKey(t, password, 2, 32))
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	return alg, aead.Seal(nil, testIV[:12], plain, nil)
}

func pbes2Scrypt(t *testing.T, password string, plain []byte) (alg, data []byte) {
	kdf := algorithm(oidScrypt, seq(octets(testSalt), num(16), num(1), num(1)))
	alg = algorithm(oidPBES2, seq(kdf, algorithm(oidAES256CBC, octets(testIV))))
	key, err := scrypt.Key([]byte(password), testSalt, 16, 1, 1, 32)
	if err != nil {
		t.Fatal(err)
	}
	return alg, sealCBC(t, key, plain)
}

func certBag(der []byte, attributes ...[]byte) []byte {
	return bag(certBagOID, seq(oidDER(x509CertOID), explicit0(octets(der))), attributes...)
}

func bag(oid string, value []byte, attributes ...[]byte) []byte {
	if len(attributes) == 0 {
		return seq(oidDER(oid), explicit0(value))
	}
	return seq(oidDER(oid), explicit0(value), tlv(idSet, attributes...))
}

func attribute(oid string, value []byte) []byte { return seq(oidDER(oid), tlv(idSet, value)) }

func dataSafe(bags ...[]byte) []byte {
	return seq(oidDER(oidData), explicit0(octets(seq(bags...))))
}

func encryptedSafe(alg, data []byte) []byte {
	return seq(oidDER(oidEncryptedData), explicit0(seq(num(0), seq(oidDER(oidData), alg, tlv(idContext0, data)))))
}

// pfxFile wraps safes; with a MAC if mac is not nil.
func pfxFile(mac func(content []byte) []byte, safes ...[]byte) []byte {
	content := seq(safes...)
	parts := [][]byte{num(3), seq(oidDER(oidData), explicit0(octets(content)))}
	if mac != nil {
		parts = append(parts, mac(content))
	}
	return seq(parts...)
}

// macSHA256 makes MacData with the PKCS#12 derivation over wide password octets.
func macSHA256(wide []byte, iterations int) func([]byte) []byte {
	return func(content []byte) []byte {
		d, _ := digestByName("SHA256")
		h := hmac.New(d.new, pkcs12KDF(d, forMAC, wide, testSalt, iterations, d.size))
		h.Write(content)
		return seq(seq(algorithm(oidSHA256, []byte{idNull, 0}), octets(h.Sum(nil))), octets(testSalt), num(iterations))
	}
}
