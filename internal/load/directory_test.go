package load

import (
	"bytes"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestDirectory(t *testing.T) {
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	first, _ := pem.Decode(text)
	key := block("PRIVATE KEY", []byte{0x30, 0})
	cut := text[:300]
	for name, tc := range map[string]struct {
		data []byte
		want string // "" passed over, "read", or a part of the error
	}{
		"a.der":            {bundle(t, text), "read"},
		"b.pem":            {text, "read"},
		"chain":            {text, "read"},
		"capture.json":     {[]byte(`{"schema":"chainspect/capture/v1","target":`), "this JSON is cut off"},
		"cut.pem":          {cut, "line 1: the PEM block"},
		"cut.bundle":       {cut, "line 1: the PEM block"},
		"cut.der":          {first.Bytes[:300], "the DER is cut off"},
		"cut":              {first.Bytes[:300], "the DER is cut off"},
		"empty.CRT":        {nil, "the file is empty"},
		"noise.cer":        {[]byte("x"), "this is text"},
		"empty":            {nil, ""},
		"key.pem":          {[]byte(key), ""},
		"key.der":          {[]byte{0x30, 3, 2, 1, 0}, ""},
		"identity.p12":     {[]byte{0x30, 5, 2, 1, 3, 0x30, 0}, ""},
		"parameters.pem":   {[]byte(block("DH PARAMETERS", []byte{0x30, 0})), ""},
		"package.json":     {[]byte(`{"name":"x"}`), ""},
		"readme":           {[]byte("0 certificates, or -----BEGIN CERTIFICATE-----"), ""},
		"readme.indented":  {[]byte("so:\n  -----BEGIN CERTIFICATE-----\n"), ""},
		"trailing.der":     {bytes.Repeat(first.Bytes, 2), "read"},
		"revoked.crl.pem":  {[]byte(block("X509 CRL", []byte{0x30, 0})), ""},
		"not-a-cert.plist": {[]byte("<plist/>"), ""},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), tc.data, 0o600); err != nil {
			t.Fatal(err)
		}
		found, _, err := (*Files)(nil).Directory(dir, time.Time{})
		switch {
		case tc.want == "":
			if len(found) != 0 || err == nil || !strings.Contains(err.Error(), "no file in this directory") {
				t.Errorf("%s: %v, %v", name, found, err)
			}
		case len(found) != 1 || err != nil || found[0].Path != filepath.Join(dir, name):
			t.Errorf("%s: %v, %v", name, found, err)
		case tc.want == "read":
			if found[0].Capture == nil || found[0].Err != nil {
				t.Errorf("%s: %v", name, found[0].Err)
			}
		case found[0].Err == nil || !strings.Contains(found[0].Err.Error(), tc.want):
			t.Errorf("%s: error %v, want %q", name, found[0].Err, tc.want)
		}
	}
}

func TestDirectoryOrderLinksAndFolders(t *testing.T) {
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"b.pem", "a.pem"} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"c.pem": "b.pem", "d.pem": "gone.pem", "readme": "gone"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "old"), 0o700); err != nil {
		t.Fatal(err)
	}
	found, remarks, err := (*Files)(nil).Directory(dir, time.Time{})
	var got []string
	for _, f := range found {
		name := filepath.Base(f.Path)
		if f.Err != nil {
			name += "!"
		}
		got = append(got, name)
	}
	if want := "a.pem b.pem c.pem d.pem!"; err != nil || strings.Join(got, " ") != want {
		t.Errorf("%v, %v; want %s", got, err, want)
	}
	if len(remarks) != 1 || !strings.Contains(remarks[0], "folders in it are not looked into (1)") {
		t.Errorf("remarks %q", remarks)
	}
}
