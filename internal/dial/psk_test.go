package dial

import (
	"crypto/elliptic"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// Servers that go by pre-shared keys in TLS 1.3 are told from those that have no
// certificate, and from those that have one.
func TestPreSharedKeys13(t *testing.T) {
	dir := t.TempDir()
	keys := filepath.Join(dir, "psk.txt")
	if err := os.WriteFile(keys, []byte("Client_identity:0123456789abcdef\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ca := newTestCA(t, "psk")
	chainFile, keyFile := files(t, dir, "ec", ca.chain(t, "psk.test", ecKey(t, elliptic.P256(), "psk"), nil))
	gnutls := func(priority string, more ...string) func(*testing.T) ask.Target {
		return func(t *testing.T) ask.Target {
			port := freePort(t)
			return run(t, port, "gnutls-serv", append([]string{"-p", port, "--quiet", "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3" + priority}, more...)...)
		}
	}
	for name, tt := range map[string]struct {
		server func(*testing.T) ask.Target
		shared bool
	}{
		"OpenSSL": {func(t *testing.T) ask.Target {
			return openssl(t, "", "", "-tls1_3", "-nocert", "-psk", "0123456789abcdef")
		}, true},
		"OpenSSL without certificate": {func(t *testing.T) ask.Target { return openssl(t, "", "", "-tls1_3", "-nocert") }, false},
		"OpenSSL with both": {func(t *testing.T) ask.Target {
			return openssl(t, chainFile, keyFile, "-tls1_3", "-psk", "0123456789abcdef")
		}, false},
		"GnuTLS":                     {gnutls(":+PSK:+DHE-PSK:+ECDHE-PSK", "--pskpasswd", keys), true},
		"GnuTLS without certificate": {gnutls(""), false},
	} {
		t.Run(name, func(t *testing.T) {
			observations, _ := probed(tt.server(t), ask.Plan{})
			o := observations[len(observations)-1]
			if o.Outcome.PreShared != tt.shared {
				t.Errorf("%+v", observations)
			}
			if asked := strings.HasSuffix(o.Hello, markPSK); asked != (name != "OpenSSL with both") {
				t.Errorf("the last hello is %s", o.Hello)
			}
		})
	}
	h, _ := tlsname.HelloNamed(tlsname.HelloWide13)
	o, err := newOffer(&h, "psk.test", false, make([]byte, offerRandom))
	if err != nil {
		t.Fatal(err)
	}
	hello, err := o.marshal()
	if err != nil {
		t.Fatal(err)
	}
	if with := withKey(hello); len(with) != len(hello)+4+2+2+len(pskIdentity)+4+2+1+binderSize {
		t.Errorf("%d octets, %d with a key", len(hello), len(with))
	}
}
