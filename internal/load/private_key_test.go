package load

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A private key never becomes a certificate, whatever its armour says, whole or cut off.
func TestKeysAreNoCertificates(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	sec1, _ := x509.MarshalECPrivateKey(ec)
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(ec)
	good, err := os.ReadFile(filepath.Join("..", "..", "testdata", "certs", "example-good.pem"))
	if err != nil {
		t.Fatal(err)
	}
	leaf, _ := pem.Decode(good)
	encrypted := []byte("\x30\x12\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d\x04\x03abc")
	for name, der := range map[string][]byte{"SEC 1": sec1, "PKCS #8": pkcs8, "PKCS #1": x509.MarshalPKCS1PrivateKey(rsaKey), "encrypted": encrypted} {
		for _, key := range [][]byte{der, der[:len(der)-3]} {
			if !LooksLikeKey(key) {
				t.Errorf("%s is not recognised", name)
			}
			file := filepath.Join(t.TempDir(), "key.pem")
			armoured := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: key})
			for _, text := range [][]byte{armoured, append(bytes.Clone(good), armoured...)} {
				if err := os.WriteFile(file, text, 0o600); err != nil {
					t.Fatal(err)
				}
				_, err := Blocks(file, text)
				var e *Error
				if !errors.As(err, &e) || !strings.Contains(e.Error(), "private key") {
					t.Errorf("%s as a certificate: %v", name, err)
				}
				if _, err := ReadIdentity(file, IdentityOptions{}); err == nil || !strings.Contains(err.Error(), "private key") {
					t.Errorf("%s as an identity's certificate: %v", name, err)
				}
			}
			for _, b := range concatenated(append(bytes.Clone(leaf.Bytes), key...), 0) {
				if bytes.Contains(b.DER, key) {
					t.Errorf("%s behind a certificate stays with it", name)
				}
			}
		}
	}
	for _, der := range [][]byte{leaf.Bytes, nil, {0x30}, {0x30, 0x80}, {0x30, 0x82}, {0x30, 2, 0x30, 0}} {
		if LooksLikeKey(der) {
			t.Errorf("%x is taken for a key", der)
		}
	}
}
