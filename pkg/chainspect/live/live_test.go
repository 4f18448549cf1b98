package live_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/gob"
	"encoding/json"
	"encoding/pem"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chainspect"
	"github.com/chainspect/chainspect/pkg/chainspect/live"
)

func made() map[string]*testpki.Made {
	m, err := testpki.Make(testpki.Example(), testpki.ExampleClock())
	if err != nil {
		panic(err)
	}
	return m
}

// serve starts an HTTPS server on loopback; with clients it wants an identity.
func serve(clients bool) (address string, stop func()) {
	m := made()
	c := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{m["leaf"].DER, m["intermediate"].DER}, PrivateKey: m["leaf"].Key}}}
	if clients {
		c.ClientAuth = tls.RequireAnyClientCert
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "hello") }))
	s.TLS = c
	s.Config.ErrorLog = nil
	s.StartTLS()
	return strings.TrimPrefix(s.URL, "https://"), s.Close
}

// A server on this machine, judged as the name it will have.
func ExampleCheck() {
	address, stop := serve(false)
	defer stop()
	reports, err := live.Check(context.Background(), "www.example.com", live.Options{
		Connect: address,
		Anchors: []string{"../../../testdata/certs/example-root.pem"},
		Time:    time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := reports[0]
	fmt.Println(r.Target, r.Verdict, r.Connection.Version)
	// Output:
	// www.example.com:443 trusted TLS 1.3
}

func TestCheckTellsWhatCannotBe(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	for _, tt := range []struct {
		target string
		o      live.Options
		kind   string // "": an option that cannot be meant
		want   string
	}{
		{"", live.Options{}, "", "no target"},
		{"-", live.Options{}, "", "give a file"},
		{"www.example.com", live.Options{Profile: "aple"}, "", "did you mean apple?"},
		{"www.example.com", live.Options{Timeout: -1}, "", "negative"},
		{"www.example.com", live.Options{Name: "a.example", NoName: true}, "", "exclude"},
		{"www.example.com", live.Options{Identity: &live.Identity{}}, "", "OpenIdentity"},
		{closed, live.Options{}, "refused", "refused"},
		{"missing.pem", live.Options{}, "file", "missing.pem"},
	} {
		r, err := live.Check(context.Background(), tt.target, tt.o)
		var not *live.NotInspectedError
		if err == nil || len(r) > 0 || !strings.Contains(err.Error(), tt.want) || errors.As(err, &not) != (tt.kind != "") || tt.kind != "" &&
			not.Kind != tt.kind {
			t.Errorf("%q %+v: %v, %v", tt.target, tt.o, r, err)
		}
	}
}

// identityFile writes the example's client identity and gives its key.
func identityFile(t *testing.T) (path, key string) {
	t.Helper()
	m := made()["client"]
	key, err := m.KeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "client.pem")
	if err := os.WriteFile(path, []byte(m.PEM()+key), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, key
}

func TestIdentityIsShown(t *testing.T) {
	address, stop := serve(true)
	defer stop()
	file, _ := identityFile(t)
	id, err := live.OpenIdentity(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := live.Options{Connect: address, Anchors: []string{"../../../testdata/certs/example-root.pem"}, Time: testpki.ExampleClock()}
	for _, shown := range []*live.Identity{nil, id} {
		o.Identity = shown
		r, err := live.Check(context.Background(), "www.example.com", o)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range r[0].Levels {
			if l.Level == chainspect.LevelIdentity && (l.Verdict == chainspect.Pass) != (shown != nil) {
				t.Errorf("identity shown %v: level identity %s, %s", shown != nil, l.Verdict, l.Reason)
			}
		}
	}
	digest := sha256.Sum256([]byte("x"))
	signature, err := id.Signer().Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(id.Certificates()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := leaf.CheckSignature(x509.ECDSAWithSHA256, []byte("x"), signature); err != nil {
		t.Error(err)
	}
}

// Whatever a program does to print or encode an identity, the key stays inside.
func TestIdentityIsOpaque(t *testing.T) {
	file, key := identityFile(t)
	id, err := live.OpenIdentity(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(key))
	secrets := []string{fmt.Sprintf("%x", block.Bytes[36:68]), fmt.Sprintf("%d", block.Bytes[36:68]), string(block.Bytes[36:68])}
	type holder struct {
		ID     *live.Identity
		Value  live.Identity
		Signer crypto.Signer
	}
	for name, v := range map[string]any{"pointer": id, "value": *id, "signer": id.Signer(), "held": holder{id, *id, id.Signer()},
		"listed": []any{id, id.Signer()}} {
		var texts []string
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			texts = append(texts, fmt.Sprintf(verb, v))
		}
		var b bytes.Buffer
		for encoder, encode := range map[string]func() error{
			"json": func() error { return json.NewEncoder(&b).Encode(v) },
			"gob":  func() error { return gob.NewEncoder(&b).Encode(v) },
			"xml":  func() error { return xml.NewEncoder(&b).Encode(v) },
			"yaml": func() error { out, err := yaml.Marshal(v); b.Write(out); return err },
		} {
			if err := encode(); err == nil {
				t.Errorf("%s: %s encodes it: %q", name, encoder, b.String())
			}
		}
		for _, text := range append(texts, b.String()) {
			for _, s := range secrets {
				if strings.Contains(text, s) {
					t.Errorf("%s shows the key: %.60q", name, text)
				}
			}
		}
	}
}

func TestOpenIdentityRefuses(t *testing.T) {
	if _, err := live.OpenIdentity("../../../testdata/certs/example-client.pem", nil); err == nil || !strings.Contains(err.Error(), "no private key") {
		t.Errorf("certificates alone: %v", err)
	}
	if _, err := live.OpenIdentity("missing.p12", nil); err == nil {
		t.Error("a missing file is an identity")
	}
	var none *live.Identity
	if none.Signer() != nil || none.Certificates() != nil || (&live.Identity{}).Signer() != nil {
		t.Error("nothing lends a signer")
	}
}
