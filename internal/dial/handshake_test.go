package dial

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"crypto/tls"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

func named(t testing.TB, name string) tlsname.Hello {
	t.Helper()
	h, ok := tlsname.HelloNamed(name)
	if !ok {
		t.Fatalf("no hello %q", name)
	}
	return h
}

// ask says one hello of the table.
func asked(t testing.TB, target ask.Target, hello string) (chain.Observation, map[string][]byte) {
	t.Helper()
	return say(target, named(t, hello))
}

func say(target ask.Target, h tlsname.Hello) (chain.Observation, map[string][]byte) {
	d := dialer{Timeout: 5 * time.Second}
	return d.Handshake(context.Background(), target, h)
}

// wantChain compares what was sent with the chain configured.
func wantChain(t testing.TB, obs chain.Observation, blobs map[string][]byte, want [][]byte) {
	t.Helper()
	if len(obs.Sent) != len(want) {
		t.Fatalf("%d items sent, want %d: %+v", len(obs.Sent), len(want), obs.Outcome)
	}
	for i, key := range obs.Sent {
		if !bytes.Equal(blobs[key], want[i]) {
			t.Errorf("item %d is not the one configured", i)
		}
	}
}

// goHello says what crypto/tls says by default, in its order, so that a server
// has to give both the same answer.
func goHello() tlsname.Hello {
	h, _ := tlsname.HelloNamed(tlsname.HelloATS)
	h.Name = "crypto/tls"
	h.Suites = []tlsname.Suite{0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a, 0xc014,
		0x1301, 0x1302, 0x1303}
	h.Groups = []tlsname.Group{tlsname.X25519MLKEM768, tlsname.X25519, tlsname.P256, tlsname.P384, tlsname.P521}
	h.Signatures = []tlsname.Scheme{tlsname.PSSSHA256, tlsname.ECDSAP256SHA256, tlsname.Ed25519, tlsname.PSSSHA384, tlsname.PSSSHA512, tlsname.PKCS1SHA256,
		tlsname.PKCS1SHA384, tlsname.PKCS1SHA512, tlsname.ECDSAP384SHA384, tlsname.ECDSAP521SHA512}
	h.Grease = false
	return h
}

// A served is one configuration of a server in the differential test.
type served struct {
	name   string
	config *tls.Config
	suites []tlsname.Suite // offered by both clients; nil: the default
	min    tlsname.Version // lowest version offered by both; 0: TLS 1.2
}

func goServers(t testing.TB) []served {
	ca := newTestCA(t, "differential")
	p256 := ca.chain(t, "p256.test", ecKey(t, elliptic.P256(), "p256"), nil)
	p384 := ca.chain(t, "p384.test", ecKey(t, elliptic.P384(), "p384"), nil)
	p521 := ca.chain(t, "p521.test", ecKey(t, elliptic.P521(), "p521"), nil)
	rsa2048 := ca.chain(t, "rsa.test", rsaKey(t, 2048), nil)
	rsa1024 := ca.chain(t, "rsa1024.test", rsaKey(t, 1024), nil)
	ed := ca.chain(t, "ed.test", edKey("ed"), nil)
	stapled := p256
	stapled.OCSPStaple = []byte("not DER, and passed on all the same")
	stapled.SignedCertificateTimestamps = [][]byte{[]byte("first"), []byte("second")}
	one := func(c ...tls.Certificate) *tls.Config { return &tls.Config{Certificates: c} }
	with := func(c *tls.Config, f func(*tls.Config)) *tls.Config { f(c); return c }
	list := []served{
		{name: "P-256", config: one(p256)}, {name: "P-384", config: one(p384)}, {name: "P-521", config: one(p521)},
		{name: "RSA 2048", config: one(rsa2048)}, {name: "RSA 1024", config: one(rsa1024)},
		{name: "Ed25519", config: one(ed)}, {name: "RSA and ECDSA", config: one(rsa2048, p256)},
		{name: "staple and SCTs", config: one(stapled)},
		{name: "h2", config: with(one(p256), func(c *tls.Config) { c.NextProtos = []string{"h2"} })},
		{name: "requests a certificate", config: with(one(p256), func(c *tls.Config) { c.ClientAuth = tls.RequestClientCert })},
	}
	for _, g := range []tls.CurveID{tls.X25519MLKEM768, tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521,
		tls.SecP256r1MLKEM768, tls.SecP384r1MLKEM1024} {
		list = append(list, served{name: "group " + g.String(),
			config: with(one(p256), func(c *tls.Config) { c.CurvePreferences = []tls.CurveID{g} })})
	}
	for _, v := range []tlsname.Version{tls.VersionTLS12, tls.VersionTLS11, tls.VersionTLS10} {
		for _, c := range []tls.Certificate{p256, rsa2048} {
			list = append(list, served{name: fmt.Sprintf("%s %T", v.String(), c.PrivateKey), min: v,
				config: with(one(c), func(c *tls.Config) { c.MinVersion, c.MaxVersion = uint16(v), uint16(v) })})
		}
	}
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if !slices.Contains(s.SupportedVersions, tls.VersionTLS12) {
			continue
		}
		list = append(list, served{name: s.Name, suites: []tlsname.Suite{tlsname.Suite(s.ID)}, config: with(one(p256, rsa2048),
			func(c *tls.Config) { c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{s.ID} })})
	}
	return list
}

// Both clients have to see the same chain, version, suite, group and ALPN.
func TestDifferentialAgainstCryptoTLS(t *testing.T) {
	for _, s := range goServers(t) {
		t.Run(s.name, func(t *testing.T) {
			target := serveTLS(t, s.config)
			h := goHello()
			config := &tls.Config{InsecureSkipVerify: true, ServerName: "localhost", NextProtos: h.ALPN,
				CurvePreferences: []tls.CurveID{tls.X25519MLKEM768, tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521}}
			if slices.Contains(s.config.CurvePreferences, tls.SecP256r1MLKEM768) ||
				slices.Contains(s.config.CurvePreferences, tls.SecP384r1MLKEM1024) {
				h.Groups = []tlsname.Group{tlsname.X25519, tlsname.SecP256r1MLKEM768, tlsname.SecP384r1MLKEM1024}
				h.Shares = []tlsname.Group{tlsname.X25519}
				config.CurvePreferences = []tls.CurveID{tls.X25519, tls.SecP256r1MLKEM768, tls.SecP384r1MLKEM1024}
			}
			if s.suites != nil {
				h.Versions, h.Suites = []tlsname.Version{tlsname.TLS12}, s.suites
				config.MaxVersion, config.CipherSuites = tls.VersionTLS12, []uint16{uint16(s.suites[0])}
			}
			if s.min != 0 {
				config.MinVersion, config.MaxVersion = uint16(s.min), tls.VersionTLS12
				h.Versions = []tlsname.Version{tlsname.TLS12, tlsname.TLS11, tlsname.TLS10}
			}
			obs, blobs := say(target, h)
			conn, err := tls.Dial("tcp", target.Address(), config)
			if err != nil {
				t.Fatalf("crypto/tls: %v; ours: %+v", err, obs.Outcome)
			}
			defer conn.Close()
			state := conn.ConnectionState()
			var want [][]byte
			for _, c := range state.PeerCertificates {
				want = append(want, c.Raw)
			}
			wantChain(t, obs, blobs, want)
			o := obs.Outcome
			if !o.OK || o.Version != tls.VersionName(state.Version) || uint16(o.SuiteID) != state.CipherSuite ||
				o.ALPN != state.NegotiatedProtocol {
				t.Errorf("ours %+v; crypto/tls %s %s %q", o, tls.VersionName(state.Version), tls.CipherSuiteName(state.CipherSuite), state.NegotiatedProtocol)
			}
			if want := state.CurveID; (want == 0) != (o.Group == "") || want != 0 && o.Group != tlsname.Group(want).String() {
				t.Errorf("group %q, crypto/tls %v", o.Group, want)
			}
			// crypto/tls chooses by itself which share of a NIST hybrid it sends at once.
			if (o.HelloRetry != "") != state.HelloRetryRequest && s.config.CurvePreferences[0] != tls.SecP256r1MLKEM768 {
				t.Errorf("hello retry %q, crypto/tls %v", o.HelloRetry, state.HelloRetryRequest)
			}
			if o.Suite != tls.CipherSuiteName(state.CipherSuite) {
				t.Errorf("suite is called %s, crypto/tls says %s", o.Suite, tls.CipherSuiteName(state.CipherSuite))
			}
			if o.KeyProof != "verified" {
				t.Errorf("key proof %q", o.KeyProof)
			}
			if !bytes.Equal(obs.Staples[0], state.OCSPResponse) || !slices.EqualFunc(obs.SCTs, state.SignedCertificateTimestamps, bytes.Equal) {
				t.Errorf("staple %q, SCTs %q", obs.Staples[0], obs.SCTs)
			}
			if (o.EMS == nil) != (state.Version == tls.VersionTLS13) || o.EMS != nil && !*o.EMS {
				t.Errorf("extended master secret %v", o.EMS)
			}
		})
	}
}
