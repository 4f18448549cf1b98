package load

import (
	"encoding/pem"
	"testing"

	"github.com/youmark/pkcs8"
)

// FuzzKeyStore feeds key stores whose digest does not matter: the walk and the
// keys are what meets foreign bytes.
func FuzzKeyStore(f *testing.F) {
	f.Add(store(f, "pw", "pw", true))
	f.Add(store(f, "pw", "", false))
	f.Add([]byte{0xce, 0xce, 0xce, 0xce, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		if !isKeyStore(data) {
			return
		}
		entries, stop := walkStore(data)
		size := 0
		for _, e := range entries {
			size += len(e.protected)
			for _, c := range e.certificates {
				size += len(c)
			}
		}
		if size > len(data) {
			t.Errorf("%d bytes out of %d", size, len(data))
		}
		keys, problems, err := openStore(data, entries, []string{"pw"})
		for i, e := range entries {
			if err == nil && e.protected != nil && (keys[i] == nil) == (problems[i] == nil) {
				t.Errorf("entry %d has neither key nor problem, or both (walk: %v)", i, stop)
			}
		}
	})
}

// FuzzIdentity feeds whole files; password-protected ones meet a wrong password.
func FuzzIdentity(f *testing.F) {
	p := party(f)
	sealed, err := pkcs8.MarshalPrivateKey(p["leaf"].Key, []byte("pw"), &pkcs8.Opts{Cipher: pkcs8.AES256CBC,
		KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 8, IterationCount: 2, HMACHash: 5}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(block("EC PARAMETERS", []byte{6, 1, 1}) + block("PRIVATE KEY", pkcs8Of(f, p["leaf"])) + p["leaf"].PEM() + p["issuing"].PEM()))
	f.Add([]byte(block("RSA PRIVATE KEY", pkcs8Of(f, p["rsa"]))))
	f.Add([]byte(p["leaf"].PEM() + block("ENCRYPTED PRIVATE KEY", sealed)))
	f.Add(pkcs8Of(f, p["rsa"]))
	f.Add(p["leaf"].DER)
	f.Fuzz(func(t *testing.T, data []byte) {
		r := newIdentityReader("fuzz", &IdentityOptions{})
		if err := r.content(data); err != nil {
			if kind := errorKind(err); kind != "format" && kind != "password" {
				t.Errorf("%s: %v", kind, err)
			}
			return
		}
		r.match()
		for _, s := range r.id.Signers {
			if s.Certificate >= len(r.id.Certificates) || s.Key >= len(r.id.Facts.Keys) || s.Signer == nil {
				t.Errorf("%+v", s)
			}
		}
		if leaf := r.id.leaf(); leaf >= 0 && len(r.id.Chain(leaf)) == 0 || leaf < 0 && len(r.id.Certificates) > 0 {
			t.Errorf("leaf %d of %d", leaf, len(r.id.Certificates))
		}
	})
}

// FuzzEncryptedKey wraps foreign bytes as an encrypted PKCS#8 key and as a
// block with a Proc-Type header.
func FuzzEncryptedKey(f *testing.F) {
	p := party(f)
	sealed, err := pkcs8.MarshalPrivateKey(p["leaf"].Key, []byte("pw"), &pkcs8.Opts{Cipher: pkcs8.AES256CBC,
		KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 8, IterationCount: 2, HMACHash: 5}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed, "AES-128-CBC,00112233445566778899aabbccddeeff")
	f.Add(make([]byte, 16), "DES-EDE3-CBC,0011223344556677")
	f.Fuzz(func(t *testing.T, data []byte, dek string) {
		r := newIdentityReader("fuzz", &IdentityOptions{Passwords: Passwords{Getenv: func(string) (string, bool) { return "pw", true }}})
		blocks := []*pem.Block{{Type: labelEncrypted, Bytes: data},
			{Type: labelEC, Bytes: data, Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": dek}}}
		for _, b := range blocks {
			if err := r.keyBlock(b.Type, b, 1); err != nil && errorKind(err) != "format" && errorKind(err) != "password" {
				t.Errorf("%v", err)
			}
		}
		if len(r.id.Facts.Keys) != len(r.fitters) {
			t.Error("facts and keys differ in number")
		}
	})
}
