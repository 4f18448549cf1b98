package chainspect_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chainspect"
)

var clock = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

// Nil and zero are errors or answers, never a panic.
func TestZeroValues(t *testing.T) {
	leaf := pemFile("example-leaf-only.pem")
	for name, certs := range map[string][][]byte{"nil": nil, "empty": {}} {
		if r, err := chainspect.Judge(certs, chainspect.Question{}); err == nil || r != nil {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
	for name, certs := range map[string][][]byte{"a leaf": leaf, "no DER": {[]byte("hello")}, "a nil item": {nil}, "half": {leaf[0][:40]}} {
		r, err := chainspect.Judge(certs, chainspect.Question{})
		if err != nil || r.Verdict != chainspect.Untrusted {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
	if err := chainspect.VerifyConnection(chainspect.Question{})(tls.ConnectionState{}); err == nil {
		t.Error("an empty connection is taken")
	}
	if _, err := chainspect.Explain(""); err == nil {
		t.Error("nothing is explained")
	}
	if _, err := chainspect.ParsePEM(nil); err == nil {
		t.Error("nothing is PEM")
	}
}

// The zero question is the command's: profile apple, its store, now; the name is not judged.
func TestZeroQuestion(t *testing.T) {
	before := time.Now().UTC()
	r, err := chainspect.Judge(pemFile("example-good.pem"), chainspect.Question{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Profile != "apple" || r.Platform != "ios26" || r.Anchors.Store != "apple" || r.EvaluatedAt.Before(before) {
		t.Errorf("profile %s, platform %s, store %s, at %s", r.Profile, r.Platform, r.Anchors.Store, r.EvaluatedAt)
	}
	for _, l := range r.Levels {
		want := chainspect.NotApplicable
		if l.Level == chainspect.LevelX509 {
			want = chainspect.Fail
		}
		if l.Verdict != want || want == chainspect.NotApplicable && l.Reason == "" {
			t.Errorf("level %s: %s, %q", l.Level, l.Verdict, l.Reason)
		}
	}
}

func TestWhatCannotBeMeantIsAnError(t *testing.T) {
	good := pemFile("example-good.pem")
	for _, tt := range []struct {
		q    chainspect.Question
		want string
	}{
		{chainspect.Question{Profile: "Apple"}, "did you mean apple?"},
		{chainspect.Question{Profile: "nonsense"}, "apple, rfc, webpki"},
		{chainspect.Question{Platform: "ios-26"}, "did you mean ios26?"},
		{chainspect.Question{Purpose: "sever"}, "did you mean server?"},
		{chainspect.Question{For: "urlSession"}, "did you mean urlsession?"},
		{chainspect.Question{TrustStore: "system"}, "apple, mozilla or none"},
		{chainspect.Question{Name: "www example"}, "Name"},
		{chainspect.Question{Warn: -1}, "Warn"},
		{chainspect.Question{Anchors: [][]byte{good[1], []byte("no")}}, "Anchors[1]"},
		{chainspect.Question{With: [][]byte{nil}}, "With[0]"},
		{chainspect.Question{CRLs: [][]byte{nil}}, "CRLs[0]"},
		{chainspect.Question{InfoPlist: []byte("no")}, "InfoPlist"},
	} {
		_, err := chainspect.Judge(good, tt.q)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v, want %q", tt.q, err, tt.want)
		}
		if again := chainspect.VerifyConnection(tt.q)(tls.ConnectionState{}); again == nil || err != nil && again.Error() != err.Error() {
			t.Errorf("%+v: VerifyConnection says %v, Judge %v", tt.q, again, err)
		}
	}
	if _, err := chainspect.ParsePEM([]byte("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n")); err == nil ||
		!strings.Contains(err.Error(), "no certificate") {
		t.Errorf("a key: %v", err)
	}
}

func TestVerifyConnection(t *testing.T) {
	parse := func(file string) (list []*x509.Certificate) {
		for _, der := range pemFile(file) {
			c, err := x509.ParseCertificate(der)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, c)
		}
		return list
	}
	root := pemFile("example-root.pem")
	for name, tt := range map[string]struct {
		q    chainspect.Question
		s    tls.ConnectionState
		want string // "": taken
	}{
		"good":              {chainspect.Question{}, tls.ConnectionState{ServerName: "www.example.com", PeerCertificates: parse("example-good.pem")}, ""},
		"the name is given": {chainspect.Question{Name: "www.example.com"}, tls.ConnectionState{PeerCertificates: parse("example-good.pem")}, ""},
		"no name at all":    {chainspect.Question{}, tls.ConnectionState{PeerCertificates: parse("example-good.pem")}, "no name"},
		"another name": {chainspect.Question{}, tls.ConnectionState{ServerName: "mail.example.org", PeerCertificates: parse("example-good.pem")},
			"not trusted"},
		"expired": {chainspect.Question{},
			tls.ConnectionState{ServerName: "www.example.com", PeerCertificates: parse("example-expired.pem")}, "not trusted"},
		"a client":        {chainspect.Question{Purpose: "client"}, tls.ConnectionState{PeerCertificates: parse("example-client.pem")}, ""},
		"a server as one": {chainspect.Question{Purpose: "client"}, tls.ConnectionState{PeerCertificates: parse("example-good.pem")}, "not trusted"},
	} {
		tt.q.Anchors, tt.q.Time = root, clock
		err := chainspect.VerifyConnection(tt.q)(tt.s)
		var refused *chainspect.NotTrustedError
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) ||
			tt.want == "not trusted" && (!errors.As(err, &refused) || refused.Report.Verdict != chainspect.Untrusted) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

func TestExplain(t *testing.T) {
	for text, want := range map[string]string{"basic-expired": "basic-expired: ", "-9802": "9802", "ERR_CERT_DATE_INVALID": "a date is wrong"} {
		if found, err := chainspect.Explain(text); err != nil || !strings.Contains(found[0].Title, want) || found[0].Says == "" ||
			found[0].Next == "" || len(found[0].Sources) == 0 {
			t.Errorf("%s: %+v, %v", text, found, err)
		}
	}
}

// The door links no dialler, and nothing that reads files or asks servers.
func TestNoDialler(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := strings.Fields(string(out))
	for _, p := range deps {
		for _, ours := range []string{"internal/dial", "internal/load", "internal/inspect", "internal/fetch", "cmd"} {
			if strings.HasSuffix(p, "chainspect/"+ours) {
				t.Errorf("it links %s", p)
			}
		}
	}
	if len(deps) < 50 {
		t.Errorf("%d packages: the list is not what it should be", len(deps))
	}
}

// A program of another module gets the verdicts of the command.
func TestOtherModule(t *testing.T) {
	if testing.Short() {
		t.Skip("builds two programs")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program, err := os.ReadFile("testdata/othermodule/main.go")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"main.go": program, "go.mod": mod, "go.sum": sums} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run := func(in, name string, args ...string) []byte {
		c := exec.Command(name, args...)
		c.Dir, c.Env = in, append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod -trimpath")
		var said bytes.Buffer
		c.Stderr = &said
		out, err := c.Output()
		var exit *exec.ExitError
		if err != nil && (name == "go" || !errors.As(err, &exit) || exit.ExitCode() > 1) {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, said.String())
		}
		return out
	}
	// What another module's go.mod would name after `go mod tidy`, without asking a proxy.
	edit := []string{"mod", "edit", "-module=example.com/other", "-require=github.com/chainspect/chainspect@v0.0.0",
		"-replace=github.com/chainspect/chainspect=" + root}
	var ours struct{ Tool []struct{ Path string } }
	if err := json.Unmarshal(run(dir, "go", "mod", "edit", "-json"), &ours); err != nil {
		t.Fatal(err)
	}
	for _, tool := range ours.Tool {
		edit = append(edit, "-droptool="+tool.Path)
	}
	run(dir, "go", edit...)
	run(dir, "go", "build", "-o", "other", ".")
	run(root, "go", "build", "-o", filepath.Join(dir, "chainspect"), "./cmd/chainspect")
	certs := filepath.Join(root, "testdata", "certs")
	files, _ := filepath.Glob(filepath.Join(certs, "example-*.pem"))
	type report struct {
		Verdict  string
		Levels   []chainspect.LevelReport
		Findings []struct{ Rule, Severity, Status, Message string }
	}
	judged := 0
	for _, file := range files {
		ca := filepath.Join(certs, "example-root.pem")
		var ours report
		if err := json.Unmarshal(run(dir, "./other", file, ca), &ours); err != nil {
			t.Fatal(err)
		}
		var doc struct{ Reports []report }
		if err := json.Unmarshal(run(dir, "./chainspect", "check", file, "--name", "www.example.com", "--anchor", ca, "--at", "2026-12-01",
			"--format", "json"), &doc); err != nil {
			t.Fatal(err)
		}
		if len(doc.Reports) != 1 {
			continue // a file of roots alone
		}
		judged++
		a, _ := json.Marshal(ours)
		b, _ := json.Marshal(doc.Reports[0])
		if string(a) != string(b) {
			t.Errorf("%s: the library says\n%s\nand the command\n%s", filepath.Base(file), a, b)
		}
	}
	if judged < 6 {
		t.Errorf("%d of %d files were judged", judged, len(files))
	}
}
