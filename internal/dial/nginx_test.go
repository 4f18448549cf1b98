package dial

import (
	"crypto/elliptic"
	"crypto/tls"
	"testing"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A server with two certificates gives an iPhone the ECDSA one, and Go the
// other: the reason why the hello is our own.
func TestTwoCertificatesNginx(t *testing.T) {
	dir := t.TempDir()
	ca := newTestCA(t, "two")
	ec, rsa := ca.chain(t, "ec.test", ecKey(t, elliptic.P256(), "two"), nil), ca.chain(t, "rsa.test", rsaKey(t, 2048), nil)
	ecFile, ecKeyFile := files(t, dir, "ec", ec)
	rsaFile, rsaKeyFile := files(t, dir, "rsa", rsa)
	target := nginx(t, "ssl_certificate "+rsaFile+"; ssl_certificate_key "+rsaKeyFile+
		"; ssl_certificate "+ecFile+"; ssl_certificate_key "+ecKeyFile+";")
	for hello, want := range map[string]tls.Certificate{tlsname.HelloATS: ec, tlsname.HelloSmall: ec, tlsname.HelloOnly12: ec, tlsname.HelloECDSA: ec,
		tlsname.HelloRSACert: rsa, tlsname.HelloStaticRSA: rsa} {
		obs, blobs := asked(t, target, hello)
		if hello == tlsname.HelloStaticRSA {
			// nginx leaves static RSA on; the chain behind it is the RSA one.
			if obs.Outcome.Group != "" || !obs.Outcome.OK {
				t.Errorf("%s: %+v", hello, obs.Outcome)
			}
		}
		wantChain(t, obs, blobs, want.Certificate)
	}
	obs, blobs := say(target, goHello())
	wantChain(t, obs, blobs, rsa.Certificate)
	if observations, _ := probed(target, ask.Plan{}); len(observations) != 1 || !observations[0].Outcome.OK {
		t.Errorf("%d handshakes for a check: %+v", len(observations), observations)
	}
}

// GnuTLS without the extended master secret, and as a second reading of TLS 1.3.
func TestGnuTLS(t *testing.T) {
	dir := t.TempDir()
	ca := newTestCA(t, "gnutls")
	cert := ca.chain(t, "gnutls.test", ecKey(t, elliptic.P256(), "gnutls"), nil)
	certFile, keyFile := files(t, dir, "gnutls", cert)
	for _, tt := range []struct {
		priority, hello, version, group string
		ems                             bool
	}{
		{"NORMAL:-VERS-ALL:+VERS-TLS1.3", tlsname.HelloATS, "TLS 1.3", "X25519", false},
		{"NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-SECP521R1", tlsname.HelloATS, "TLS 1.3", "P-521", false},
		{"NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-FFDHE2048", tlsname.HelloWide13, "TLS 1.3", "ffdhe2048", false},
		{"NORMAL:-VERS-ALL:+VERS-TLS1.2", tlsname.HelloATS, "TLS 1.2", "P-256", true},
		{"NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH", tlsname.HelloATS, "TLS 1.2", "P-256", false},
	} {
		port := freePort(t)
		target := run(t, port, "gnutls-serv", "--port", port, "--http", "--x509certfile", certFile, "--x509keyfile", keyFile,
			"--priority", tt.priority, "--disable-client-cert")
		observations, blobs := probed(target, ask.Plan{})
		obs := last(observations)
		wantChain(t, obs, blobs, cert.Certificate)
		o := obs.Outcome
		if !o.OK || obs.Hello != tt.hello || o.Version != tt.version || o.KeyProof != "verified" {
			t.Errorf("%s: %s %+v", tt.priority, obs.Hello, o)
		}
		if tt.version == "TLS 1.3" && o.Group != tt.group || (o.EMS != nil && *o.EMS) != tt.ems {
			t.Errorf("%s: group %s, extended master secret %v", tt.priority, o.Group, o.EMS)
		}
	}
}
