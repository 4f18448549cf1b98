package dial

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// largeIntolerant serves small hellos and treats large ones its own way.
func largeIntolerant(t *testing.T, cert tls.Certificate, large func(net.Conn)) ask.Target {
	config := &tls.Config{Certificates: []tls.Certificate{cert}}
	return serve(t, func(c net.Conn) {
		hello := readRecord(c)
		if len(hello) > 1000 {
			large(c)
			return
		}
		first := append([]byte{22, 3, 1, byte(len(hello) >> 8), byte(len(hello))}, hello...)
		s := tls.Server(&prefixed{Conn: c, first: bytes.NewReader(first)}, config)
		s.Handshake()
		s.Read(make([]byte, 1))
	})
}

type prefixed struct {
	net.Conn
	first *bytes.Reader
}

func (p *prefixed) Read(b []byte) (int, error) {
	if p.first.Len() > 0 {
		return p.first.Read(b)
	}
	return p.Conn.Read(b)
}

func TestLargeHelloIntolerance(t *testing.T) {
	ca := newTestCA(t, "large")
	cert := ca.chain(t, "large.test", ecKey(t, elliptic.P256(), "large"), nil)
	for _, tt := range []struct {
		name  string
		kind  chain.ErrorKind
		large func(net.Conn)
	}{
		{"silence", "timeout", func(c net.Conn) { io.Copy(io.Discard, c) }},
		{"hang up", "closed", func(net.Conn) {}},
		{"decode_error", "tls", func(c net.Conn) { c.Write([]byte{21, 3, 3, 0, 2, 2, 50}) }},
		{"handshake_failure", "tls", func(c net.Conn) { c.Write([]byte{21, 3, 3, 0, 2, 2, 40}) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			target := largeIntolerant(t, cert, tt.large)
			d := dialer{Timeout: 2 * time.Second}
			observations, blobs := d.Probe(context.Background(), target, ask.Plan{})
			if len(observations) != 3 {
				t.Fatalf("%d handshakes", len(observations))
			}
			for _, o := range []chain.Observation{observations[0], observations[2]} { // said again: it fails each time
				if o.Hello != tlsname.HelloATS || o.Outcome.ErrorKind != tt.kind {
					t.Errorf("%s: %+v", o.Hello, o.Outcome)
				}
			}
			if o := observations[1]; o.Hello != tlsname.HelloSmall || !o.Outcome.OK {
				t.Errorf("%s: %+v", o.Hello, o.Outcome)
			}
			wantChain(t, observations[1], blobs, cert.Certificate)
		})
	}
}

// A server that refuses the first connection whatever is said on it: the large
// hello, said again, gets through.
func TestOneRefusal(t *testing.T) {
	ca := newTestCA(t, "one refusal")
	cert := ca.chain(t, "refusal.test", ecKey(t, elliptic.P256(), "refusal"), nil)
	var connections atomic.Int32
	target := serve(t, func(c net.Conn) {
		if connections.Add(1) == 1 {
			readRecord(c)
			c.Write([]byte{21, 3, 3, 0, 2, 2, 80})
			return
		}
		s := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{cert}})
		s.Handshake()
		s.Read(make([]byte, 1))
	})
	observations, _ := probed(target, ask.Plan{Also: []string{tlsname.HelloECDSA}})
	want := []string{tlsname.HelloATS, tlsname.HelloSmall, tlsname.HelloATS, tlsname.HelloECDSA}
	if len(observations) != len(want) {
		t.Fatalf("%d handshakes", len(observations))
	}
	for i, o := range observations {
		if o.Hello != want[i] || o.Outcome.OK != (i > 0) {
			t.Errorf("%s: %+v", o.Hello, o.Outcome)
		}
	}
}

// What a server that does not finish its answer did, and a run that was cut short.
func TestUnfinishedAnswers(t *testing.T) {
	for _, tt := range []struct {
		name, answer, want string
		interrupted        bool
	}{
		{"nothing", "", "connected, but the server sent nothing after the ClientHello within the time", false},
		{"a header", "\x16\x03\x03\x40\x00",
			"connected, and the server began to answer (5 bytes of a TLS handshake message), but did not finish within the time", false},
		{"part of a message", "\x16\x03\x03\x00\x02\x02\x00",
			"connected, and the server began to answer (7 bytes of a TLS handshake message), but did not finish within the time", false},
		{"part of an alert", "\x15\x03\x03\x00\x02\x02",
			"connected, and the server began to answer (6 bytes of a TLS alert), but did not finish within the time", false},
		{"interrupted", "", "interrupted before the handshake had come to an end", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx, interrupt := context.WithCancel(context.Background())
			defer interrupt()
			target := serve(t, func(c net.Conn) {
				readRecord(c)
				io.WriteString(c, tt.answer)
				if tt.interrupted {
					interrupt()
				}
				io.Copy(io.Discard, c)
			})
			d := dialer{Timeout: time.Second}
			observations, _ := d.Probe(ctx, target, ask.Plan{})
			if o := observations[0].Outcome; o.ErrorKind != "timeout" || o.Error != tt.want {
				t.Errorf("%+v", o)
			}
		})
	}
}

// A server that needs more than half of the time is still heard.
func TestSlowServer(t *testing.T) {
	ca := newTestCA(t, "slow")
	cert := ca.chain(t, "slow.test", ecKey(t, elliptic.P256(), "slow"), nil)
	// The first connection is answered once the second one is there.
	var connections atomic.Int32
	second := make(chan struct{})
	target := serve(t, func(c net.Conn) {
		if connections.Add(1) > 1 {
			close(second)
			io.Copy(io.Discard, c)
			return
		}
		<-second
		s := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{cert}})
		s.Handshake()
		s.Read(make([]byte, 1))
	})
	d := dialer{Timeout: 2 * time.Second}
	observations, blobs := d.Probe(context.Background(), target, ask.Plan{})
	obs := last(observations)
	if !obs.Outcome.OK || obs.Hello != tlsname.HelloATS {
		t.Fatalf("%s: %+v", obs.Hello, obs.Outcome)
	}
	wantChain(t, obs, blobs, cert.Certificate)
}

func TestALPNAndNameAreLetGo(t *testing.T) {
	ca := newTestCA(t, "adapt")
	cert := ca.chain(t, "adapt.test", ecKey(t, elliptic.P256(), "adapt"), nil)
	alpn := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"other"}})
	observations, blobs := probed(alpn, ask.Plan{})
	if len(observations) != 2 || *observations[0].Outcome.Alert != 120 || observations[1].Hello != tlsname.HelloATS+"-no-alpn" {
		t.Fatalf("%+v", observations)
	}
	wantChain(t, observations[1], blobs, cert.Certificate)

	unknownName := errors.New("unknown")
	name := serve(t, func(c net.Conn) {
		hello := readRecord(c)
		if bytes.Contains(hello, []byte("localhost")) {
			c.Write([]byte{21, 3, 3, 0, 2, 2, 112})
			return
		}
		first := append([]byte{22, 3, 1, byte(len(hello) >> 8), byte(len(hello))}, hello...)
		s := tls.Server(&prefixed{Conn: c, first: bytes.NewReader(first)}, &tls.Config{Certificates: []tls.Certificate{cert},
			GetConfigForClient: func(info *tls.ClientHelloInfo) (*tls.Config, error) {
				if info.ServerName != "" {
					return nil, unknownName
				}
				return nil, nil
			}})
		s.Handshake()
		s.Read(make([]byte, 1))
	})
	observations, blobs = probed(name, ask.Plan{})
	if len(observations) != 2 || observations[0].ServerName != "localhost" || observations[1].ServerName != "" {
		t.Fatalf("%+v", observations)
	}
	wantChain(t, observations[1], blobs, cert.Certificate)
}

// A server that does not hold the key of its certificate: the chain is shown,
// the handshake is not ok, and nothing wider is said.
func TestWrongKey(t *testing.T) {
	ca := newTestCA(t, "wrong key")
	for _, tt := range []struct {
		name   string
		right  tls.Certificate
		signer any
	}{
		{"ECDSA", ca.chain(t, "ec.test", ecKey(t, elliptic.P256(), "right"), nil), ecKey(t, elliptic.P256(), "other")},
		{"RSA", ca.chain(t, "rsa.test", rsaKey(t, 2048), nil), rsaKey(t, 2056)},
	} {
		for _, version := range []uint16{tls.VersionTLS13, tls.VersionTLS12} {
			cert := tls.Certificate{Certificate: tt.right.Certificate, PrivateKey: tt.signer}
			target := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: version, MaxVersion: version})
			observations, blobs := probed(target, ask.Plan{})
			if len(observations) != 1 {
				t.Errorf("%s %s: %d handshakes", tt.name, tls.VersionName(version), len(observations))
			}
			wantChain(t, observations[0], blobs, cert.Certificate)
			o := observations[0].Outcome
			if o.OK || o.KeyProof != "wrong" || o.Stage != "certificate" || o.ErrorKind != "tls" ||
				!strings.Contains(o.Error, "does not fit the public key of item 0") {
				t.Errorf("%s %s: %+v", tt.name, tls.VersionName(version), o)
			}
		}
	}
}

func TestFullPlan(t *testing.T) {
	ca := newTestCA(t, "full")
	rsa := ca.chain(t, "full.test", rsaKey(t, 2048), nil)
	target := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{rsa}, MinVersion: tls.VersionTLS11,
		CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA}})
	observations, _ := probed(target, ask.Plan{Full: true, Also: []string{tlsname.HelloECDSA}})
	got := map[string]chain.Outcome{}
	for _, obs := range observations {
		got[obs.Hello] = obs.Outcome
	}
	for hello, version := range map[string]string{tlsname.HelloATS: "TLS 1.3", tlsname.HelloOnly13: "TLS 1.3", tlsname.HelloOnly12: "TLS 1.2",
		tlsname.HelloOnly11: "TLS 1.1", tlsname.HelloStaticRSA: "TLS 1.2"} {
		if o := got[hello]; !o.OK || o.Version != version {
			t.Errorf("%s: %+v", hello, o)
		}
	}
	for _, hello := range []string{tlsname.HelloOnly10, tlsname.HelloECDSA} {
		if o, asked := got[hello]; !asked || o.OK {
			t.Errorf("%s: %+v", hello, o)
		}
	}
}

// Where a server agrees only on static RSA it is asked whether ECDHE in another
// group would do.
func TestStaticRSAIsAskedForGroups(t *testing.T) {
	ca := newTestCA(t, "static")
	cert := ca.chain(t, "static.test", rsaKey(t, 2048), nil)
	target := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: tls.VersionTLS12,
		CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}})
	observations, _ := probed(target, ask.Plan{})
	last := observations[len(observations)-1]
	if last.Hello != tlsname.HelloECDHE || last.Outcome.Alert == nil {
		t.Errorf("%s: %+v", last.Hello, last.Outcome)
	}
	if first := observations[0]; first.HelloBytes < 1500 {
		t.Errorf("%s of %d bytes", first.Hello, first.HelloBytes)
	}
}
