package lab

import (
	"crypto"
	"crypto/x509"

	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// pkcs12 writes an identity: 3DES and HMAC-SHA1, which every Apple version, Java,
// OpenSSL and Windows read (apple: P-03, P-09), or AES-256-CBC, PBKDF2-HMAC-SHA256
// and HMAC-SHA256. Only the bytes of the certificates count, so that one that
// crypto/x509 cannot read is written as well.
func pkcs12(key crypto.Signer, leaf []byte, issuers [][]byte, password string, modern bool) ([]byte, error) {
	var above []*x509.Certificate
	for _, der := range issuers {
		above = append(above, &x509.Certificate{Raw: der})
	}
	enc := gopkcs12.LegacyDES
	if modern {
		enc = gopkcs12.Modern2023
	}
	return enc.Encode(key, &x509.Certificate{Raw: leaf}, above, password)
}
