package tables

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/ctlog"
)

// A mirror serves lists made of the built-in ones, signed with a key of its own.
type mirror struct {
	key   *rsa.PrivateKey
	pem   []byte
	files map[string][]byte
}

// document writes a list as Apple and Chrome publish it, without the first less logs.
func document(t testing.TB, list *ctlog.List, version string, less int) []byte {
	t.Helper()
	type log struct {
		Description string                       `json:"description"`
		ID          string                       `json:"log_id"`
		Key         string                       `json:"key"`
		State       map[string]map[string]string `json:"state"`
	}
	byOperator := map[string][]log{}
	for id, l := range list.Logs {
		if less--; less >= 0 {
			continue
		}
		byOperator[l.Operator] = append(byOperator[l.Operator], log{l.Name, base64.StdEncoding.EncodeToString(id[:]), base64.StdEncoding.EncodeToString(l.Key),
			map[string]map[string]string{l.State: {"timestamp": "2026-01-01T00:00:00Z"}}})
	}
	operators := []any{}
	for name, logs := range byOperator {
		operators = append(operators, map[string]any{"name": name, "logs": logs})
	}
	data, err := json.Marshal(map[string]any{"version": version, "log_list_timestamp": "2026-11-01T00:00:00Z", "operators": operators})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func newMirror(t testing.TB, appleVersion, chromeVersion string, less int) *mirror {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	m := &mirror{key: key, pem: pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}), files: map[string][]byte{}}
	m.files["current_log_list.json"] = document(t, ctlog.Apple(), appleVersion, less)
	m.files["all_logs_list.json"] = document(t, ctlog.Chrome(), chromeVersion, less)
	m.sign(t)
	return m
}

func (m *mirror) sign(t testing.TB) {
	t.Helper()
	sum := sha256.Sum256(m.files["all_logs_list.json"])
	signature, err := rsa.SignPKCS1v15(nil, m.key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	m.files["all_logs_list.sig"] = signature
}

func (m *mirror) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, ok := m.files[strings.TrimPrefix(r.URL.Path, "/lists/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write(data)
}

var today = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// TestUpdate runs against a mirror on this machine: good lists come in and are
// used; with one that cannot be used nothing is written.
func TestUpdate(t *testing.T) {
	const apple, chrome = "current_log_list.json", "all_logs_list.json"
	for _, tc := range []struct {
		name   string
		mirror func() *mirror
		want   string // of the error; "" none
	}{
		{"good", func() *mirror { return newMirror(t, "520", "90.1", 0) }, ""},
		{"the same as the built-in ones", func() *mirror { return newMirror(t, "511", "89.25", 0) }, ""},
		{"tampered", func() *mirror {
			m := newMirror(t, "520", "90.1", 0)
			m.files[chrome] = bytes.Replace(m.files[chrome], []byte("usable"), []byte("retire"), 1)
			return m
		}, chrome + ": its signature does not verify"},
		{"without a signature", func() *mirror {
			m := newMirror(t, "520", "90.1", 0)
			delete(m.files, "all_logs_list.sig")
			return m
		}, "all_logs_list.sig cannot be fetched: HTTP status 404"},
		{"cut off", func() *mirror {
			m := newMirror(t, "520", "90.1", 0)
			m.files[apple] = m.files[apple][:1000]
			return m
		}, apple + ": it is no JSON"},
		{"a part of it missing", func() *mirror { return newMirror(t, "520", "90.1", 60) }, apple + ": it has 106 logs and lacks 60 of the 166"},
		{"older", func() *mirror { return newMirror(t, "500", "90.1", 0) },
			apple + ": older than what is here: Apple's list 500 of 2026-11-01, here is Apple's list 511"},
		{"a later number and an older date", func() *mirror {
			m := newMirror(t, "520", "90.1", 0)
			m.files[apple] = bytes.Replace(m.files[apple], []byte("2026-11-01"), []byte("2026-03-01"), 1)
			return m
		}, apple + ": older than what is here: Apple's list 520 of 2026-03-01, here is Apple's list 511"},
		{"dated ahead", func() *mirror {
			m := newMirror(t, "520", "90.1", 0)
			m.files[apple] = bytes.Replace(m.files[apple], []byte("2026-11-01"), []byte("2096-11-01"), 1)
			return m
		}, apple + ": it is Apple's list 520 of 2096-11-01, a day that has not come"},
		{"an older list of Chrome's", func() *mirror { return newMirror(t, "520", "88", 0) }, chrome + ": older than what is here"},
		{"a key that is another log's", func() *mirror {
			m := newMirror(t, "520", "90.1", 0)
			m.files[apple] = bytes.Replace(m.files[apple], []byte(`"key":"MFkw`), []byte(`"key":"MFkx`), 1)
			return m
		}, "log_id is not the SHA-256 of key"},
		{"too large", func() *mirror {
			m := newMirror(t, "520", "90.1", 0)
			m.files[apple] = append(m.files[apple], bytes.Repeat([]byte(" "), maxSize)...)
			return m
		}, apple + ": larger than"},
	} {
		m := tc.mirror()
		server := httptest.NewServer(m)
		u := &Update{Dir: filepath.Join(t.TempDir(), "new", "chainspect"), From: server.URL + "/lists", Key: m.pem, Now: today}
		done, err := u.Run(context.Background())
		server.Close()
		if tc.want != "" {
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
			}
			if list, _ := os.ReadDir(u.Dir); len(list) > 0 {
				t.Errorf("%s: something was written: %v", tc.name, list)
			}
			continue
		}
		if err != nil || len(done) != 2 {
			t.Fatalf("%s: %+v, %v", tc.name, done, err)
		}
		evidence, err := load(u.Dir, m.pem)
		if err != nil || len(evidence) > 0 != done[0].New || done[0].New != done[1].New {
			t.Errorf("%s: %d lists are used, %v; %+v", tc.name, len(evidence), err, done)
		}
		if done[0].New && (done[0].List.Version != "520" || evidence[0].Source != "apple" || evidence[0].Origin != chain.OriginUpdated || len(evidence) != 2) {
			t.Errorf("%s: %v, %d", tc.name, done[0].List, len(evidence))
		}
		// From a folder, and a second time: nothing is newer then.
		for name, data := range m.files {
			if err := os.WriteFile(filepath.Join(u.Dir, "..", name), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		u.From = filepath.Dir(u.Dir)
		if done, err := u.Run(context.Background()); err != nil || done[0].New {
			t.Errorf("%s, again: %+v, %v", tc.name, done, err)
		}
	}
}

func TestNoClearText(t *testing.T) {
	for address, ok := range map[string]bool{"https://mirror.example/x": true, "http://127.0.0.1:1/x": true, "http://localhost/x": true, "http://[::1]/x": true,
		"http://mirror.example/x": false, "ftp://127.0.0.1/x": false, "file:///etc/passwd": false} {
		if err := secure(address); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
	}
	// Not by a redirection either.
	server := httptest.NewServer(http.RedirectHandler("http://mirror.example/lists", http.StatusFound))
	defer server.Close()
	u := &Update{Dir: t.TempDir(), From: server.URL}
	if _, err := u.Run(context.Background()); err == nil || !strings.Contains(err.Error(), "write https") {
		t.Errorf("a redirection to clear text: %v", err)
	}
}

// TestFolderOfOthers: what others can write is refused, and a broken file is named.
func TestFolderOfOthers(t *testing.T) {
	m := newMirror(t, "520", "90.1", 0)
	server := httptest.NewServer(m)
	defer server.Close()
	dir := filepath.Join(t.TempDir(), "data")
	u := &Update{Dir: dir, From: server.URL + "/lists", Key: m.pem, Now: today}
	if _, err := u.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	apple := filepath.Join(dir, "current_log_list.json")
	for _, tc := range []struct {
		name string
		do   func() error
		want string
		used int
	}{
		{"as written", func() error { return nil }, "", 2},
		{"a file that others can write", func() error { return os.Chmod(apple, 0o666) }, apple + ": others can write it", 1},
		{"a broken file", func() error { return os.WriteFile(apple, []byte("{"), 0o600) }, apple + ": ", 1},
		{"no file", func() error { return os.Remove(apple) }, "", 1},
		{"a changed list of Chrome's", func() error {
			return os.WriteFile(filepath.Join(dir, "all_logs_list.json"), []byte("{}"), 0o600)
		}, "all_logs_list.json: its signature does not verify", 0},
		{"no signature", func() error { return os.Remove(filepath.Join(dir, "all_logs_list.sig")) }, "its signature all_logs_list.sig is missing", 0},
		{"a folder that others can write", func() error { return os.Chmod(dir, 0o777) }, dir + ": others can write it", 0},
		{"a folder in one that all can write", func() error { return errors.Join(os.Chmod(dir, 0o755), os.Chmod(filepath.Dir(dir), 0o777)) },
			"everybody can write the folder " + filepath.Dir(dir), 0},
		{"the same with the sticky bit", func() error {
			return errors.Join(os.Chmod(filepath.Dir(dir), 0o777|os.ModeSticky), os.WriteFile(apple, m.files["current_log_list.json"], 0o600))
		}, "its signature all_logs_list.sig is missing", 1},
		{"a link to a folder that others can write", func() error {
			shared := filepath.Join(filepath.Dir(dir), "shared")
			return errors.Join(os.Mkdir(shared, 0o700), os.Chmod(shared, 0o777), os.Rename(apple, filepath.Join(shared, "list.json")),
				os.Symlink(filepath.Join(shared, "list.json"), apple))
		}, "shared: others can write it", 0},
		{"a folder that others can write, at last", func() error { return os.Chmod(dir, 0o777) }, dir + ": others can write it", 0},
	} {
		if err := tc.do(); err != nil {
			t.Fatal(err)
		}
		if tc.name == "a broken file" {
			if err := os.Chmod(apple, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		evidence, err := load(dir, m.pem)
		if len(evidence) != tc.used || (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %d lists, %v; want %d, %q", tc.name, len(evidence), err, tc.used, tc.want)
		}
	}
	if _, err := u.Run(context.Background()); err == nil || !strings.Contains(err.Error(), "others can write it") {
		t.Errorf("an update into it: %v", err)
	}
}

func TestDefaultFolder(t *testing.T) {
	for _, tc := range []struct{ xdg, home, want string }{
		{"/data", "/home/a", "/data/chainspect"}, {"", "/home/a", "/home/a/.local/share/chainspect"},
		{"relative", "/home/a", "/home/a/.local/share/chainspect"}, {"", "", ""},
	} {
		got := DefaultFolder(func(name string) string { return map[string]string{"XDG_DATA_HOME": tc.xdg, "HOME": tc.home}[name] })
		if got != tc.want {
			t.Errorf("%q, %q: %q, want %q", tc.xdg, tc.home, got, tc.want)
		}
	}
}

// TestChromeKey: the key that is built in is one that can verify.
func TestChromeKey(t *testing.T) {
	if err := verify([]byte("x"), make([]byte, 512), ChromeKey()); err == nil || !strings.Contains(err.Error(), "does not verify") {
		t.Error(err)
	}
}
