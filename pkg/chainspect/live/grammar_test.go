package live_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/internal/tlsscript"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chainspect/live"
)

// scriptedServers serves every scripted handshake for a name; root is a file.
func scriptedServers(t *testing.T, name string) (at map[string]string, root string) {
	t.Helper()
	leaf := func(key string) testpki.Recipe {
		return testpki.Recipe{Issuer: "intermediate", Key: key, DNS: []string{name}, KeyUsage: []string{"digitalSignature", "keyEncipherment"}}
	}
	m := testpki.Must(t, map[string]testpki.Recipe{"root": {CA: true}, "intermediate": {CA: true, Issuer: "root"},
		"p256": leaf("p256"), "p384": leaf("p384"), "rsa": leaf("rsa2048-1")}, time.Now())
	id := func(name string) tlsscript.Identity {
		return tlsscript.Identity{Chain: [][]byte{m[name].DER, m["intermediate"].DER}, Key: m[name].Key}
	}
	root = filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(root, []byte(m["root"].PEM()), 0o600); err != nil {
		t.Fatal(err)
	}
	at = map[string]string{}
	for _, c := range tlsscript.Cases() {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		go tlsscript.Serve(l, c, tlsscript.Identities{P256: id("p256"), P384: id("p384"), RSA: id("rsa")})
		at[c.Name] = l.Addr().String()
	}
	return at, root
}

// A server that breaks the grammar of TLS, or ends before it has proved its key,
// is not trusted, and that is no matter of "could not tell": in no profile, and
// on no host, local ones included. One that is right is trusted.
func TestBrokenHandshakesAreNotTrusted(t *testing.T) {
	for _, asked := range []struct{ name, profile string }{{"www.example.com", "apple"}, {"www.example.com", "rfc"}, {"printer.local", "apple"}} {
		at, root := scriptedServers(t, asked.name)
		for _, c := range tlsscript.Cases() {
			if c.Reason == "" && asked.profile == "apple" {
				continue // App Transport Security has more to say
			}
			t.Run(asked.profile+" "+asked.name+" "+c.Name, func(t *testing.T) {
				t.Parallel()
				reports, err := live.Check(context.Background(), asked.name,
					live.Options{Connect: at[c.Name], Profile: asked.profile, Anchors: []string{root}, TrustStore: "none"})
				var none *live.NotInspectedError
				switch {
				case errors.As(err, &none):
					if c.Reason == "" || none.Kind == "timeout" {
						t.Errorf("not inspected: %v", err)
					}
				case err != nil || len(reports) != 1:
					t.Fatalf("%v, %d reports", err, len(reports))
				default:
					checkScripted(t, c, reports[0])
				}
			})
		}
	}
}

func checkScripted(t *testing.T, c tlsscript.Case, r *chain.Report) {
	t.Helper()
	want := chain.Trusted
	if c.Reason != "" || c.Name == "1.3 a certificate message longer than clients read" {
		want = chain.Untrusted
	}
	if r.Verdict == want {
		return
	}
	t.Errorf("%s, want %s", r.Verdict, want)
	for _, f := range r.Findings {
		t.Logf("%s %s %s: %s", f.Rule, f.Severity, f.Status, f.Message)
	}
}
