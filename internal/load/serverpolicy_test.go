package load

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
)

func TestServerPolicy(t *testing.T) {
	dir := t.TempDir()
	m := testpki.Must(t, map[string]testpki.Recipe{"root": {Subject: "CN=Client Root", CA: true}}, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	for name, data := range map[string][]byte{"root.pem": []byte(m["root"].PEM()),
		"key.pem": []byte("-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	policy := filepath.Join(dir, "p.yaml")
	d, err := (*Files)(nil).ServerPolicy(context.Background(), policy, []byte("client_ca: root.pem\nacceptable_ca: [root.pem]\nrequired_san: ip:2001:0DB8::1\n"+
		"required_subject: \"CN=client ok, O=Eyes\"\nallow_spki: "+strings.Repeat("AB:", 31)+"AB\ndepth: 0\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.ClientCAs) != 1 || len(d.AcceptableCAs) != 1 || len(d.AllowedKeys) != 1 || d.MaxDepth != 0 || d.RequiredSAN[0] != "ip:2001:db8::1" ||
		d.Source != policy {
		t.Errorf("%+v", d)
	}
	if d, err := (*Files)(nil).ServerPolicy(context.Background(), policy, []byte(`{"client_ca": ["root.pem"]}`)); err != nil || d.MaxDepth != -1 {
		t.Errorf("JSON, no depth: %+v %v", d, err)
	}
	for _, c := range []struct{ text, kind, want string }{
		{"", "policy", "the file is empty"},
		{"# nothing\n", "policy", "no server policy: this is text"},
		{"[a]", "policy", "no server policy: this is text"},
		{"a: [", "policy", "no server policy: this is text"},
		{"client_ca: [", "policy", "it is not YAML"},
		{"password: hunter2", "policy", "this is text; its keys are client_ca"},
		{"depth: 1\nfoo: bar\n", "policy", `p.yaml, line 2: no server policy: there is no key "foo"; its keys are client_ca`},
		{"depth: 1\ndepth: 2\n", "policy", "twice"},
		{"depth: 1\n---\ndepth: 2\n", "policy", "line 3: a second document"},
		{"depth: two", "policy", "line 1: depth must be a whole number"},
		{"depth: -1", "policy", "depth must be"},
		{"depth: [1]", "policy", "depth must be"},
		{"client_ca: {a: b}", "policy", "client_ca must be a string or a list of strings"},
		{"client_ca:\n  - null", "policy", "line 2: client_ca must be"},
		{"allow_cert: abc", "policy", `"abc" is no SHA-256`},
		{"required_san: [example.com]", "policy", "has no kind"},
		{"required_san: ip:x", "policy", `"x" is no IP address`},
		{"required_subject: client ok", "policy", "required_subject: \"client ok\" has no type"},
		{"required_subject: [a]", "policy", "required_subject must be one name"},
		{"client_ca: gone.pem", "file", "client_ca: "},
		{"client_ca: key.pem", "format", "this is a public key"},
	} {
		_, err := (*Files)(nil).ServerPolicy(context.Background(), policy, []byte(c.text))
		var e *Error
		if !errors.As(err, &e) || string(e.Kind) != c.kind || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
}
