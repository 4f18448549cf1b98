// Package web tests the page: built, served on loopback, and used in a headless
// Chromium as a visitor would.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	keystore "github.com/pavlo-v-chernykh/keystore-go/v4"
	"software.sslmate.com/src/go-pkcs12"

	"github.com/chainspect/chainspect/internal/testpki"
)

// built is the page and the command, made once for all tests.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "chainspect-page-")
	if err != nil {
		return "", err
	}
	if out, err := exec.Command("../scripts/page", filepath.Join(dir, "page")).CombinedOutput(); err != nil {
		return "", fmt.Errorf("scripts/page: %w\n%s", err, out)
	}
	if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "chainspect"), "../cmd/chainspect").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := built(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

func needs(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"node", "gzip"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	if testing.Short() {
		t.Skip("the page is not built in short tests")
	}
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func needsBrowser(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat("node_modules/playwright-core"); err != nil {
		t.Skip("playwright-core is not installed: npm ci --prefix web")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed")
	}
	return needs(t)
}

// The size that the page's core may have, packed; within a twentieth it is noticed
// when it grows, and when this figure is no longer true.
const (
	coreSize   = 4_200_000
	coreLimit  = 4_500_000
	storeLimit = 700_000
)

func TestSizes(t *testing.T) {
	dir := needs(t)
	for name, limit := range map[string]int64{"chainspect.wasm.gz": coreLimit, "other-roots.der.gz": storeLimit} {
		info, err := os.Stat(filepath.Join(dir, "page", name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > limit {
			t.Errorf("%s has %d octets, limit %d", name, info.Size(), limit)
		}
		if name == "chainspect.wasm.gz" && (info.Size() < coreSize*95/100 || info.Size() > coreSize*105/100) {
			t.Errorf("%s has %d octets, and not about %d as docs/page.md says", name, info.Size(), coreSize)
		}
	}
}

// TestNoDialler: what the page is made of has neither the dialler nor the command.
func TestNoDialler(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "./core")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range strings.Fields(string(out)) {
		for _, unwanted := range []string{"/internal/dial", "/internal/policy", "/internal/serve", "/internal/fetch/web", "/cmd/", "spf13/cobra"} {
			if strings.HasSuffix(p, unwanted) || strings.Contains(p, "spf13/") {
				t.Errorf("the core of the page links %s", p)
			}
		}
	}
}

// TestStoriesInWebAssembly runs every story in Node, compiled as the page is: the
// same verdicts as natively.
func TestStoriesInWebAssembly(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed")
	}
	if testing.Short() {
		t.Skip("WebAssembly is slow")
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "test", "-count=1", "-exec", filepath.Join(strings.TrimSpace(string(root)), "lib/wasm/go_js_wasm_exec"), "-run",
		"^TestStories$", "../internal/stories")
	// Node's own arguments and environment have to fit into 8 kB of the instance's memory.
	cmd.Env = []string{"GOOS=js", "GOARCH=wasm", "PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "GOFLAGS=" + os.Getenv("GOFLAGS")}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// A visit is what one visitor drops, asks and should read.
type visit struct {
	Name     string            `json:"name"`
	Files    []string          `json:"files"` // dropped, in this order
	Uses     map[string]string `json:"uses"`  // what the page has to take them for
	Fields   map[string]string `json:"fields"`
	Password *string           `json:"password"`
	Paste    string            `json:"paste"`
	Reads    string            `json:"reads"` // a part of the text that explains
	identity bool
}

// A seen answer is what the page showed.
type seen struct {
	Name      string
	Uses      map[string]string
	Jobs      []struct{ Job json.RawMessage }
	Documents []struct{ Reports []json.RawMessage }
	Text      string
	Error     string
	Requests  []string // after the page was loaded
	Complains []string
}

// use has the page used for all visits.
func use(t *testing.T, dir, files string, visits []visit) []seen {
	t.Helper()
	asked, err := json.Marshal(visits)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "test/visits.mjs", filepath.Join(dir, "page"), files)
	cmd.Stdin = bytes.NewReader(asked)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var answers []seen
	if err := json.Unmarshal(out, &answers); err != nil || len(answers) != len(visits) {
		t.Fatalf("%d answers for %d visits: %v", len(answers), len(visits), err)
	}
	return answers
}

// TestVisits: stories and identities dropped on the page give the reports that the
// command gives for the same files, and nothing is asked of any server.
func TestVisits(t *testing.T) {
	dir := needsBrowser(t)
	files := t.TempDir()
	visits := append(stories(t, files), identities(t, files)...)
	visits = append(visits, kinds(t, files)...)
	for i, got := range use(t, dir, files, visits) {
		v := visits[i]
		t.Run(v.Name, func(t *testing.T) {
			if got.Error != "" || len(got.Requests) > 0 || len(got.Complains) > 0 {
				t.Errorf("error %q, requests %q, the browser complains %q", got.Error, got.Requests, got.Complains)
			}
			if v.Reads != "" && !strings.Contains(got.Text, v.Reads) {
				t.Errorf("it reads:\n%s", got.Text)
			}
			for file, use := range v.Uses {
				if got.Uses[file] != use {
					t.Errorf("%s is taken for %q, want %q", file, got.Uses[file], use)
				}
			}
			if len(got.Documents) != len(got.Jobs) {
				t.Fatalf("%d documents for %d jobs", len(got.Documents), len(got.Jobs))
			}
			for k, job := range got.Jobs {
				want := command(t, dir, files, job.Job, v)
				if len(want) == 0 || len(want) != len(got.Documents[k].Reports) {
					t.Fatalf("%d reports, the command gives %d", len(got.Documents[k].Reports), len(want))
				}
				for n := range want {
					if a, b := plain(t, got.Documents[k].Reports[n]), plain(t, want[n]); !reflect.DeepEqual(a, b) {
						t.Errorf("the page says\n%s\nthe command says\n%s", got.Documents[k].Reports[n], want[n])
					}
				}
			}
		})
	}
}

// plain is a report without what only the command line has.
func plain(t *testing.T, report json.RawMessage) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(report, &v); err != nil {
		t.Fatal(err)
	}
	if cause, ok := v["error"].(map[string]any); ok && cause["kind"] == "password" {
		delete(cause, "message") // it names --password-file there, and here the field of the page
	}
	return v
}

// command asks the command the page's question.
func command(t *testing.T, dir, files string, job json.RawMessage, v visit) []json.RawMessage {
	t.Helper()
	args := []string{"check", "--targets", "-", "--format", "json", "-v"}
	stdin := append(slices.Clone(job), '\n')
	if v.identity {
		var j struct {
			Identity, Key, At, Platform, Profile string
			Anchor                               []string
			ServerPolicy                         string `json:"server_policy"`
		}
		if err := json.Unmarshal(job, &j); err != nil {
			t.Fatal(err)
		}
		args, stdin = []string{"identity", j.Identity, "--format", "json", "-v"}, nil
		for flag, value := range map[string]string{"--key": j.Key, "--at": j.At, "--platform": j.Platform, "--profile": j.Profile,
			"--server-policy": j.ServerPolicy} {
			if value != "" {
				args = append(args, flag, value)
			}
		}
		for _, a := range j.Anchor {
			args = append(args, "--anchor", a)
		}
		if v.Password != nil {
			if err := os.WriteFile(filepath.Join(files, "password"), []byte(*v.Password), 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, "--password-file", "password")
		}
	}
	cmd := exec.Command(filepath.Join(dir, "chainspect"), args...)
	cmd.Dir, cmd.Stdin = files, bytes.NewReader(stdin)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, _ := cmd.Output() // its exit code is the verdict's
	var document struct{ Reports []json.RawMessage }
	if err := json.Unmarshal(out, &document); err != nil {
		t.Fatalf("%q: %v\n%s", args, err, &stderr)
	}
	return document.Reports
}

// stories are twenty set-ups of testdata/certs whose input is files.
func stories(t *testing.T, files string) []visit {
	t.Helper()
	names, err := filepath.Glob("../testdata/certs/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	var out []visit
	for i := 0; i < len(names) && len(out) < 20; i++ {
		name := names[(i*7)%len(names)] // of every book some
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := testpki.ParseStory(string(text))
		if err != nil {
			t.Fatal(err)
		}
		if s.Version != "" || s.Clear || len(s.Refused)+len(s.Others)+len(s.Builtin)+len(s.App)+len(s.CRLs)+len(s.SCTs) > 0 || s.Staple != nil ||
			s.Plist != "" ||
			s.Purpose != "" || s.For != "" || s.Required != "" || s.Warn != "" || len(s.Send) == 0 || s.Proof != "" {
			continue
		}
		if s.At.IsZero() {
			s.At = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
		}
		s.At = s.At.Truncate(24 * time.Hour)
		if slices.ContainsFunc(slices.Collect(maps.Values(s.Certs)), func(r testpki.Recipe) bool { return len(r.Damage) > 0 }) {
			continue // its bytes may be those of a date at another hour
		}
		made, err := testpki.Make(s.Certs, s.At)
		if err != nil {
			t.Fatal(err)
		}
		id := strings.TrimSuffix(filepath.Base(name), ".txt")
		v := visit{Name: id, Fields: map[string]string{"at": s.At.Format(time.DateOnly), "name": s.Name, "platform": s.Platform, "profile": s.Profile}}
		write := func(file string, list []string) {
			var text strings.Builder
			for _, n := range list {
				if made[n] == nil {
					t.Fatalf("%s: no certificate %q", id, n)
				}
				text.WriteString(made[n].PEM())
			}
			v.Files = append(v.Files, file)
			if err := os.WriteFile(filepath.Join(files, file), []byte(text.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write(id+".pem", s.Send)
		for k, n := range s.Installed {
			write(fmt.Sprintf("%s-root-%d.pem", id, k), []string{n})
		}
		for k, n := range s.With {
			write(fmt.Sprintf("%s-with-%d.pem", id, k), []string{n})
		}
		out = append(out, v)
	}
	if len(out) != 20 {
		t.Fatalf("%d stories fit", len(out))
	}
	return out
}

// identities are ten files of digital identities, right and wrong.
func identities(t *testing.T, files string) []visit {
	t.Helper()
	made := testpki.Must(t, testpki.Example(), testpki.ExampleClock())
	key, err := made["client"].KeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	wrong, secret, empty := "wrong", "secret", ""
	var out []visit
	add := func(name string, data []byte, password *string, more ...string) {
		if err := os.WriteFile(filepath.Join(files, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
		uses := map[string]string{name: "identity"}
		out = append(out, visit{Name: name, Files: append([]string{name}, more...), Uses: uses, Password: password, identity: true,
			Fields: map[string]string{"at": testpki.ExampleClock().Format(time.DateOnly)}})
	}
	p12 := func(e *pkcs12.Encoder, name, password string) []byte {
		var cas []*x509.Certificate
		if name == "client" {
			cas = append(cas, made["intermediate"].Cert)
		}
		data, err := e.Encode(made[name].Key, made[name].Cert, cas, password)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	add("modern.p12", p12(pkcs12.Modern2023, "client", secret), &secret)
	add("legacy.p12", p12(pkcs12.LegacyDES, "client", secret), &secret)
	add("rc2.pfx", p12(pkcs12.LegacyRC2, "client", secret), &secret)
	add("no-password.p12", p12(pkcs12.Modern2023, "client", empty), &empty)
	add("wrong.p12", p12(pkcs12.Modern2023, "client", secret), &wrong)
	add("expired.p12", p12(pkcs12.Modern2023, "client-old", secret), &secret)
	add("foreign.p12", p12(pkcs12.Modern2023, "foreign", secret), &secret)
	add("identity.pem", []byte(made["client"].PEM()+key), nil)
	block, _ := pem.Decode([]byte(key))
	store := keystore.New()
	if err := store.SetPrivateKeyEntry("client", keystore.PrivateKeyEntry{CreationTime: testpki.ExampleClock(), PrivateKey: block.Bytes,
		CertificateChain: []keystore.Certificate{{Type: "X.509", Content: made["client"].DER},
			{Type: "X.509", Content: made["intermediate"].DER}}}, []byte("changeit")); err != nil {
		t.Fatal(err)
	}
	var jks bytes.Buffer
	if err := store.Store(&jks, []byte("changeit")); err != nil {
		t.Fatal(err)
	}
	changeit := "changeit"
	add("store.jks", jks.Bytes(), &changeit)
	root := filepath.Join(files, "client-root.pem")
	if err := os.WriteFile(root, []byte(made["root"].PEM()), 0o600); err != nil {
		t.Fatal(err)
	}
	add("with-ca.p12", p12(pkcs12.Modern2023, "client", secret), &secret, "client-root.pem")
	return out
}

// kinds are a file of each other kind, and texts that are pasted.
func kinds(t *testing.T, files string) []visit {
	t.Helper()
	made := testpki.Must(t, testpki.Example(), testpki.ExampleClock())
	write := func(name string, data []byte) string {
		if err := os.WriteFile(filepath.Join(files, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	at := map[string]string{"at": testpki.ExampleClock().Format(time.DateOnly), "name": "www.example.com"}
	root := write("k-root.pem", []byte(made["root"].PEM()))
	der := write("k-leaf.der", made["leaf"].DER)
	intermediate := write("k-intermediate.cer", made["intermediate"].DER)
	plist := write("k-Info.plist",
		[]byte(`<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict><key>NSAppTransportSecurity</key><dict><key>NSAllowsArbitraryLoads</key><true/></dict></dict></plist>`))
	profile := write("k-root.mobileconfig",
		[]byte(`<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadContent</key><array><dict><key>PayloadType</key><string>com.apple.security.root</string><key>PayloadContent</key><data>`+
			base64.StdEncoding.EncodeToString(made["root"].DER)+`</data></dict></array></dict></plist>`))
	write("pasted.pem", []byte(made["leaf"].PEM()))
	chain := write("k-chain.pem", []byte(made["leaf"].PEM()+made["intermediate"].PEM()))
	return []visit{
		{Name: "DER, with its issuer and root", Files: []string{der, intermediate, root},
			Uses: map[string]string{der: "target", intermediate: "with", root: "anchor"}, Fields: at},
		{Name: "an Info.plist and a configuration profile", Files: []string{chain, plist, profile},
			Uses: map[string]string{chain: "target", plist: "info_plist", profile: "anchor"}, Fields: at},
		{Name: "other clients", Files: []string{chain, root}, Uses: map[string]string{chain: "target", root: "anchor"},
			Fields: map[string]string{"at": at["at"], "name": at["name"], "clients": "all"}},
		{Name: "a pasted message", Paste: "x509: certificate signed by unknown authority", Reads: "it says"},
		{Name: "a pasted certificate", Paste: made["leaf"].PEM(), Reads: "www.example.com", Uses: map[string]string{"pasted.pem": "target"}, Fields: at},
	}
}

// TestOneFile: the page in one file opens from a disk, and its policy lets it
// connect to nothing.
func TestOneFile(t *testing.T) {
	dir := needsBrowser(t)
	text, err := os.ReadFile(filepath.Join(dir, "page", "chainspect.html"))
	if err != nil {
		t.Fatal(err)
	}
	if policy, _, _ := strings.Cut(string(text), "<title>"); !strings.Contains(policy, "default-src 'none'") ||
		strings.Contains(policy, "connect-src") || strings.Contains(policy, "'unsafe-inline'") || strings.Contains(policy, "'unsafe-eval'") {
		t.Errorf("the policy:\n%s", policy)
	}
	out, err := exec.Command("node", "test/onefile.mjs", filepath.Join(dir, "page", "chainspect.html"),
		"../testdata/certs/example-leaf-only.pem").CombinedOutput()
	if err != nil || !strings.Contains(string(out), `"untrusted"`) {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestLargeAndHostile: a large file and a hostile one leave the page usable, and
// a judgement can be cancelled.
func TestLargeAndHostile(t *testing.T) {
	dir := needsBrowser(t)
	files := t.TempDir()
	if err := os.WriteFile(filepath.Join(files, "large.der"), bytes.Repeat([]byte{0x30, 0x02, 0x05, 0x00}, 30<<18), 0o600); err != nil {
		t.Fatal(err)
	}
	made := testpki.Must(t, testpki.Example(), testpki.ExampleClock())
	hostile, err := pkcs12.Modern2023.WithIterations(50_000_000).Encode(made["client"].Key, made["client"].Cert, nil, "secret")
	if err != nil {
		t.Skipf("the hostile file cannot be made: %v", err)
	}
	if err := os.WriteFile(filepath.Join(files, "hostile.p12"), hostile, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node", "test/hostile.mjs", filepath.Join(dir, "page"), files, "../testdata/certs/example-leaf-only.pem").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestLoadedCore: the packed core is what gzip unpacks; a page that loads half of
// it would say nothing useful.
func TestLoadedCore(t *testing.T) {
	dir := needs(t)
	f, err := os.Open(filepath.Join(dir, "page", "chainspect.wasm.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	magic := make([]byte, 4)
	if _, err := io.ReadFull(z, magic); err != nil || string(magic) != "\x00asm" {
		t.Errorf("%q, %v", magic, err)
	}
}
