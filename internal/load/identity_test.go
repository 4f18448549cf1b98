package load

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/youmark/pkcs8"
	pkcs12 "software.sslmate.com/src/go-pkcs12"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestPEMInAnyOrder(t *testing.T) {
	p := party(t)
	ec := p["leaf"].Key.(*ecdsa.PrivateKey)
	sec1, err := x509.MarshalECPrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := x509.MarshalPKCS1PrivateKey(p["rsa"].Key.(*rsa.PrivateKey))
	sealed, err := pkcs8.MarshalPrivateKey(ec, []byte("secret"), nil)
	if err != nil {
		t.Fatal(err)
	}
	scrypted, err := pkcs8.MarshalPrivateKey(ec, []byte("secret"), &pkcs8.Opts{Cipher: pkcs8.AES128CBC,
		KDFOpts: pkcs8.ScryptOpts{SaltSize: 8, CostParameter: 16, BlockSize: 1, ParallelizationParameter: 1}})
	if err != nil {
		t.Fatal(err)
	}
	legacy, err := x509.EncryptPEMBlock(constant{}, "EC PRIVATE KEY", sec1, []byte("secret"), x509.PEMCipherAES128) //lint:ignore SA1019 the format is read
	if err != nil {
		t.Fatal(err)
	}
	leaf, chainPEM := p["leaf"].PEM(), p["issuing"].PEM()+p["root"].PEM()
	plain := block("PRIVATE KEY", pkcs8Of(t, p["leaf"]))
	tests := []struct {
		name, text   string
		fits         int // index of the certificate the only key fits
		kind, cipher string
	}{
		{"key, leaf, chain", plain + leaf + chainPEM, 0, "ecdsa", ""},
		{"chain, leaf, key", chainPEM + leaf + plain, 2, "ecdsa", ""},
		{"remarks between the blocks", "Bag Attributes\n" + leaf + "\r\nkey:\r\n" + plain + chainPEM, 0, "ecdsa", ""},
		{"SEC 1 with parameters before", block("EC PARAMETERS", []byte{6, 1, 1}) + block("EC PRIVATE KEY", sec1) + leaf, 0, "ecdsa", ""},
		{"PKCS#1", p["rsa"].PEM() + block("RSA PRIVATE KEY", pkcs1), 0, "rsa", ""},
		{"encrypted PKCS#8", block("ENCRYPTED PRIVATE KEY", sealed) + leaf, 0, "ecdsa", "AES-256-CBC"},
		{"encrypted PKCS#8 with scrypt", leaf + block("ENCRYPTED PRIVATE KEY", scrypted), 0, "ecdsa", "AES-128-CBC"},
		{"legacy encryption", leaf + string(pem.EncodeToMemory(legacy)), 0, "ecdsa", "AES-128-CBC"},
		{"another certificate first", p["rsa"].PEM() + leaf + plain, 1, "ecdsa", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			id, err := ReadIdentity(write(t, "identity.pem", []byte(test.text)), with(t, "secret\n"))
			if err != nil {
				t.Fatal(err)
			}
			if len(id.Facts.Keys) != 1 || len(id.Signers) != 1 {
				t.Fatalf("%d keys, %d signers", len(id.Facts.Keys), len(id.Signers))
			}
			k := id.Facts.Keys[0]
			if len(k.Fits) != 1 || k.Fits[0] != test.fits || !strings.EqualFold(k.Type, test.kind) || !k.Usable || k.NotDER != "" {
				t.Errorf("key: %+v", k)
			}
			s := id.Signers[0]
			cert, err := x509.ParseCertificate(id.Certificates[s.Certificate])
			if err != nil || s.Certificate != test.fits || !bytes.Equal(cert.RawSubjectPublicKeyInfo, s.SPKI) {
				t.Errorf("signer of certificate %d, %v", s.Certificate, err)
			}
			bag := id.Facts.Bags[k.Bag]
			if test.cipher == "" && (bag.Encryption != nil || bag.Kind != "plain key") || test.cipher != "" &&
				(bag.Encryption == nil || bag.Encryption.Cipher != test.cipher) {
				t.Errorf("bag: %+v", bag)
			}
			if bag.Line == 0 {
				t.Error("no line number")
			}
		})
	}
}

// constant is a source of randomness that is none.
type constant struct{}

func (constant) Read(b []byte) (int, error) { return len(b), nil }

func TestKeyInAnotherFile(t *testing.T) {
	p := party(t)
	certs := write(t, "chain.pem", []byte(p["leaf"].PEM()+p["issuing"].PEM()))
	for name, key := range map[string][]byte{
		"PEM":                      []byte(block("PRIVATE KEY", pkcs8Of(t, p["leaf"]))),
		"DER":                      pkcs8Of(t, p["leaf"]),
		"PEM with its certificate": []byte(p["rsa"].PEM() + block("PRIVATE KEY", pkcs8Of(t, p["leaf"]))),
	} {
		id, err := ReadIdentity(certs, IdentityOptions{KeyFile: write(t, "key", key)})
		if err != nil || len(id.Certificates) != 2 || len(id.Signers) != 1 || id.Signers[0].Certificate != 0 {
			t.Errorf("%s: %v, %+v", name, err, id)
		}
	}
	if _, err := ReadIdentity(certs, IdentityOptions{KeyFile: certs}); errorKind(err) != "format" || !strings.Contains(err.Error(), "no private key") {
		t.Errorf("certificates as key: %v", err)
	}
	if _, err := ReadIdentity(certs, IdentityOptions{KeyFile: certs + ".missing"}); errorKind(err) != "file" {
		t.Errorf("missing key file: %v", err)
	}
	id, err := ReadIdentity(certs, IdentityOptions{KeyFile: write(t, "key", []byte(block("PRIVATE KEY", pkcs8Of(t, p["rsa"]))))})
	if err != nil || len(id.Facts.Keys[0].Fits) != 0 || id.Facts.Keys[0].Unmatched || id.Signers[0].Certificate != -1 {
		t.Errorf("key of another certificate: %v", err)
	}
}

func TestDER(t *testing.T) {
	p := party(t)
	id, err := ReadIdentity(write(t, "leaf.cer", p["leaf"].DER), IdentityOptions{})
	if err != nil || id.Facts.Format != "DER" || len(id.Certificates) != 1 || len(id.Facts.Keys) != 0 || id.leaf() != 0 {
		t.Errorf("certificate: %v, %+v", err, id)
	}
	id, err = ReadIdentity(write(t, "leaf.key", pkcs8Of(t, p["leaf"])), IdentityOptions{})
	if err != nil || len(id.Facts.Keys) != 1 || id.leaf() != -1 || id.Chain(-1) != nil {
		t.Errorf("key: %v, %+v", err, id)
	}
}

func TestPKCS12(t *testing.T) {
	p := party(t)
	file, err := pkcs12.Modern.WithRand(constant{}).Encode(p["leaf"].Key, p["leaf"].Cert, []*x509.Certificate{p["root"].Cert, p["issuing"].Cert}, "geheim")
	if err != nil {
		t.Fatal(err)
	}
	path := write(t, "identity.p12", file)
	id, err := ReadIdentity(path, with(t, "geheim"))
	if err != nil {
		t.Fatal(err)
	}
	f := id.Facts
	if f.Format != "PKCS#12" || f.Encoding != "DER" || f.MAC == nil || f.MAC.Algorithm != "HMAC-SHA256" || !f.MAC.Verified ||
		f.PasswordKind != chain.PasswordASCII {
		t.Errorf("facts: %+v", f)
	}
	if len(id.Signers) != 1 || id.Signers[0].Certificate != 0 || len(f.Certificates) != 3 {
		t.Fatalf("signers %+v, %d certificates", id.Signers, len(f.Certificates))
	}
	sent := id.Chain(id.Signers[0].Certificate)
	for i, name := range []string{"leaf", "issuing", "root"} {
		if i >= len(sent) || !bytes.Equal(sent[i], p[name].DER) {
			t.Errorf("item %d of what to send is not %s", i, name)
		}
	}
	c := id.Capture(time.Unix(0, 0))
	if o := c.Observations[0]; len(o.Sent) != 3 || o.Sent[1] != f.Certificates[2] || len(c.Blobs) != 3 || c.Identity != f {
		t.Errorf("capture: %+v", c)
	}
}

func TestWrongPasswordUnsupportedAndDamaged(t *testing.T) {
	p := party(t)
	file, err := pkcs12.Modern.WithRand(constant{}).Encode(p["leaf"].Key, p["leaf"].Cert, nil, "geheim")
	if err != nil {
		t.Fatal(err)
	}
	unknownMAC := bytes.Clone(file) // SHA-256 is the last algorithm of the file
	unknownMAC[bytes.LastIndex(file, []byte("\x60\x86\x48\x01\x65\x03\x04\x02\x01"))+8] = 0x7f
	good := block("PRIVATE KEY", pkcs8Of(t, p["leaf"]))
	tests := []struct {
		name, password, kind, want string
		data                       []byte
	}{
		{"wrong password", "falsch", "password", "check --password-file", file},
		{"cut off", "geheim", "format", "damaged", file[:len(file)/2]},
		{"one byte changed", "geheim", "format", "changed after it was made", flip(file, 60)},
		{"unknown MAC, wrong password", "falsch", "format", "MAC 2.16.840.1.101.3.4.2.127", unknownMAC},
		{"unknown MAC, right password", "geheim", "", "", unknownMAC},
		{"empty file", "", "format", "empty", nil},
		{"text", "", "format", "this is text", []byte("hello")},
		{"Base64 without BEGIN and END", "geheim", "format", "this is Base64, without BEGIN and END lines, of a PKCS#12 file",
			[]byte(base64.StdEncoding.EncodeToString(file) + "\n")},
		{"a request", "", "format", "this is a certificate request (CSR)", []byte(block("CERTIFICATE REQUEST", []byte{0x30, 0}))},
		{"PEM without anything", "", "format", "neither a certificate nor a private key", []byte(block("PUBLIC KEY", []byte{0x30, 0}))},
		{"PEM cut off", "", "format", "line 2", []byte("\n" + good[:60])},
		{"a label that lies", "", "format", "line 1", []byte(block("RSA PRIVATE KEY", p["leaf"].DER))},
		{"OpenSSH", "", "format", "OpenSSH", []byte(block("OPENSSH PRIVATE KEY", []byte("openssh-key-v1\x00")))},
	}
	for _, test := range tests {
		path := write(t, "identity", test.data)
		_, err := ReadIdentity(path, with(t, test.password))
		if errorKind(err) != test.kind {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if err == nil {
			continue
		}
		if text := err.Error(); !strings.Contains(text, test.want) || !strings.Contains(text, path) || !strings.Contains(text, ";") {
			t.Errorf("%s: %q has not file, position, %q and a remedy", test.name, text, test.want)
		}
	}
	if _, err := ReadIdentity("/nonexistent/identity.p12", IdentityOptions{}); errorKind(err) != "file" {
		t.Errorf("missing file: %v", err)
	}
}

func flip(data []byte, at int) []byte {
	out := bytes.Clone(data)
	out[at+bytes.Index(data, []byte("\x04\x82"))] ^= 1
	return out
}

func TestKeyThatIsNotDERStillSigns(t *testing.T) {
	p := party(t)
	der := pkcs8Of(t, p["rsa"])
	key := p["rsa"].Key.(*rsa.PrivateKey)
	// The modulus gets a superfluous zero; every length around it grows by one.
	n := append([]byte{2, 0x82, 1, 1}, append([]byte{0}, key.N.Bytes()...)...)
	long := append([]byte{2, 0x82, 1, 2, 0}, n[4:]...)
	bad := bytes.Replace(der, n, long, 1)
	for _, at := range []int{2, 24, 28} {
		if bad[at-1] != 0x82 {
			t.Fatalf("byte %d is no two-byte length", at)
		}
		bad[at+1]++
	}
	id, err := ReadIdentity(write(t, "key.pem", []byte(block("PRIVATE KEY", bad)+p["rsa"].PEM())), IdentityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	k := id.Facts.Keys[0]
	if !strings.Contains(k.NotDER, "modulus") || !k.Usable || len(k.Fits) != 1 {
		t.Errorf("%+v", k)
	}
	if !key.PublicKey.Equal(id.Signers[0].Public()) {
		t.Error("another key came out")
	}
}

func TestRenewedCertificateIsMeant(t *testing.T) {
	p := party(t)
	old := *p["leaf"].Cert
	newer := old
	newer.NotAfter = old.NotAfter.Add(time.Hour)
	der, err := x509.CreateCertificate(nil, &newer, p["issuing"].Cert, old.PublicKey, p["issuing"].Key)
	if err != nil {
		t.Fatal(err)
	}
	text := p["leaf"].PEM() + block("CERTIFICATE", der) + block("PRIVATE KEY", pkcs8Of(t, p["leaf"]))
	id, err := ReadIdentity(write(t, "renewed.pem", []byte(text)), IdentityOptions{})
	if err != nil || len(id.Facts.Keys[0].Fits) != 2 || id.Signers[0].Certificate != 1 {
		t.Errorf("%v, %+v", err, id.Signers)
	}
}

// TestChainFollowsSignatures: of two CA certificates with one name, the one
// whose key made the signature is sent; certificates of others are not.
func TestChainFollowsSignatures(t *testing.T) {
	p := party(t)
	twin := *p["issuing"].Cert
	der, err := x509.CreateCertificate(nil, &twin, p["root"].Cert, p["rsa"].Key.Public(), p["root"].Key)
	if err != nil {
		t.Fatal(err)
	}
	text := block("CERTIFICATE", der) + p["ed"].PEM() + p["root"].PEM() + p["issuing"].PEM() + p["leaf"].PEM() + block("PRIVATE KEY", pkcs8Of(t, p["leaf"]))
	id, err := ReadIdentity(write(t, "twins.pem", []byte(text)), IdentityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	sent := id.Chain(id.leaf())
	if len(sent) != 3 || !bytes.Equal(sent[0], p["leaf"].DER) || !bytes.Equal(sent[1], p["issuing"].DER) || !bytes.Equal(sent[2], p["root"].DER) {
		t.Errorf("%d certificates are sent, not leaf, its issuer and root", len(sent))
	}
	if o := id.Capture(time.Unix(0, 0)).Observations[0]; len(o.Sent) != 5 || o.Positions[0].Line == 0 {
		t.Errorf("the list to judge: %+v", o)
	}
}
