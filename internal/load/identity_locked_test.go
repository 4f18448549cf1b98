package load

import (
	"bytes"
	"crypto/x509"
	"strings"
	"testing"

	"github.com/youmark/pkcs8"
	pkcs12 "software.sslmate.com/src/go-pkcs12"
)

// TestWhatThePasswordDoesNotOpen: what stands in the clear is read all the
// same, and what is locked is named. Only a file with nothing in the clear fails.
func TestWhatThePasswordDoesNotOpen(t *testing.T) {
	p := party(t)
	sealed, err := pkcs8.MarshalPrivateKey(p["leaf"].Key, []byte("secret"), nil)
	if err != nil {
		t.Fatal(err)
	}
	key := block("ENCRYPTED PRIVATE KEY", sealed)
	open, err := pkcs12.Passwordless.Encode(p["leaf"].Key, p["leaf"].Cert, []*x509.Certificate{p["issuing"].Cert}, "")
	if err != nil {
		t.Fatal(err)
	}
	mac, err := pkcs12.Modern.WithRand(constant{}).Encode(p["leaf"].Key, p["leaf"].Cert, nil, "secret")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, password string
		data           []byte
		keyFile        string
		where          string // of the problem; "" none
		certs, keys    int
		read           bool // an identity comes out, whatever the error
	}{
		{"key and certificate, wrong password", "falsch", []byte(key + p["leaf"].PEM()), "", "line 1", 1, 0, true},
		{"key and certificate, right password", "secret", []byte(key + p["leaf"].PEM()), "", "", 1, 1, true},
		{"key of another file, wrong password", "falsch", []byte(p["leaf"].PEM()), write(t, "key", []byte(key)), "key file, line 1", 1, 0, true},
		{"binary key of another file, wrong password", "falsch", []byte(p["leaf"].PEM()), write(t, "key", sealed), "key file", 1, 0, true},
		{"a key alone, wrong password", "falsch", []byte(key), "", "", 0, 0, false},
		{"PKCS#12 without encryption and MAC", "falsch", open, "", "", 2, 1, true},
		{"PKCS#12 in the clear, MAC of another password", "falsch", withMACOf(t, open, mac), "", "the MAC", 2, 1, true},
		{"PKCS#12 encrypted, wrong password", "falsch", mac, "", "", 0, 0, false},
	}
	for _, test := range tests {
		o := with(t, test.password)
		o.KeyFile = test.keyFile
		id, err := ReadIdentity(write(t, "identity", test.data), o)
		if (id != nil) != test.read || (err == nil) != (test.read && test.where == "") || err != nil && errorKind(err) != "password" {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if id == nil {
			continue
		}
		f := id.Facts
		if len(f.Certificates) != test.certs || len(f.Keys) != test.keys {
			t.Errorf("%s: %d certificates, %d keys", test.name, len(f.Certificates), len(f.Keys))
		}
		if test.where == "" {
			if len(f.Problems) != 0 {
				t.Errorf("%s: %+v", test.name, f.Problems)
			}
			continue
		}
		if len(f.Problems) != 1 || f.Problems[0].Kind != "locked" || f.Problems[0].Where != test.where || len(id.Signers) > 0 {
			t.Errorf("%s: %+v, %+v", test.name, f.Problems, id.Signers)
		}
		if changed := strings.Contains(f.Problems[0].Message, "or the file was changed"); changed != (test.where == "the MAC") {
			t.Errorf("%s: %s", test.name, f.Problems[0].Message)
		}
	}
}

// TestKeyFileThatCannotBeUsed: the certificate was opened, so that what is wrong
// with the key is told beside it.
func TestKeyFileThatCannotBeUsed(t *testing.T) {
	p := party(t)
	certs := write(t, "leaf.pem", []byte(p["leaf"].PEM()))
	key := write(t, "key", []byte(block("OPENSSH PRIVATE KEY", []byte("openssh-key-v1\x00"))))
	id, err := ReadIdentity(certs, IdentityOptions{KeyFile: key})
	if err != nil || len(id.Facts.Problems) != 1 || id.Facts.Problems[0].Kind != "unsupported" || id.Facts.Problems[0].Where != "key file, line 1" {
		t.Errorf("%v, %+v", err, id)
	}
}

// withMACOf gives a PKCS#12 file the MacData of another, which does not fit it.
func withMACOf(t *testing.T, file, other []byte) []byte {
	t.Helper()
	at := bytes.LastIndex(other, []byte("\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01")) // SHA-256, in MacData, DigestInfo and AlgorithmIdentifier
	mac := other[max(at-6, 0):]
	if mac[0] != 0x30 || len(mac) != int(mac[1])+2 || file[1] != 0x82 {
		t.Fatal("the MAC is not where it was")
	}
	out := append(bytes.Clone(file), mac...)
	n := len(out) - 4
	out[2], out[3] = byte(n>>8), byte(n)
	return out
}

// TestKeyNamedTwice: --key with the key that the file holds adds nothing.
func TestKeyNamedTwice(t *testing.T) {
	p := party(t)
	file, err := pkcs12.Modern.WithRand(constant{}).Encode(p["leaf"].Key, p["leaf"].Cert, nil, "secret")
	if err != nil {
		t.Fatal(err)
	}
	for name, keys := range map[string]int{"leaf": 1, "rsa": 2} {
		o := with(t, "secret")
		o.KeyFile = write(t, "key", []byte(block("PRIVATE KEY", pkcs8Of(t, p[name]))))
		id, err := ReadIdentity(write(t, "identity.p12", file), o)
		if err != nil || len(id.Facts.Keys) != keys || len(id.Signers) != keys || len(id.Facts.Bags) != keys+1 {
			t.Errorf("%s: %v, %+v", name, err, id)
		}
	}
}
