package load

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// files are a chain, its first certificate, and what else the tables need.
type files struct {
	chain                       string
	first, second, csr, key, p7 []byte
	bcfks                       []byte
}

func sampleFiles(t testing.TB) files {
	t.Helper()
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	one, rest := pem.Decode(text)
	two, _ := pem.Decode(rest)
	signer := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	csr, err := x509.CreateCertificateRequest(nil, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "www.example.com"}}, signer)
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(signer)
	if err != nil {
		t.Fatal(err)
	}
	var b cryptobyte.Builder // ObjectStore: encrypted store data, then the integrity check
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes([]byte{6, 3, 0x2a, 3, 4}) })
			b.AddASN1OctetString(make([]byte, 64))
		})
		b.AddASN1(cbasn1.SEQUENCE, func(*cryptobyte.Builder) {})
	})
	return files{chain: string(text), first: one.Bytes, second: two.Bytes, csr: csr, key: key, p7: bundle(t, text), bcfks: b.BytesOrPanic()}
}

func bouncyStore(after string) []byte {
	b := binary.BigEndian.AppendUint32(nil, 2)
	b = append(binary.BigEndian.AppendUint32(b, 20), make([]byte, 20)...)
	return append(binary.BigEndian.AppendUint32(b, 1500), after...)
}

func encode16(order binary.AppendByteOrder, mark bool, text string) []byte {
	if mark {
		text = "\ufeff" + text
	}
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

func TestRecognise(t *testing.T) {
	f := sampleFiles(t)
	for _, tc := range []struct {
		name string
		data []byte
		want Kind
	}{
		{"empty", []byte(" \n"), Empty},
		{"certificates", []byte(f.chain), Certificates},
		{"words, then certificates", []byte("subject=CN = x\n" + f.chain), Certificates},
		{"DER", f.first, Certificate},
		{"DER cut off", f.first[:200], CutDER},
		{"PKCS#7", f.p7, PKCS7},
		{"PKCS#7 in PEM", []byte(block("PKCS7", f.p7)), PKCS7},
		{"CSR", f.csr, CSR},
		{"CSR in PEM", []byte(block("CERTIFICATE REQUEST", f.csr)), CSR},
		{"key", f.key, PrivateKey},
		{"key in PEM", []byte(block("PRIVATE KEY", f.key)), PrivateKey},
		{"certificate and key", []byte(f.chain + block("PRIVATE KEY", f.key)), PEMIdentity},
		{"PuTTY", []byte("PuTTY-User-Key-File-3: ssh-ed25519\n"), PrivateKey},
		{"BCFKS", f.bcfks, BCFKS},
		{"BKS", bouncyStore("\x01\x00\x05alias and what follows"), BKS},
		{"BKS, empty", bouncyStore("\x00" + strings.Repeat("m", 20)), BKS},
		{"UBER", bouncyStore("\x9e\x12\x83" + strings.Repeat("\xa1", 40)), UBER},
		{"JKS", []byte("\xfe\xed\xfe\xed\x00\x00\x00\x02\x00\x00\x00\x00"), JKS},
		{"JCEKS", []byte("\xce\xce\xce\xce\x00\x00\x00\x02\x00\x00\x00\x00"), JCEKS},
		{"PKCS#12", []byte{0x30, 5, 2, 1, 3, 0x30, 0}, PKCS12},
		{"OCSP response", []byte{0x30, 3, 10, 1, 6}, OCSP},
		{"Info.plist", []byte(`<?xml version="1.0"?><plist><dict><key>CFBundleName</key></dict></plist>`), Plist},
		{"profile", []byte(`<?xml version="1.0"?><plist><dict><key>PayloadContent</key></dict></plist>`), Mobileconfig},
		{"HTML", []byte("<!DOCTYPE html>\n<html><body>404</body></html>"), HTML},
		{"XML", []byte("<feed/>"), XML},
		{"zip", []byte("PK\x03\x04\x14\x00a.txt"), Zip},
		{"ipa", []byte("PK\x03\x04\x14\x00Payload/A.app/Info.plist"), IPA},
		{"CT list", []byte(`{"version":"1","operators":[{"name":"a","logs":[{"log_id":"x"}]}]}`), CTList},
		{"capture", []byte(`{"schema":"chainspect/capture/v1"}`), SavedCapture},
		{"report", []byte(`{"schema":"chainspect/report/v1","reports":[]}`), JSONReport},
		{"jobs", []byte(`{"id":"a","target":"www.example.com"}` + "\n"), JobLines},
		{"Kubernetes, JSON", []byte(`{"apiVersion":"v1","kind":"Secret"}`), Kubernetes},
		{"Kubernetes, YAML", []byte("apiVersion: v1\nkind: Secret\n"), Kubernetes},
		{"JSON", []byte(`{"a":{"target":1}}`), OtherJSON},
		{"damaged JSON", []byte(`{"a":`), OtherJSON},
		{"server policy", []byte("# ours\nclient_ca: ca.pem\n"), Demands},
		{"gate policy", []byte("version: 1\njobs:\n  - target: a\n"), GatePolicy},
		{"openssl x509 -text", []byte("Certificate:\n    Data:\n    Signature Algorithm: ecdsa-with-SHA256\n"), Dump},
		{"text", []byte("hunter2\n"), Text},
		{"words that are Base64 too", []byte("correcthorsebatterystaple/+AB"), Text},
		{"noise", []byte("\xff\x00\x01"), Binary},
		{"UTF-16, marked", encode16(binary.LittleEndian, true, f.chain), UTF16},
		{"UTF-16, not marked", encode16(binary.BigEndian, false, f.chain), UTF16},
		{"Base64 of DER", []byte(base64.StdEncoding.EncodeToString(f.first)), Base64},
		{"Base64 of PEM", []byte(base64.StdEncoding.EncodeToString([]byte(f.chain)) + "\n"), Base64},
		{"URL Base64 of DER", []byte(base64.RawURLEncoding.EncodeToString(f.first)), Base64},
	} {
		if got := Recognise(tc.data); got != tc.want {
			t.Errorf("%s: this is %s; want %s", tc.name, got, tc.want)
		}
	}
}

// TestShapesAreNamedAndMended: each shape is an error that says where and what it
// is, and the command it prints makes a file that is read.
func TestShapesAreNamedAndMended(t *testing.T) {
	f := sampleFiles(t)
	wrapped := func(der []byte) []byte {
		lines := strings.SplitAfter(block("X", der), "\n")
		return []byte(strings.Join(lines[1:len(lines)-2], ""))
	}
	lines := strings.ReplaceAll(f.chain, "\n", `\n`)
	for _, tc := range []struct {
		name  string
		data  []byte
		want  string // of the message
		holds int    // certificates in the mended file; 0: there is none to make
	}{
		{"END and BEGIN on a line", []byte(strings.ReplaceAll(f.chain, "-----\n-----BEGIN", "----------BEGIN")),
			"a BEGIN stands on the same line as the END before it", 2},
		{"literal line breaks", []byte(lines), `line 1: this is PEM on one line, its line breaks written as \n`, 2},
		{"a variable with literal line breaks", []byte(`CHAIN="` + lines + `"` + "\n"), `line 1: this is PEM on one line`, 2},
		{"indented", []byte("  tls.crt: |\n    " + strings.ReplaceAll(strings.TrimSpace(f.chain), "\n", "\n    ") + "\n"),
			"line 2: this is PEM that is indented", 2},
		{"CR alone", []byte(strings.ReplaceAll(f.chain, "\n", "\r")), "line 1: this is PEM whose lines end in CR alone", 2},
		{"UTF-16 with a mark", encode16(binary.LittleEndian, true, f.chain), "this is text in UTF-16", 2},
		{"UTF-16 without a mark", encode16(binary.LittleEndian, false, f.chain), "this is text in UTF-16", 2},
		{"UTF-16, big-endian", encode16(binary.BigEndian, false, f.chain), "this is text in UTF-16", 2},
		{"Base64 of DER", wrapped(f.first), "line 1: this is Base64, without BEGIN and END lines, of a certificate in DER", 1},
		{"Base64 of PKCS#7", wrapped(f.p7), "line 1: this is Base64, without BEGIN and END lines, of a PKCS#7", 2},
		{"Base64 of PEM", []byte(base64.StdEncoding.EncodeToString([]byte(f.chain))),
			"line 1: this is Base64, without BEGIN and END lines, of a list of certificates in PEM", 2},
		{"byte order mark", []byte("\ufeff" + f.chain), "line 1: this is PEM with something before a BEGIN", 2},
		{"zero-width space", []byte("words\n\u200b" + f.chain), "line 2: this is PEM with something before a BEGIN", 2},
		{"pre", []byte("<pre>" + strings.TrimSpace(f.chain) + "</pre>\n"), "line 1: this is PEM with something before a BEGIN", 2},
		{"white space after DER", append(bytes.Clone(f.first), '\n'), "white space follows the DER", 1},
		{"PKCS#7 in a CERTIFICATE block", []byte(block("CERTIFICATE", f.p7)), "line 1: the CERTIFICATE block holds a PKCS#7", 2},
		{"JSON", []byte(`{"cert":"` + lines + `"}`), "this is JSON of another kind", 0},
		{"no END line", []byte(strings.Replace(f.chain, "-----END CERTIFICATE-----\n", "", 1)),
			`line 1: the PEM block "CERTIFICATE" that begins here has no END line`, 0},
		{"two in a block", []byte(block("CERTIFICATE", slices.Concat(f.first, f.second))), "line 1: the CERTIFICATE block holds 2 certificates", 0},
		{"CSR", []byte(block("CERTIFICATE REQUEST", f.csr)), "line 1: this is a certificate request (CSR)", 0},
		{"CSR in DER", f.csr, "this is a certificate request (CSR)", 0},
		{"CSR in a CERTIFICATE block", []byte("\n" + block("CERTIFICATE", f.csr)), "line 2: the CERTIFICATE block holds a certificate request", 0},
		{"key in a CERTIFICATE block", []byte(block("CERTIFICATE", f.key)), "line 1: the CERTIFICATE block holds a private key", 0},
		{"BCFKS in a CERTIFICATE block", []byte(block("CERTIFICATE", f.bcfks)), "line 1: the CERTIFICATE block holds a key store of Bouncy Castle (BCFKS)", 0},
		{"BCFKS", f.bcfks, "this is a key store of Bouncy Castle (BCFKS)", 0},
		{"text", []byte("hunter2\n"), "this is text", 0},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "it's here.pem")
		if err := os.WriteFile(path, tc.data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := capture(path, tc.data, time.Time{})
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), tc.want) || e.Remedy == "" || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v, want %q and a remedy", tc.name, err, tc.want)
			continue
		}
		if tc.holds == 0 {
			continue
		}
		command := regexp.MustCompile("`([^`]+)`").FindStringSubmatch(e.Remedy)
		if command == nil {
			t.Errorf("%s: no command in %q", tc.name, e.Remedy)
			continue
		}
		for _, tool := range []string{"iconv", "openssl"} {
			if _, err := exec.LookPath(tool); err != nil && strings.Contains(command[1], tool) {
				t.Skip(tool + " is not installed")
			}
		}
		sh := exec.Command("sh", "-c", command[1])
		sh.Dir = dir
		if out, err := sh.CombinedOutput(); err != nil {
			t.Errorf("%s: %s: %v: %s", tc.name, command[1], err, out)
			continue
		}
		made := slices.DeleteFunc(mustGlob(t, filepath.Join(dir, "*")), func(p string) bool { return p == path })
		data, err := os.ReadFile(made[0])
		if err != nil {
			t.Fatal(err)
		}
		if blocks, err := Blocks("mended", data); err != nil || len(blocks) != tc.holds {
			t.Errorf("%s: %s gives %d certificates, %v; want %d", tc.name, command[1], len(blocks), err, tc.holds)
		}
	}
}

func mustGlob(t *testing.T, pattern string) []string {
	t.Helper()
	list, err := filepath.Glob(pattern)
	if err != nil || len(list) < 2 {
		t.Fatal("the command made no file")
	}
	return list
}

// TestShapesThatAreRead: odd labels and trailers that others read are read.
func TestShapesThatAreRead(t *testing.T) {
	f := sampleFiles(t)
	for name, data := range map[string][]byte{
		"PKCS #7 SIGNED DATA": []byte(block("PKCS #7 SIGNED DATA", f.p7)),
		"TRUSTED CERTIFICATE": []byte(block("TRUSTED CERTIFICATE",
			slices.Concat(f.first, []byte{0x30, 4, 0x0c, 2, 'h', 'i'})) + block("X509 CERTIFICATE", f.second)),
		"words between": []byte(strings.Replace(f.chain, "-----\n-----BEGIN", "-----\nsubject=CN = x\n-----BEGIN", 1)),
		"CSR beside":    []byte(block("CERTIFICATE REQUEST", f.csr) + f.chain),
		"CRLF":          []byte(strings.ReplaceAll(f.chain, "\n", "\r\n")),
	} {
		blocks, err := Blocks("f", data)
		if err != nil || len(blocks) != 2 || !bytes.Equal(blocks[0].DER, f.first) {
			t.Errorf("%s: %d blocks, %v", name, len(blocks), err)
		}
	}
}

func FuzzRecognise(f *testing.F) {
	s := sampleFiles(f)
	for _, seed := range [][]byte{[]byte(s.chain), s.first, s.p7, s.csr, s.key, s.bcfks, bouncyStore("\x01\x00\x01a"), []byte(`{"schema":1}`),
		encode16(binary.BigEndian, true, "x"), []byte("apiVersion: 1")} {
		f.Add(seed)
		f.Add([]byte(base64.StdEncoding.EncodeToString(seed)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if Recognise(data) == "" {
			t.Error("no kind")
		}
		if e := Misplaced("f", data, "give another"); e.Message == "" || e.Remedy == "" {
			t.Errorf("%q: no message or no remedy: %v", data, e)
		}
	})
}
