package dial

import (
	"crypto/elliptic"
	"crypto/tls"
	"testing"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// Everything that can give another answer is asked: by key, by protocol, without a
// name, and again.
func TestEveryWayOfAsking(t *testing.T) {
	ca := newTestCA(t, "thorough")
	chains := map[string]tls.Certificate{}
	for _, name := range []string{"ec", "rsa", "h2", "default"} {
		if name == "rsa" {
			chains[name] = ca.chain(t, "rsa.test", rsaKey(t, 2048), nil)
			continue
		}
		chains[name] = ca.chain(t, name+".test", ecKey(t, elliptic.P256(), name), nil)
	}
	server := serveTLS(t, &tls.Config{NextProtos: []string{"h2", "http/1.1"}, GetCertificate: func(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
		c := chains["ec"]
		switch {
		case h.ServerName == "":
			c = chains["default"]
		case len(h.SupportedProtos) == 1 && h.SupportedProtos[0] == "h2":
			c = chains["h2"]
		case h.SupportsCertificate(&c) != nil:
			c = chains["rsa"]
		}
		return &c, nil
	}})
	plan := ask.Plan{Nameless: true, Also: []string{tlsname.HelloECDSA, tlsname.HelloRSACert, tlsname.HelloH2, tlsname.HelloHTTP11, tlsname.HelloATS}}
	observations, blobs := probed(server, plan)
	got := map[string]string{}
	for _, o := range observations {
		for name, c := range chains {
			if len(o.Sent) > 0 && string(blobs[o.Sent[0]]) == string(c.Certificate[0]) {
				got[o.Hello+" "+o.ServerName] = name
			}
		}
	}
	for asked, want := range map[string]string{"apple-ats localhost": "ec", "apple-ats-ecdsa localhost": "ec", "apple-ats-rsa-cert localhost": "rsa",
		"apple-ats-h2 localhost": "h2", "apple-ats-http11 localhost": "ec", "apple-ats ": "default"} {
		if got[asked] != want {
			t.Errorf("%s: %q, want %q (%v)", asked, got[asked], want, got)
		}
	}
	if len(observations) != 7 {
		t.Errorf("%d handshakes", len(observations))
	}
}
