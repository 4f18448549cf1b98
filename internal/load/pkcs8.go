package load

import (
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/pfx"
)

// Labels of PEM blocks that hold keys (RFC 7468 sections 10, 11; RFC 5915; OpenSSL).
const (
	labelPKCS8     = "PRIVATE KEY"
	labelEncrypted = "ENCRYPTED PRIVATE KEY"
	labelRSA       = "RSA PRIVATE KEY"
	labelEC        = "EC PRIVATE KEY"
	labelDSA       = "DSA PRIVATE KEY"
)

// derKey tells which label a DER key would have in PEM; "" if it is no key.
func derKey(ber []byte) string {
	if pfx.IsPrivateKey(ber) {
		return labelPKCS8
	}
	if pfx.IsEncryptedKey(ber) {
		return labelEncrypted
	}
	der, err := pfx.ToDER(ber)
	if err != nil {
		return ""
	}
	in := cryptobyte.String(der)
	var seq, number cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1(&number, cbasn1.INTEGER) {
		return ""
	}
	if seq.PeekASN1Tag(cbasn1.OCTET_STRING) {
		return labelEC
	}
	n := 0
	for seq.SkipASN1(cbasn1.INTEGER) {
		n++
	}
	if n >= 8 {
		return labelRSA
	}
	return ""
}

// toPKCS8 wraps PKCS#1, SEC 1 and OpenSSL's DSA keys as PKCS#8. params are the
// EC parameters of a block before the key, nil if there was none.
func toPKCS8(label string, ber, params []byte) ([]byte, bool) {
	der, err := pfx.ToDER(ber)
	if err != nil {
		return nil, false
	}
	switch label {
	case labelPKCS8:
		return ber, pfx.IsPrivateKey(ber)
	case labelRSA:
		return wrapKey(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, asn1.NullBytes, ber)
	case labelEC:
		in := cryptobyte.String(der)
		var seq, inner cryptobyte.String
		if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.SkipASN1(cbasn1.INTEGER) || !seq.SkipASN1(cbasn1.OCTET_STRING) {
			return nil, false
		}
		if seq.ReadASN1(&inner, cbasn1.Tag(0).ContextSpecific().Constructed()) {
			params = inner
		}
		return wrapKey(asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}, params, ber)
	case labelDSA:
		return wrapDSA(der)
	}
	return nil, false
}

// wrapDSA turns version, p, q, g, y, x into PKCS#8 with Dss-Parms (RFC 3279 section 2.3.2).
func wrapDSA(der []byte) ([]byte, bool) {
	in := cryptobyte.String(der)
	var seq cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) {
		return nil, false
	}
	var numbers [6]cryptobyte.String
	for i := range numbers {
		if !seq.ReadASN1Element(&numbers[i], cbasn1.INTEGER) {
			return nil, false
		}
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, n := range numbers[1:4] {
			b.AddBytes(n)
		}
	})
	params, err := b.Bytes()
	if err != nil {
		return nil, false
	}
	return wrapKey(asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 1}, params, numbers[5])
}

func wrapKey(oid asn1.ObjectIdentifier, params, key []byte) ([]byte, bool) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(0)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oid)
			b.AddBytes(params)
		})
		b.AddASN1OctetString(key)
	})
	der, err := b.Bytes()
	return der, err == nil
}

// signerOf makes a signer of a PKCS#8 key, in DER or not; nil where Go cannot sign with it.
func signerOf(pkcs8 []byte) crypto.Signer {
	der, err := pfx.MinimalKey(pkcs8)
	if err != nil {
		return nil
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil
	}
	s, _ := key.(crypto.Signer)
	return s
}

// openLegacy decrypts a PEM block with a Proc-Type header, the format of OpenSSL
// before 1.0. It has no integrity: only the key inside tells whether the
// password was right.
func openLegacy(label string, block *pem.Block, params []byte, candidates []string) ([]byte, error) {
	if len(candidates) == 0 {
		candidates = []string{""}
	}
	for _, password := range candidates {
		der, err := x509.DecryptPEMBlock(block, []byte(password)) //lint:ignore SA1019 old files are encrypted so; nothing is written
		if err != nil && err != x509.IncorrectPasswordError {
			return nil, &pfx.UnsupportedError{Where: "Proc-Type", Kind: "encryption", Algorithm: legacyCipher(block)}
		}
		if err != nil {
			continue
		}
		if pkcs8, ok := toPKCS8(label, der, params); ok {
			if _, err := pfx.ReadKey(pkcs8); err == nil {
				return pkcs8, nil
			}
		}
	}
	return nil, &pfx.PasswordError{Where: "Proc-Type", What: "does not decrypt with the password"}
}

// legacyCipher is the name in DEK-Info, bounded.
func legacyCipher(block *pem.Block) string {
	name := block.Headers["DEK-Info"]
	for i := range len(name) {
		if name[i] == ',' {
			name = name[:i]
			break
		}
	}
	return clip(name)
}

func legacyEncryption(block *pem.Block) *chain.IdentityEncryption {
	name := legacyCipher(block)
	return &chain.IdentityEncryption{Name: "PEM encryption", Cipher: name, KDF: "MD5, one iteration", Iterations: 1}
}
