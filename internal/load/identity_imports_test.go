package load

import (
	"archive/tar"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/suite"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/identity"
)

// suiteCase is one line of the third-party suite of PKCS#12 files.
type suiteCase struct {
	ID       string            `json:"id"`
	File     string            `json:"file"`
	Expect   string            `json:"expect"`
	Password *string           `json:"password"`
	Certs    int               `json:"n_certs"`
	Keys     int               `json:"n_keys"`
	Decoders map[string]string `json:"decoders"` // "ok" or "fail" by tool
}

// p12Suite reads the suite, or skips the test.
func p12Suite(t *testing.T) ([]suiteCase, map[string][]byte) {
	t.Helper()
	cases := suite.Read[suiteCase](t, "p12")
	files := map[string][]byte{}
	for in := tar.NewReader(suite.Open(t, "p12-files.tar.gz")); ; {
		h, err := in.Next()
		if err == io.EOF {
			return cases, files
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[h.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
	}
}

// read opens a file of the suite as the command would, with its password file.
func (c suiteCase) read(t *testing.T, files map[string][]byte) (path, passwordFile string, id *Identity, err error) {
	t.Helper()
	password := ""
	if c.Password != nil {
		password = *c.Password
	}
	passwordFile = write(t, "password", []byte(password+"\n"))
	path = write(t, "identity.p12", files[c.File])
	id, err = ReadIdentity(path, IdentityOptions{Passwords: Passwords{File: passwordFile}})
	return path, passwordFile, id, err
}

func row(t *testing.T, id *chain.Identity, where string) chain.ImportReport {
	t.Helper()
	for _, r := range identity.Imports(id) {
		if r.Where == where {
			return r
		}
	}
	t.Fatalf("no row for %s", where)
	return chain.ImportReport{}
}

// TestImportsAgreeWithTheTools compares the rows of OpenSSL and Java with what
// the two did with every file when the suite was made.
func TestImportsAgreeWithTheTools(t *testing.T) {
	cases, files := p12Suite(t)
	compared := 0
	for _, c := range cases {
		_, _, id, err := c.read(t, files)
		if (err == nil) != (c.Expect == "ok") {
			t.Errorf("%s: %v, want %s", c.ID, err, c.Expect)
		}
		if err != nil || c.Expect != "ok" {
			continue
		}
		compared++
		if r := row(t, id.Facts, "OpenSSL 3 -legacy"); r.OK != (c.Decoders["openssl"] == "ok") {
			t.Errorf("%s: OpenSSL %s, row %+v", c.ID, c.Decoders["openssl"], r)
		}
		// Java loads what it makes no entry of; there the row says no and the tool ok.
		if r := row(t, id.Facts, "Java keytool"); r.OK && c.Decoders["java"] != "ok" {
			t.Errorf("%s: Java %s, row %+v", c.ID, c.Decoders["java"], r)
		} else if !r.OK && c.Decoders["java"] == "ok" && !strings.Contains(r.Why, "result") && !strings.Contains(r.Why, "no private key in it fits") {
			t.Errorf("%s: Java ok, row %+v", c.ID, r)
		}
	}
	if compared < 100 {
		t.Errorf("only %d files compared", compared)
	}
}

// TestImportsAgreeWithOpenSSLHere compares with the openssl that is installed,
// without and with its legacy provider.
func TestImportsAgreeWithOpenSSLHere(t *testing.T) {
	if testing.Short() {
		t.Skip("runs openssl for every file")
	}
	version, err := exec.Command("openssl", "version").Output()
	if err != nil || !strings.HasPrefix(string(version), "OpenSSL 3") {
		t.Skipf("OpenSSL 3 is not installed: %s", version)
	}
	cases, files := p12Suite(t)
	for _, c := range cases {
		path, password, id, err := c.read(t, files)
		if err != nil || c.Expect != "ok" || id.Facts.MAC != nil && id.Facts.MAC.PBMAC1 || usesMLDSA(id) || strings.Contains(c.ID, "mac-sha512-256") {
			continue // PBMAC1 and ML-DSA need later releases
		}
		for where, flags := range map[string][]string{"OpenSSL 3": nil, "OpenSSL 3 -legacy": {"-legacy"}} {
			args := append([]string{"pkcs12", "-in", path, "-passin", "file:" + password, "-nodes", "-noout"}, flags...)
			out, err := exec.Command("openssl", args...).CombinedOutput()
			if r := row(t, id.Facts, where); r.OK != (err == nil) {
				t.Errorf("%s: openssl %v: %s; row %+v", c.ID, err, out, r)
			}
		}
	}
}

func usesMLDSA(id *Identity) bool {
	for _, k := range id.Facts.Keys {
		if k.Type == "ML-DSA" {
			return true
		}
	}
	return false
}

// TestConversionsHelp runs every conversion the rows print, with the openssl
// that is installed, and looks that the new file imports where the old did not.
func TestConversionsHelp(t *testing.T) {
	if testing.Short() {
		t.Skip("runs openssl for every file")
	}
	version, err := exec.Command("openssl", "version").Output()
	if err != nil || !strings.HasPrefix(string(version), "OpenSSL 3") {
		t.Skipf("OpenSSL 3 is not installed: %s", version)
	}
	cases, files := p12Suite(t)
	ran := map[string]int{}
	for _, c := range cases {
		path, password, id, err := c.read(t, files)
		if err != nil || c.Expect != "ok" || c.Keys == 0 || c.Certs == 0 || id.Facts.MAC != nil && id.Facts.MAC.PBMAC1 || usesMLDSA(id) {
			continue
		}
		done := map[string]*Identity{}
		for _, r := range identity.Imports(id.Facts) {
			if r.OK || r.Convert == "" {
				continue
			}
			made := done[r.Convert]
			if made == nil {
				made = runConversion(t, c.ID, r.Convert, path, password)
				done[r.Convert] = made
			}
			if made == nil {
				continue
			}
			ran[r.Where]++
			if again := row(t, made.Facts, r.Where); !again.OK {
				t.Errorf("%s: %s after %q: %s", c.ID, r.Where, r.Convert, again.Why)
			}
		}
	}
	for _, where := range []string{"iOS 17", "iOS 18+", "macOS modern importer", "macOS legacy importer", "OpenSSL 3", "Java keytool", "Windows"} {
		if ran[where] == 0 {
			t.Errorf("no conversion for %s was run", where)
		}
	}
}

// runConversion runs the printed command with passwords in place of questions.
func runConversion(t *testing.T, name, command, path, password string) *Identity {
	t.Helper()
	dir := t.TempDir()
	fresh := write(t, "fresh", []byte("Neu-und-besser"))
	command = strings.ReplaceAll(command, " -nodes", " -nodes -passin file:"+password)
	command = strings.ReplaceAll(command, " -export", " -export -passout file:"+fresh)
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %s: %v: %s", name, command, err, out)
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, "tmp.pem")); err == nil {
		t.Errorf("%s: the key stays behind in tmp.pem", name)
	}
	id, err := ReadIdentity(filepath.Join(dir, "new.p12"), IdentityOptions{Passwords: Passwords{File: fresh}})
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return nil
	}
	return id
}
