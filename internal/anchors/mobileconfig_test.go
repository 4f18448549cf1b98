package anchors

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"howett.net/plist"
	pkcs12 "software.sslmate.com/src/go-pkcs12"

	"github.com/chainspect/chainspect/internal/anchors/embedded"
	"github.com/chainspect/chainspect/pkg/chain"
)

// roots are two certificates of CAs that any store may hold.
func roots() (one, two []byte) {
	list := embedded.Apple().All()
	return list[0].DER, list[1].DER
}

func profileBytes(t *testing.T, format int) []byte {
	t.Helper()
	one, two := roots()
	b, err := plist.Marshal(map[string]any{
		"PayloadType": "Configuration", "PayloadDisplayName": "Company roots", "PayloadIdentifier": "example.roots",
		"PayloadContent": []any{
			map[string]any{"PayloadType": "com.apple.security.root", "PayloadDisplayName": "Root", "PayloadContent": one},
			map[string]any{"PayloadType": "com.apple.security.pem", "PayloadCertificateFileName": "b.pem",
				"PayloadContent": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: two})},
			map[string]any{"PayloadType": "com.apple.security.pkcs1", "PayloadContent": []byte("not a certificate")},
			map[string]any{"PayloadType": "com.apple.wifi.managed"},
		}}, format)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestProfiles(t *testing.T) {
	for name, data := range map[string][]byte{"xml": profileBytes(t, plist.XMLFormat), "binary": profileBytes(t, plist.BinaryFormat)} {
		checkProfile(t, name, data)
	}
}

func checkProfile(t *testing.T, name string, data []byte) {
	t.Helper()
	list, remarks, err := FromFile("roots.mobileconfig", data, chain.Installed)
	if err != nil || len(list) != 2 {
		t.Fatalf("%s: %d anchors, %v", name, len(list), err)
	}
	if list[0].Kind != chain.Installed || !strings.Contains(list[0].Origin, `"Root"`) || !strings.Contains(list[1].Origin, `"b.pem"`) {
		t.Errorf("%s: %q, %q", name, list[0].Origin, list[1].Origin)
	}
	all := strings.Join(remarks, "\n")
	if !strings.Contains(all, `payload "Root", "b.pem": installed by hand`) || !strings.Contains(all, "Certificate Trust Settings") ||
		!strings.Contains(all, `"number 3" holds no certificate`) {
		t.Errorf("%s: remarks %q", name, remarks)
	}
}

func TestSignedProfiles(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command(openssl, args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, out)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "p"), profileBytes(t, plist.XMLFormat), 0o600); err != nil {
		t.Fatal(err)
	}
	run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k", "-out", "c", "-subj", "/CN=signer", "-sigopt", "rsa_padding_mode:pss")
	run("cms", "-sign", "-nodetach", "-binary", "-outform", "DER", "-in", "p", "-signer", "c", "-inkey", "k", "-out", "der")
	run("cms", "-sign", "-nodetach", "-binary", "-stream", "-outform", "DER", "-in", "p", "-signer", "c", "-inkey", "k", "-out", "ber")
	run("cms", "-sign", "-nodetach", "-binary", "-outform", "PEM", "-in", "p", "-signer", "c", "-inkey", "k", "-out", "pem")
	for _, name := range []string{"der", "ber", "pem"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		checkProfile(t, name, data)
	}
}

func TestFilesWithoutAnchor(t *testing.T) {
	for name, data := range map[string]string{
		"empty": "", "text": "hello", "openstep": "((((", "deep": "<plist>" + strings.Repeat("<array>", 40),
		"large": "<plist>" + strings.Repeat(" ", maxPlistBytes), "der": "\x30\x03\x02\x01\x01",
		"damaged": "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n",
		"pem":     "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
	} {
		if list, _, err := FromFile(name, []byte(data), chain.App); err == nil {
			t.Errorf("%s: %d anchors", name, len(list))
		}
	}
}

func TestSharedReferencesAreCounted(t *testing.T) {
	// 17 arrays, each of two references to the next: 2^16 values, of which a
	// wider fan would make a bomb.
	var b []byte
	b = append(b, "bplist00"...)
	var offsets []byte
	for i := range 20 {
		offsets = append(offsets, byte(len(b)))
		b = append(b, 0xa2, byte(i+1), byte(i+1))
	}
	offsets = append(offsets, byte(len(b)))
	b = append(b, 0x09)
	table := len(b)
	b = append(b, offsets...)
	b = append(b, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, byte(table))
	if err := boundBinary(b); err == nil {
		t.Error("a list of 2^20 values is let through")
	}
	if err := boundBinary(profileBytes(t, plist.BinaryFormat)); err != nil {
		t.Errorf("an ordinary profile: %v", err)
	}
}

func FuzzFromFile(f *testing.F) {
	one, _ := roots()
	f.Add(one)
	f.Add([]byte("bplist00\xa1\x01\x09"))
	f.Add([]byte("<plist><dict><key>PayloadContent</key><array/></dict></plist>"))
	f.Add([]byte("-----BEGIN PKCS7-----\nMAAA\n-----END PKCS7-----\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, _, err := FromFile("f", data, chain.App)
		if err == nil && len(list) == 0 {
			t.Error("neither an anchor nor an error")
		}
	})
}

func TestIdentityPayload(t *testing.T) {
	root, other := roots()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "me"}}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	ca, err := x509.ParseCertificate(root)
	if err != nil {
		t.Fatal(err)
	}
	p12, err := pkcs12.Modern.Encode(key, leaf, []*x509.Certificate{ca}, "secret")
	if err != nil {
		t.Fatal(err)
	}
	for password, want := range map[string]int{"secret": 2, "wrong": 1} {
		b, err := plist.Marshal(map[string]any{"PayloadDisplayName": "With an identity", "PayloadContent": []any{
			map[string]any{"PayloadType": "com.apple.security.pkcs12", "PayloadDisplayName": "Me", "Password": password, "PayloadContent": p12},
			map[string]any{"PayloadType": "com.apple.security.root", "PayloadContent": other},
		}}, plist.XMLFormat)
		if err != nil {
			t.Fatal(err)
		}
		list, remarks, err := FromFile("p.mobileconfig", b, chain.Installed)
		if err != nil || len(list) != want || !strings.Contains(strings.Join(remarks, " "), `"Me" is a digital identity`) {
			t.Errorf("password %q: %d anchors, %q, %v", password, len(list), remarks, err)
		}
	}
	if _, _, err := FromFile("me.p12", p12, chain.Installed); err == nil || !strings.Contains(err.Error(), "PKCS#12") {
		t.Errorf("a .p12 as anchor: %v", err)
	}
}
