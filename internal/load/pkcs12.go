package load

import (
	"crypto"
	"crypto/x509"

	"software.sslmate.com/src/go-pkcs12"
)

// WritePKCS12 makes the file of an identity: with 3DES and HMAC-SHA1, which every
// Apple version, Java, OpenSSL and Windows read (apple: P-03, P-09), or with
// AES-256-CBC, PBKDF2-HMAC-SHA256 and HMAC-SHA256. Only the bytes of the
// certificates count, so that one that crypto/x509 cannot read is written as well.
func WritePKCS12(key crypto.Signer, leaf []byte, issuers [][]byte, password string, modern bool) ([]byte, error) {
	var above []*x509.Certificate
	for _, der := range issuers {
		above = append(above, &x509.Certificate{Raw: der})
	}
	enc := pkcs12.LegacyDES
	if modern {
		enc = pkcs12.Modern2023
	}
	return enc.Encode(key, &x509.Certificate{Raw: leaf}, above, password)
}
