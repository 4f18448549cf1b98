package dial

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

func TestMutualTLSOpenSSL(t *testing.T) {
	lab := newMTLSLab(t)
	// s_server -www answers HTTP 200 to a GET.
	target := openssl(t, lab.cert, lab.key, "-Verify", "3", "-verify_return_error", "-CAfile", lab.caFile, "-www")
	lab.check(t, target, "required", alerts("alert 116/alert 40", "alert 43"))
}

func TestMutualTLSGo(t *testing.T) {
	lab := newMTLSLab(t)
	lab.check(t, lab.goServer(t, nil), "required", alerts("alert 116/alert 40", "alert 42"))
}

func TestMutualTLSNginx(t *testing.T) {
	lab := newMTLSLab(t)
	for _, tt := range []struct {
		verify string
		mode   chain.ClientAuthMode
		want   serverColumn
	}{
		{"on", "required", all("refused http 400", "accepted http 200", "refused http 400")},
		{"optional", "requested", all("accepted http 200", "accepted http 200", "refused http 400")},
		{"optional_no_ca", "requested", serverColumn{"none": "accepted http 200", "right": "accepted http 200",
			"right RSA": "accepted http 200", "no intermediate": "accepted http 200", "foreign": "accepted http 200",
			"self-signed": "accepted http 200", "expired": "refused http 400", "no clientAuth": "refused http 400"}},
	} {
		t.Run(tt.verify, func(t *testing.T) {
			target := nginx(t, "ssl_certificate "+lab.cert+"; ssl_certificate_key "+lab.key+
				"; ssl_client_certificate "+lab.caFile+"; ssl_verify_depth 2; ssl_verify_client "+tt.verify+";")
			lab.check(t, target, tt.mode, tt.want)
		})
	}
}

func TestNginxSentences(t *testing.T) {
	lab := newMTLSLab(t)
	target := nginx(t, "ssl_certificate "+lab.cert+"; ssl_certificate_key "+lab.key+
		"; ssl_client_certificate "+lab.caFile+"; ssl_verify_client on;")
	obs := lab.without(t, target, tlsname.HelloATS)
	if p := obs.Presented; p.Sentence != nginxNone || p.Over != "http" || obs.HTTP == nil || obs.HTTP.Status != 400 {
		t.Errorf("without: %+v", p)
	}
	observations, _ := probed(target, ask.Plan{Identity: lab.identities["foreign"]})
	if p := last(observations).Presented; p.Sentence != nginxWrong {
		t.Errorf("foreign: %+v", p)
	}
}

// ssl_verify_depth 1 still takes leaf, one intermediate and root.
func TestNginxDepth(t *testing.T) {
	lab := newMTLSLab(t)
	target := nginx(t, "ssl_certificate "+lab.cert+"; ssl_certificate_key "+lab.key+
		"; ssl_client_certificate "+lab.caFile+"; ssl_verify_depth 1; ssl_verify_client on;")
	lab.check(t, target, "required", all("refused http 400", "accepted http 200", "refused http 400"))
}

func TestMutualTLSHAProxy(t *testing.T) {
	lab := newMTLSLab(t)
	pemFile := lab.pem(t)
	optional := alerts("accepted http 200", "alert 43")
	for verify, want := range map[string]serverColumn{"required": alerts("alert 116/alert 40", "alert 43"), "optional": optional} {
		t.Run(verify, func(t *testing.T) {
			target := haproxy(t, "crt "+pemFile+" ca-file "+lab.caFile+" verify "+verify)
			mode := chain.ClientAuthRequired
			if verify == "optional" {
				mode = chain.ClientAuthRequested
			}
			lab.check(t, target, mode, want)
		})
	}
}

func TestMutualTLSApache(t *testing.T) {
	lab := newMTLSLab(t)
	target := apache(t, "SSLCertificateFile "+lab.cert+"\nSSLCertificateKeyFile "+lab.key+
		"\nSSLCACertificateFile "+lab.caFile+"\nSSLVerifyDepth 3\nSSLVerifyClient require\n")
	lab.check(t, target, "required", alerts("alert 116/alert 40", "alert 43"))
}

// Apache asks for some paths only: after the handshake, which TLS 1.3 clients
// have to have offered, or by renegotiation.
func TestApachePerLocation(t *testing.T) {
	lab := newMTLSLab(t)
	target := apache(t, "SSLCertificateFile "+lab.cert+"\nSSLCertificateKeyFile "+lab.key+
		"\nSSLCACertificateFile "+lab.caFile+"\n<Location /private>\nSSLVerifyDepth 3\nSSLVerifyClient require\n</Location>\n")
	target.Path = "/private/"
	for name, want12 := range map[string]string{"right": "accepted http 200", "foreign": "alert 48", "expired": "alert 45"} {
		observations, _ := probed(target, ask.Plan{Identity: lab.identities[name], Path: true})
		if len(observations) != 3 {
			t.Fatalf("%d observations", len(observations))
		}
		p := observations[1].Presented
		if fateOf(p) != "unknown http 403" || p.Sentence != chain.SentencePostHandshake || len(p.Sent) != 0 || p.LocalNote == "" {
			t.Errorf("%s, TLS 1.3: %+v", name, p)
		}
		p = observations[2].Presented
		if fateOf(p) != want12 {
			t.Errorf("%s, TLS 1.2: %+v", name, p)
		}
	}
}

// Without an identity the path is asked for as well, where the plan says so.
func TestApachePathWithoutIdentity(t *testing.T) {
	lab := newMTLSLab(t)
	for protocol, want := range map[string]string{"TLSv1.3": "unknown http 403", "TLSv1.2": "alert 40"} {
		target := apache(t, "SSLCertificateFile "+lab.cert+"\nSSLCertificateKeyFile "+lab.key+"\nSSLProtocol "+protocol+
			"\nSSLCACertificateFile "+lab.caFile+"\n<Location /private>\nSSLVerifyDepth 3\nSSLVerifyClient require\n</Location>\n")
		target.Path = "/private/"
		observations, _ := probed(target, ask.Plan{Path: true})
		if o := last(observations); len(observations) != 2 || fateOf(o.Presented) != want || len(o.Presented.Withheld) != 0 {
			t.Errorf("%s: %d observations, %+v", protocol, len(observations), o.Presented)
		}
		target.Path = "/"
		observations, _ = probed(target, ask.Plan{Path: true})
		if o := last(observations); len(observations) != 2 || o.Presented.Fate != chain.FateUnasked || o.HTTP == nil {
			t.Errorf("%s, a path for everybody: %d observations, %+v", protocol, len(observations), o.Presented)
		}
		if observations, _ = probed(target, ask.Plan{}); len(observations) != 1 {
			t.Errorf("%s, no path: %d observations", protocol, len(observations))
		}
	}
}

func TestIdentityVariants(t *testing.T) {
	lab := newMTLSLab(t)
	right := lab.identities["right"]
	withRoot := &ask.Identity{Chain: append(slices.Clone(right.Chain), lab.ca.root.Raw), Signer: right.Signer}
	var lengths []int
	for _, v := range withRoot.Variants() {
		lengths = append(lengths, len(v.Chain))
	}
	if !slices.Equal(lengths, []int{1, 2, 3}) {
		t.Errorf("variants of %d items: %v", len(withRoot.Chain), lengths)
	}
	if n := len(lab.identities["self-signed"].Variants()); n != 1 {
		t.Errorf("a self-signed identity has %d variants", n)
	}
	if n := len(ask.Identity{}.Variants()); n != 0 {
		t.Errorf("nothing has %d variants", n)
	}
	target := openssl(t, lab.cert, lab.key, "-Verify", "3", "-verify_return_error", "-CAfile", lab.caFile, "-www", "-tls1_3")
	observations, _ := probed(target, ask.Plan{Identity: withRoot, Variants: true})
	var fates []string
	for _, obs := range observations[1:] {
		if obs.Hello == tlsname.HelloGo13 {
			fates = append(fates, fateOf(obs.Presented))
		} else if obs.Presented != nil {
			t.Errorf("%s: presented %+v to a server without TLS 1.2", obs.Hello, obs.Presented)
		}
	}
	if !slices.Equal(fates, []string{"alert 48", "accepted http 200", "accepted http 200"}) {
		t.Errorf("fates %q", fates)
	}
}

// A refusal of our own side is not the server's verdict.
func TestLocalRefusal(t *testing.T) {
	lab := newMTLSLab(t)
	ed := identityOf(lab.ca.chain(t, "ed", edKey("client"), nil))
	target := openssl(t, lab.cert, lab.key, "-Verify", "3", "-verify_return_error", "-CAfile", lab.caFile, "-www",
		"-client_sigalgs", "ECDSA+SHA256")
	observations, _ := probed(target, ask.Plan{Identity: ed})
	for _, obs := range observations[1:] {
		p := obs.Presented
		if p == nil || p.Fate != "unknown" || len(p.Sent) != 0 || !strings.Contains(p.LocalNote, "signature algorithms") {
			t.Errorf("%s: %+v", obs.Hello, p)
		}
	}
}

// No secret of a connection and no key comes out with the observations.
func TestNoSecretsInObservations(t *testing.T) {
	lab := newMTLSLab(t)
	target := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{lab.server}, ClientAuth: tls.RequireAnyClientCert})
	observations, blobs := probed(target, ask.Plan{Identity: lab.identities["right"]})
	text := fmt.Sprintf("%+v %x", observations, blobs)
	key, err := x509.MarshalPKCS8PrivateKey(lab.identities["right"].Signer)
	if err != nil {
		t.Fatal(err)
	}
	const raw = 32 // of the 138 bytes, the scalar stands at 36
	if strings.Contains(text, "TRAFFIC_SECRET") || strings.Contains(text, fmt.Sprintf("%x", key[36:36+raw])) {
		t.Error("a secret stands in the observations")
	}
}
