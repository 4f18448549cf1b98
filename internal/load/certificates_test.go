package load

import (
	"bytes"
	"encoding/pem"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

const example = "../../testdata/certs/example-good.pem"

// bundle makes a certs-only PKCS#7 (RFC 2315 section 9.1) of PEM certificates.
func bundle(t testing.TB, text []byte) []byte {
	t.Helper()
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes([]byte{0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2})
		b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(1)
				b.AddASN1(cbasn1.SET, func(*cryptobyte.Builder) {})
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddBytes([]byte{0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1})
				})
				b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
					for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
						b.AddBytes(block.Bytes)
					}
				})
				b.AddASN1(cbasn1.SET, func(*cryptobyte.Builder) {})
			})
		})
	})
	der, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestBlocksByContent(t *testing.T) {
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	first, _ := pem.Decode(text)
	p7 := bundle(t, text)
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte{0x30, 0}})
	for _, tc := range []struct {
		name  string
		data  []byte
		kinds string
		err   string
	}{
		{"PEM", text, "certificate certificate", ""},
		{"PEM with words around it and a key", append(append([]byte("words\n"), key...), text...), "certificate certificate", ""},
		{"PEM with CRLF", []byte(strings.ReplaceAll(string(text), "\n", "\r\n")), "certificate certificate", ""},
		{"DER", first.Bytes, "certificate", ""},
		{"PKCS#7 in DER", p7, "certificate certificate", ""},
		{"PKCS#7 in PEM", pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: p7}), "certificate certificate", ""},
		{"CT log list", []byte(`{"operators":[{"logs":[{"log_id":"x"}]}]}`), "ctlist", ""},
		{"two in DER", slices.Concat(first.Bytes, first.Bytes), "certificate certificate", ""},
		{"PKCS#7 in PEM, empty", []byte("-----BEGIN PKCS7-----\n-----END PKCS7-----\n"), "", "the file is empty"},
		{"nothing", nil, "", "the file is empty"},
		{"white space", []byte(" \n\t"), "", "the file is empty"},
		{"key", key, "", "f, line 1: this is a private key"},
		{"cut PEM", text[:300], "", `f, line 1: the PEM block "CERTIFICATE" that begins here has no END line`},
		{"second cut", text[:len(text)-60], "", "line 14: the PEM block"},
		{"cut DER", first.Bytes[:100], "", "the file has 100 bytes"},
		{"DER cut off inside", []byte{0x30, 2, 0x30, 5}, "", "DER, but no certificate"},
		{"noise", []byte("\xff\x00\x01"), "", "f: this is binary data"},
		{"PKCS#12", []byte{0x30, 5, 2, 1, 3, 0x30, 0}, "", "use `chainspect identity f`"},
		{"PKCS#7 without certificates", bundle(t, nil), "", "PKCS#7 without certificates"},
		{"a million empty blocks", []byte(strings.Repeat("-----BEGIN X-----\n-----END X-----\n", 1000000)), "", "more than 10000 certificates"},
		{"other PEM", []byte("-----BEGIN DH PARAMETERS-----\nMAA=\n-----END DH PARAMETERS-----\n"), "", "f, line 1: this is PEM without a certificate"},
	} {
		blocks, err := Blocks("f", tc.data)
		if tc.err != "" {
			var le *Error
			if !errors.As(err, &le) || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%s: error %v, want %q", tc.name, err, tc.err)
			}
			continue
		}
		var kinds []string
		for _, b := range blocks {
			kinds = append(kinds, b.Kind)
		}
		if got := strings.Join(kinds, " "); err != nil || got != tc.kinds {
			t.Errorf("%s: %q, %v; want %q", tc.name, got, err, tc.kinds)
		}
	}
}

// TestDERAndWhatFollows: certificates one after the other are all read, and what
// is none stays with the last, but a private key is left out.
func TestDERAndWhatFollows(t *testing.T) {
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	first, rest := pem.Decode(text)
	second, _ := pem.Decode(rest)
	a, b := first.Bytes, second.Bytes
	for _, tc := range []struct {
		name       string
		data, last []byte
		n          int
	}{
		{"one", a, a, 1},
		{"two", slices.Concat(a, b), b, 2},
		{"the second cut", slices.Concat(a, b[:200]), slices.Concat(a, b[:200]), 1},
		{"PEM behind it", slices.Concat(a, text), slices.Concat(a, text), 1},
		{"a private key", slices.Concat(a, []byte{0x30, 3, 2, 1, 0}), a, 1},
	} {
		blocks, err := Blocks("f", tc.data)
		if err != nil || len(blocks) != tc.n || !slices.Equal(blocks[tc.n-1].DER, tc.last) {
			t.Errorf("%s: %d blocks, %v", tc.name, len(blocks), err)
		}
	}
}

func TestIsFile(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("localhost", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]bool{
		"-": true, "a.pem": true, "A.PEM": true, "x.jsonl": true, "a/b": true, `a\b`: true, "localhost": true, ".": true,
		"www.example.com": false, "https://www.example.com/x.pem": false, "a:443": false, "pem": false,
	} {
		if got := IsFile(target); got != want {
			t.Errorf("IsFile(%q) is %v", target, got)
		}
	}
}

func TestSavedCaptures(t *testing.T) {
	const one = `{"schema":"chainspect/capture/v1","target":"a:443","taken_at":"2026-12-01T00:00:00Z","blobs":{"e4f60d0aa6d7f3d3b6a6494b1c861b99f649c6f9ec51abaf201b20f297327c95":"MAA="},"observations":[{"transport":"tls","sent":["e4f60d0aa6d7f3d3b6a6494b1c861b99f649c6f9ec51abaf201b20f297327c95"],"outcome":{"ok":true}}]}`
	for _, tc := range []struct {
		name, text string
		n          int
		err        string
	}{
		{"one", one, 1, ""},
		{"JSON lines", one + "\n" + one + "\n\n", 2, ""},
		{"cut off", one + "\n" + one[:90], 0, "f, line 2: this JSON is cut off"},
		{"no JSON", "{nonsense", 0, "f, line 1: this JSON is cut off or damaged"},
		{"another document", `{"schema":"other"}`, 0, "f, line 1: JSON whose schema is not chainspect/capture/v1"},
		{"no observation", `{"schema":"chainspect/capture/v1","taken_at":"2026-12-01T00:00:00Z"}`, 0, "without observations"},
		{"a blob is missing", strings.Replace(one, `{"e4f60d0aa6d7f3d3b6a6494b1c861b99f649c6f9ec51abaf201b20f297327c95":"MAA="}`, `{}`, 1), 0,
			"a certificate that the capture does not hold"},
		{"a blob under another name", strings.Replace(one, `{"e4f6`, `{"0000`, 1), 0, "does not stand under its own SHA-256"},
		{"a proof of the key that is none", strings.Replace(one, `"ok":true`, `"ok":true,"key_proof":"bogus"`, 1), 0, "observation 0: key_proof is no word"},
		{"a proof that cannot be checked", strings.Replace(one, `"ok":true`, `"ok":true,"key_proof":"not checkable: an unknown scheme"`, 1), 1, ""},
		{"a fate that is none", strings.Replace(one, `"outcome"`, `"presented":{"sent":[],"fate":"taken"},"outcome"`, 1), 0,
			"observation 0: presented.fate is no word"},
		{"evidence of no origin",
			strings.Replace(one, `"observations"`, `"evidence":[{"kind":"ctlist","origin":"updated","source":"apple","data":"e30="}],"observations"`,
				1), 0, "neither given nor fetched"},
		{"evidence of no kind",
			strings.Replace(one, `"observations"`, `"evidence":[{"kind":"crll","origin":"given","source":"a","data":"e30="}],"observations"`,
				1), 0, "of a kind that --capture does not write"},
		{"evidence that was changed",
			strings.Replace(one, `"observations"`,
				`"evidence":[{"kind":"crl","origin":"fetched","source":"a","data":"e30=","sha256":"e4f6"}],"observations"`, 1), 0,
			"another SHA-256 than its own"},
		{"a version that is none", strings.Replace(one, `"ok":true`, `"ok":true,"version":"TLS 9.9"`, 1), 0, "observation 0: version is no word"},
		{"another type", `{"schema":5}`, 0, "no capture: its field schema is of the wrong type"},
	} {
		list, err := Captures("f", []byte(tc.text), time.Time{})
		if len(list) != tc.n || (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
			t.Errorf("%s: %d captures, %v; want %d, %q", tc.name, len(list), err, tc.n, tc.err)
		}
	}
}

func FuzzBlocks(f *testing.F) {
	text, err := os.ReadFile(example)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(bundle(f, text))
	f.Add([]byte{0x30, 0x80, 6, 1, 1, 0, 0})
	leaf, _ := pem.Decode(text)
	f.Add(slices.Concat(leaf.Bytes, text))
	f.Add(slices.Concat(leaf.Bytes[:100], text))
	f.Fuzz(func(t *testing.T, data []byte) {
		blocks, err := Blocks("f", data)
		var le *Error
		if err != nil && !errors.As(err, &le) {
			t.Errorf("an error of another kind: %v", err)
		}
		if err == nil && len(blocks) == 0 {
			t.Error("neither blocks nor an error")
		}
	})
}

func FuzzCaptures(f *testing.F) {
	f.Add([]byte(`{"schema":"chainspect/capture/v1","target":"a","taken_at":"2026-12-01T00:00:00Z","blobs":{"e4f60d0aa6d7f3d3b6a6494b1c861b99f649c6f9ec51abaf201b20f297327c95":"MAA="},"observations":[{"transport":"tls","sent":["e4f60d0aa6d7f3d3b6a6494b1c861b99f649c6f9ec51abaf201b20f297327c95"],"outcome":{"ok":true}}]}`))
	f.Add([]byte("{}{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := Captures("f", data, time.Time{})
		if (err == nil) != (len(list) > 0) {
			t.Errorf("%d captures and error %v", len(list), err)
		}
		for _, c := range list {
			if len(c.Observations) == 0 {
				t.Error("a capture without observations was taken")
			}
		}
	})
}

// TestPKCS7Order: a PKCS#7 is a set; the leaf comes first and its issuers follow,
// however the set was written.
func TestPKCS7Order(t *testing.T) {
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.ReadFile("../../testdata/certs/example-root.pem")
	if err != nil {
		t.Fatal(err)
	}
	leaf, rest := pem.Decode(text)
	sub, _ := pem.Decode(rest)
	top, _ := pem.Decode(root)
	want := [][]byte{leaf.Bytes, sub.Bytes, top.Bytes}
	for _, order := range [][]*pem.Block{{leaf, sub, top}, {top, sub, leaf}, {sub, top, leaf}, {sub, leaf, top}} {
		var set []byte
		for _, b := range order {
			set = append(set, pem.EncodeToMemory(b)...)
		}
		got, err := Blocks("chain.p7b", bundle(t, set))
		if err != nil || len(got) != 3 {
			t.Fatal(len(got), err)
		}
		for i := range got {
			if !bytes.Equal(got[i].DER, want[i]) {
				t.Errorf("certificate %d of the set is not in its place", i)
			}
		}
	}
	same := strings.Repeat(string(root), 3)
	if got, err := Blocks("roots.p7b", bundle(t, []byte(same))); err != nil || len(got) != 3 {
		t.Errorf("a set of one root three times: %d, %v", len(got), err)
	}
}

// A file of PEM in which no certificate is whole was damaged in copying; beside a
// whole one the damaged one is an item like any other.
func TestPEMWithoutAWholeCertificate(t *testing.T) {
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	first, _ := pem.Decode(text)
	armoured := func(der []byte) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	for _, der := range [][]byte{first.Bytes[:len(first.Bytes)-1], first.Bytes[:1], []byte("hello"), {0x30, 0x85, 1, 1, 1, 1, 1}, {0x30, 0x82, 1}} {
		_, err := Blocks("f.pem", armoured(der))
		var e *Error
		if !errors.As(err, &e) || e.Position != "line 1" || !strings.Contains(e.Message, "cut off or damaged") {
			t.Errorf("%.8x: %v", der, err)
		}
		if blocks, err := Blocks("f.pem", slices.Concat(text, armoured(der))); err != nil || len(blocks) < 2 {
			t.Errorf("%.8x beside whole ones: %d blocks, %v", der, len(blocks), err)
		}
	}
	for _, der := range [][]byte{first.Bytes, {0x30, 0x80, 0, 0}, {0x30, 0}, {0x30, 0x81, 1, 5}} {
		if _, err := Blocks("f.pem", armoured(der)); err != nil {
			t.Errorf("%.8x: %v", der, err)
		}
	}
}
