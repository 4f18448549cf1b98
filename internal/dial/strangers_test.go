package dial

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"crypto/tls"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// readRecord takes one record off the stream: the ClientHello, in tests.
func readRecord(c net.Conn) []byte {
	head := make([]byte, 5)
	if _, err := io.ReadFull(c, head); err != nil {
		return nil
	}
	body := make([]byte, int(head[3])<<8|int(head[4]))
	io.ReadFull(c, body)
	return body
}

// Servers that do not speak TLS, or stop doing so.
func TestStrangers(t *testing.T) {
	noise := make([]byte, 10<<20)
	source := rand.NewChaCha8([32]byte{1})
	source.Read(noise)
	record := func(typ byte, body string) string {
		return string([]byte{typ, 3, 3, byte(len(body) >> 8), byte(len(body))}) + body
	}
	for _, tt := range []struct {
		name, answer string
		kind, text   string
	}{
		{"HTTP", "HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n", "not_tls", `answered in HTTP: "HTTP/1.1 400 Bad Request"`},
		{"SSH", "SSH-2.0-OpenSSH_9.2\r\n", "not_tls", `sent an SSH banner: "SSH-2.0-OpenSSH_9.2"`},
		{"SMTP", "220 mail.example.com ESMTP\r\n", "not_tls", `sent an SMTP or FTP greeting: "220 mail.example.com ESMTP"`},
		{"IMAP", "* OK ready\r\n", "not_tls", `sent an IMAP greeting: "* OK ready"`},
		{"POP3", "+OK ready\r\n", "not_tls", `sent a POP3 greeting: "+OK ready"`},
		{"MySQL", "\x4a\x00\x00\x00\x0a8.0.36\x00", "not_tls", `sent a MySQL or MariaDB greeting: "8.0.36\x00"`},
		{"zeros", strings.Repeat("\x00", 100), "not_tls", `sent bytes that are neither TLS nor HTTP: "` + strings.Repeat(`\x00`, 15) + `"…`},
		{"escape", "\x1b[31mred\x1b[0m", "not_tls", `sent bytes that are neither TLS nor HTTP: "\x1b[31mred\x1b[0m"`},
		{"10 MB of noise", "N" + string(noise), "not_tls", ""},
		{"10 MB of noise behind a header", "\x16\x03\x03\x40\x00" + string(noise), "tls", ""},
		{"one byte", "\x16", "tls", "ended the connection inside a record header"},
		{"truncated record", "\x16\x03\x03\x01\x00abc", "tls", "ended the connection inside a record"},
		{"oversized record", "\x16\x03\x03\xff\xff", "tls", "sent a record longer than 18,432 bytes"},
		{"application data", record(23, "hello"), "tls", "sent application data where a handshake message is due"},
		{"no server_hello", record(22, "\x0b\x00\x00\x03\x00\x00\x00"), "tls", "sent a handshake message of type 11 where a server_hello is due"},
		{"malformed server_hello", record(22, "\x02\x00\x00\x03\x03\x03\x00"), "tls", "sent a malformed server_hello"},
		{"alert", record(21, "\x02\x28"), "tls", "the server sent alert 40 (handshake_failure)"},
		{"unknown alert", record(21, "\x02\xc8"), "tls", "the server sent alert 200"},
		{"close_notify", record(21, "\x01\x00"), "closed", "the server closed the connection after the ClientHello"},
		{"warnings without end", strings.Repeat(record(21, "\x01\x5a"), 1000), "tls", "sent warning alerts without end"},
		{"empty records without end", strings.Repeat(record(22, ""), 500_000), "tls", "sent more than 2 MiB before the end of its flight"},
		{"nothing", "", "closed", "the server closed the connection after the ClientHello"},
		{"a huge message", record(22, "\x02\xff\xff\xff"), "tls", "announced a handshake message longer than 1 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			target := serve(t, func(c net.Conn) {
				c.SetDeadline(time.Now().Add(5 * time.Second))
				readRecord(c)
				io.WriteString(c, tt.answer)
				c.(*net.TCPConn).CloseWrite()
				io.Copy(io.Discard, c)
			})
			obs, blobs := ask(t, target, HelloSmall)
			o := obs.Outcome
			if o.OK || o.ErrorKind != tt.kind || tt.text != "" && o.Error != tt.text || len(blobs) != 0 {
				t.Errorf("%+v", o)
			}
			if len(o.Error) > 160 || strings.ContainsAny(o.Error, "\r\n\x1b\x00") {
				t.Errorf("not one short line: %q", o.Error)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	refused := Target{Host: "127.0.0.1", Port: freePort(t)}
	for _, tt := range []struct {
		name        string
		target      Target
		transport   Transport
		stage, kind string
	}{
		{"refused", refused, nil, "connect", "refused"},
		{"no such name", Target{Host: "no-such-host.invalid", Port: "443"}, nil, "dns", "dns"},
		{"no IPv6 address", refused, TCP{Family: "tcp6"}, "dns", "dns"},
		{"elsewhere", Target{Host: "192.0.2.1", Port: refused.Port, Connect: "127.0.0.1"}, nil, "connect", "refused"},
	} {
		d := Dialer{Timeout: 5 * time.Second, Transport: tt.transport}
		observations, _ := d.Probe(context.Background(), tt.target, Plan{Full: true})
		if len(observations) != 1 {
			t.Errorf("%s: asked %d times", tt.name, len(observations))
		}
		o := observations[0].Outcome
		if o.Stage != tt.stage || o.ErrorKind != tt.kind || o.Error == "" {
			t.Errorf("%s: %+v", tt.name, o)
		}
	}
}

func TestTargetAddress(t *testing.T) {
	for _, tt := range []struct{ connect, want string }{
		{"", "[2001:db8::1]:443"}, {"192.0.2.7", "192.0.2.7:443"}, {"192.0.2.7:8443", "192.0.2.7:8443"},
		{":8443", "[2001:db8::1]:8443"}, {"[::1]:9", "[::1]:9"}, {"[::1]", "[::1]:443"}, {"::1", "[::1]:443"},
		{"edge.example", "edge.example:443"},
	} {
		target := Target{Host: "2001:db8::1", Port: "443", Connect: tt.connect}
		if got := target.Address(); got != tt.want {
			t.Errorf("--connect %q: %s, want %s", tt.connect, got, tt.want)
		}
	}
}

// A server that accepts and is silent gets both hellos and costs the timeout,
// no more.
func TestSilentServer(t *testing.T) {
	target := serve(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	const timeout = 400 * time.Millisecond
	d := Dialer{Timeout: timeout}
	began := time.Now()
	observations, _ := d.Probe(context.Background(), target, Plan{Full: true})
	if took := time.Since(began); took < timeout {
		t.Errorf("gave up after %v", took)
	}
	if len(observations) != 2 || observations[0].Hello != HelloATS || observations[1].Hello != HelloSmall {
		t.Fatalf("%+v", observations)
	}
	for _, obs := range observations {
		if obs.Outcome.ErrorKind != "timeout" || obs.Outcome.Stage != "hello" {
			t.Errorf("%+v", obs.Outcome)
		}
	}
}

// A cancelled probe ends, though the server does not.
func TestCancelledProbe(t *testing.T) {
	reached := make(chan struct{}, 8)
	target := serve(t, func(c net.Conn) { reached <- struct{}{}; io.Copy(io.Discard, c) })
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-reached; cancel() }()
	d := Dialer{Timeout: time.Hour}
	if observations, _ := d.Probe(ctx, target, Plan{}); len(observations) == 0 {
		t.Error("no observation")
	}
}

// largeIntolerant serves small hellos and treats large ones its own way.
func largeIntolerant(t *testing.T, cert tls.Certificate, large func(net.Conn)) Target {
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
		name, kind string
		large      func(net.Conn)
	}{
		{"silence", "timeout", func(c net.Conn) { io.Copy(io.Discard, c) }},
		{"hang up", "closed", func(net.Conn) {}},
		{"decode_error", "tls", func(c net.Conn) { c.Write([]byte{21, 3, 3, 0, 2, 2, 50}) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			target := largeIntolerant(t, cert, tt.large)
			d := Dialer{Timeout: 2 * time.Second}
			observations, blobs := d.Probe(context.Background(), target, Plan{})
			if len(observations) != 2 {
				t.Fatalf("%d handshakes", len(observations))
			}
			if o := observations[0]; o.Hello != HelloATS || o.Outcome.ErrorKind != tt.kind {
				t.Errorf("%s: %+v", o.Hello, o.Outcome)
			}
			if o := observations[1]; o.Hello != HelloSmall || !o.Outcome.OK {
				t.Errorf("%s: %+v", o.Hello, o.Outcome)
			}
			wantChain(t, observations[1], blobs, cert.Certificate)
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
	d := Dialer{Timeout: 2 * time.Second}
	observations, blobs := d.Probe(context.Background(), target, Plan{})
	obs := last(observations)
	if !obs.Outcome.OK || obs.Hello != HelloATS {
		t.Fatalf("%s: %+v", obs.Hello, obs.Outcome)
	}
	wantChain(t, obs, blobs, cert.Certificate)
}

func TestALPNAndNameAreLetGo(t *testing.T) {
	ca := newTestCA(t, "adapt")
	cert := ca.chain(t, "adapt.test", ecKey(t, elliptic.P256(), "adapt"), nil)
	alpn := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"other"}})
	observations, blobs := probed(alpn, Plan{})
	if len(observations) != 2 || *observations[0].Outcome.Alert != 120 || observations[1].Hello != HelloATS+"-no-alpn" {
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
	observations, blobs = probed(name, Plan{})
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
			observations, blobs := probed(target, Plan{})
			if len(observations) != 1 {
				t.Errorf("%s %s: %d handshakes", tt.name, VersionName(version), len(observations))
			}
			wantChain(t, observations[0], blobs, cert.Certificate)
			o := observations[0].Outcome
			if o.OK || o.KeyProof != "wrong" || o.Stage != "certificate" || o.ErrorKind != "tls" ||
				!strings.Contains(o.Error, "does not fit the public key of item 0") {
				t.Errorf("%s %s: %+v", tt.name, VersionName(version), o)
			}
		}
	}
}

func TestFullPlan(t *testing.T) {
	ca := newTestCA(t, "full")
	rsa := ca.chain(t, "full.test", rsaKey(t, 2048), nil)
	target := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{rsa}, MinVersion: tls.VersionTLS11,
		CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA}})
	observations, _ := probed(target, Plan{Full: true, Also: []string{HelloECDSA}})
	got := map[string]chain.Outcome{}
	for _, obs := range observations {
		got[obs.Hello] = obs.Outcome
	}
	for hello, version := range map[string]string{HelloATS: "TLS 1.3", HelloOnly13: "TLS 1.3", HelloOnly12: "TLS 1.2",
		HelloOnly11: "TLS 1.1", HelloStaticRSA: "TLS 1.2"} {
		if o := got[hello]; !o.OK || o.Version != version {
			t.Errorf("%s: %+v", hello, o)
		}
	}
	for _, hello := range []string{HelloOnly10, HelloECDSA} {
		if o, asked := got[hello]; !asked || o.OK {
			t.Errorf("%s: %+v", hello, o)
		}
	}
}
