package pfx

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	pkcs12 "software.sslmate.com/src/go-pkcs12"
)

// TestReadsWhatGoPKCS12Writes compares with an independent writer.
func TestReadsWhatGoPKCS12Writes(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "leaf"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1e9, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	want, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []struct {
		name, password  string
		encoder         *pkcs12.Encoder
		mac, safeCipher string
		keyCipher       string
		pbmac1          bool
	}{
		{"LegacyRC2", "pässword", pkcs12.LegacyRC2, "HMAC-SHA1", "RC2-40-CBC", "DES-EDE3-CBC", false},
		{"LegacyDES", "password", pkcs12.LegacyDES, "HMAC-SHA1", "DES-EDE3-CBC", "DES-EDE3-CBC", false},
		{"Modern2023", "pässword", pkcs12.Modern2023, "HMAC-SHA256", "AES-256-CBC", "AES-256-CBC", false},
		{"Modern2026", "password", pkcs12.Modern2026, "HMAC-SHA256", "AES-256-CBC", "AES-256-CBC", true},
		{"Passwordless", "", pkcs12.Passwordless, "", "", "", false},
	} {
		file, err := w.encoder.Encode(key, cert, []*x509.Certificate{cert}, w.password)
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		f, err := Open(file, []string{w.password}, func(_ int, pkcs8 []byte) { got = pkcs8 })
		if err != nil || string(got) != string(want) {
			t.Errorf("%s: %v", w.name, err)
			continue
		}
		certs := 0
		for _, b := range f.Bags {
			switch b.Kind {
			case CertificateBag:
				certs++
				if string(b.DER) != string(der) || b.Key != nil {
					t.Errorf("%s: another certificate came out", w.name)
				}
			case ShroudedKeyBag:
				if b.Encryption.Cipher != w.keyCipher || b.Key.Fits(oidEC, b.Key.PublicKey) != FitYes {
					t.Errorf("%s: key is encrypted with %s", w.name, b.Encryption.Cipher)
				}
			}
		}
		if certs != 2 {
			t.Errorf("%s: %d certificates", w.name, certs)
		}
		if w.mac != "" && (f.MAC == nil || f.MAC.Algorithm != w.mac || f.MAC.PBMAC1 != w.pbmac1 || !f.MAC.Verified) {
			t.Errorf("%s: MAC %+v", w.name, f.MAC)
		}
		if w.safeCipher != "" && f.Safes[0].Encryption.Cipher != w.safeCipher {
			t.Errorf("%s: safe is encrypted with %s", w.name, f.Safes[0].Encryption.Cipher)
		}
	}
}
