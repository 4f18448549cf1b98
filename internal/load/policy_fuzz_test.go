package load

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// FuzzServerPolicy reads any octets as a server policy. The context has ended, so
// that no file a policy names is waited for.
func FuzzServerPolicy(f *testing.F) {
	for _, seed := range []string{"client_ca: ca.pem\ndepth: 2\n", "allow_cert: [\"00:11\"]", "required_subject: CN=a,O=b",
		"required_san: [dns:a, ip:192.0.2.1]",
		"client_ca: &a [*a]", "---\n---\n", "{\"client_ca\": [\"x\"]}", "depth: 99999999999999999999"} {
		f.Add([]byte(seed))
	}
	ended, end := context.WithCancel(context.Background())
	end()
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := (*Files)(nil).ServerPolicy(ended, filepath.Join(dir, "p.yaml"), data)
		var e *Error
		if err != nil && !errors.As(err, &e) || err == nil && d == nil {
			t.Errorf("%v, %v", d, err)
		}
	})
}

// FuzzIPA reads any octets as an app archive, with a good one as the seed.
func FuzzIPA(f *testing.F) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"Payload/App.app/Info.plist", "Payload/App.app/Frameworks/F.framework/Info.plist"} {
		w, err := z.Create(name)
		if err != nil {
			f.Fatal(err)
		}
		if _, err := w.Write([]byte(sampleInfo)); err != nil {
			f.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("PK\x05\x06" + string(make([]byte, 18))))
	path := filepath.Join(f.TempDir(), "App.ipa")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{path, path + "/Payload/App.app/Info.plist"} {
			if s, err := (*Files)(nil).InfoPlist(name, os.ReadFile); (err == nil) != (s != nil) {
				t.Errorf("%s: %v, %v", name, s, err)
			}
		}
	})
}
