package load

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const sampleInfo = `<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict><key>NSAppTransportSecurity</key><dict/></dict></plist>`

func writeArchive(t *testing.T, file string, entries map[string]string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for name, text := range entries {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestInfoPlistPlaces(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	plain := write("plain.plist", sampleInfo)
	write("Phone.app/Info.plist", sampleInfo)
	write("Mac.app/Contents/Info.plist", sampleInfo)
	write("Empty.app/x", "")
	ipa := filepath.Join(dir, "App.ipa")
	writeArchive(t, ipa, map[string]string{
		"Payload/App.app/Frameworks/F.framework/Info.plist": "no plist",
		"Payload/App.app/Info.plist":                        sampleInfo,
	})
	hollow := filepath.Join(dir, "hollow.ipa")
	writeArchive(t, hollow, map[string]string{"readme": "x"})
	for _, tc := range []struct{ name, path, source, err string }{
		{"file", plain, plain, ""},
		{"iOS bundle", filepath.Join(dir, "Phone.app"), filepath.Join(dir, "Phone.app", "Info.plist"), ""},
		{"macOS bundle", filepath.Join(dir, "Mac.app"), filepath.Join(dir, "Mac.app", "Contents", "Info.plist"), ""},
		{"archive", ipa, ipa + "/Payload/App.app/Info.plist", ""},
		{"inside the archive", ipa + "/Payload/App.app/Info.plist", ipa + "/Payload/App.app/Info.plist", ""},
		{"another entry", ipa + "/Payload/App.app/Frameworks/F.framework/Info.plist", "", "this is text; give the app's Info.plist"},
		{"no such entry", ipa + "/Payload/B.app/Info.plist", "", "has no entry"},
		{"hollow archive", hollow, "", "no Payload/NAME.app/Info.plist"},
		{"hollow bundle", filepath.Join(dir, "Empty.app"), "", "no Info.plist"},
		{"missing", filepath.Join(dir, "nothing"), "", "no such file"},
	} {
		s, err := (*Files)(nil).InfoPlist(tc.path, os.ReadFile)
		if tc.err != "" {
			if err == nil || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%s: error %v, want %q", tc.name, err, tc.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
		} else if s.Source != tc.source {
			t.Errorf("%s: source %q, want %q", tc.name, s.Source, tc.source)
		}
	}
}
