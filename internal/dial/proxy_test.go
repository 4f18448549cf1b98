package dial

import (
	"context"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/dial/starttls"
	"github.com/chainspect/chainspect/internal/testserver"
	"github.com/chainspect/chainspect/pkg/chain"
)

func proxyURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := ask.ParseProxy(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// throughProxyTo asks a server through a proxy.
func throughProxyTo(p proxyRoute, target ask.Target) chain.Observation {
	d := dialer{Timeout: 3 * time.Second, Transport: p}
	observations, _ := d.Probe(context.Background(), target, ask.Plan{})
	return observations[0]
}

// Proxies from Debian, with and without a password.
func TestProxies(t *testing.T) {
	ca := newTestCA(t, "proxy")
	server := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{ca.chain(t, "proxied.test", ecKey(t, elliptic.P256(), "proxied"), nil)}})
	dir := t.TempDir()
	t.Run("tinyproxy", func(t *testing.T) {
		for _, auth := range []string{"", "BasicAuth me secret\n"} {
			port := freePort(t)
			config := filepath.Join(dir, "tinyproxy"+port)
			if err := os.WriteFile(config, fmt.Appendf(nil, "Port %s\nListen 127.0.0.1\nTimeout 10\nAllow 127.0.0.1\n%s", port, auth), 0o600); err != nil {
				t.Fatal(err)
			}
			run(t, port, "tinyproxy", "-d", "-c", config)
			proxyCases(t, server, "http", port, auth != "")
		}
	})
	t.Run("microsocks", func(t *testing.T) {
		for _, auth := range [][]string{nil, {"-u", "me", "-P", "secret"}} {
			port := freePort(t)
			run(t, port, "microsocks", append([]string{"-i", "127.0.0.1", "-p", port}, auth...)...)
			proxyCases(t, server, "socks5", port, auth != nil)
		}
	})
}

func proxyCases(t *testing.T, server ask.Target, scheme, port string, auth bool) {
	t.Helper()
	ask := func(user string, target ask.Target) chain.Observation {
		return throughProxyTo(proxyRoute{For: ask.ThroughProxy(proxyURL(t, scheme+"://"+user+"127.0.0.1:"+port))}, target)
	}
	user := ""
	if auth {
		user = "me:secret@"
		for _, wrong := range []string{"", "me:guess@"} {
			if o := ask(wrong, server); o.Outcome.ErrorKind != chain.ErrorRefused || o.Outcome.Stage != chain.StageConnect ||
				strings.Contains(o.Outcome.Error, "guess") {
				t.Errorf("%s with %q: %+v", scheme, wrong, o)
			}
		}
	}
	if o := ask(user, server); !o.Outcome.OK || len(o.Sent) != 2 || o.Network != "" || o.Via != scheme+"://127.0.0.1:"+port {
		t.Errorf("%s: %+v", scheme, o)
	}
	closed := server
	closed.Port = freePort(t)
	if o := ask(user, closed); o.Outcome.Stage != chain.StageConnect || o.Outcome.OK ||
		!strings.HasPrefix(o.Outcome.Error, "the proxy "+scheme+"://127.0.0.1:"+port+" gave no connection to ") {
		t.Errorf("%s to a closed port: %+v", scheme, o)
	}
}

// A proxy that is hostile, slow or no proxy ends within the time, with one line
// that has no password in it.
func TestHostileProxies(t *testing.T) {
	target := ask.Target{Host: "server.test", Port: "443", ServerName: "server.test", HTTPS: true}
	for name, tt := range map[string]struct{ scheme, says, want string }{
		"endless header": {"http", "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 1<<14), "has no end in 16384 bytes"},
		"no HTTP":        {"http", "SSH-2.0-OpenSSH\r\n\r\n", "is no HTTP"},
		"wants a name":   {"http", "HTTP/1.1 407 Who?\r\n\r\n", "takes no such user name and password"},
		"forbids":        {"http", "HTTP/1.1 403 Filtered\r\n\r\n", "answers HTTP 403 Filtered"},
		"hangs up":       {"http", "closed", "gave no connection to server.test:443: "}, // or resets it, where the machine is busy
		"is silent":      {"http", "", "within the time"},
		"no SOCKS":       {"socks5", "HTTP/1.1 400 Bad Request\r\n\r\n", "unexpected protocol version"},
		"silent SOCKS":   {"socks5", "", "within the time"},
	} {
		t.Run(name, func(t *testing.T) {
			at := serveOnce(t, tt.says)
			p := proxyRoute{For: ask.ThroughProxy(proxyURL(t, tt.scheme+"://me:hunter2@"+net.JoinHostPort(at.Host, at.Port)))}
			d := dialer{Timeout: time.Second, Transport: p}
			begun := time.Now()
			observations, _ := d.Probe(context.Background(), target, ask.Plan{})
			o := observations[0].Outcome
			if len(observations) != 1 || !strings.Contains(o.Error, tt.want) || strings.Contains(o.Error, "hunter2") ||
				strings.ContainsAny(o.Error, "\r\n") || time.Since(begun) > 2*time.Second {
				t.Errorf("%v: %+v", time.Since(begun), observations)
			}
		})
	}
}

// connectProxy is a proxy of a few lines: it answers CONNECT and then copies.
func connectProxy(t *testing.T, config *tls.Config) string {
	at := serve(t, func(c net.Conn) {
		c.SetDeadline(time.Now().Add(5 * time.Second))
		if config != nil {
			c = tls.Server(c, config)
		}
		var head []byte
		one := make([]byte, 1)
		for !strings.HasSuffix(string(head), "\r\n\r\n") {
			if _, err := c.Read(one); err != nil {
				return
			}
			head = append(head, one[0])
		}
		server, err := net.Dial("tcp", strings.Fields(string(head))[1])
		if err != nil {
			return
		}
		defer server.Close()
		io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { io.Copy(server, c); server.Close() }()
		io.Copy(c, server)
	})
	return net.JoinHostPort(at.Host, at.Port)
}

// A proxy that is spoken to in TLS has to prove who it is.
func TestProxyOverTLS(t *testing.T) {
	ca := newTestCA(t, "proxy")
	server := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{ca.chain(t, "proxied.test", ecKey(t, elliptic.P256(), "proxied"), nil)}})
	at := connectProxy(t, &tls.Config{Certificates: []tls.Certificate{ca.chain(t, "proxy.test", ecKey(t, elliptic.P256(), "proxy"), func(c *x509.Certificate) {
		c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	})}})
	roots := x509.NewCertPool()
	roots.AddCert(ca.root)
	of := ask.ThroughProxy(proxyURL(t, "https://"+at))
	if o := throughProxyTo(proxyRoute{For: of, Roots: roots}, server); !o.Outcome.OK || o.Via != "https://"+at {
		t.Errorf("%+v", o)
	}
	if o := throughProxyTo(proxyRoute{For: of, Roots: x509.NewCertPool()}, server); o.Outcome.Stage != chain.StageConnect ||
		!strings.Contains(o.Outcome.Error, "the handshake with it failed: x509: ") {
		t.Errorf("%+v", o)
	}
}

// What the server says behind a proxy's answer is the server's: a greeting is not swallowed.
func TestProxyAndStartTLS(t *testing.T) {
	ca := newTestCA(t, "proxy")
	config := &tls.Config{Certificates: []tls.Certificate{ca.chain(t, "mail.test", ecKey(t, elliptic.P256(), "mail"), nil)}}
	server := serve(t, func(c net.Conn) {
		c.SetDeadline(time.Now().Add(5 * time.Second))
		io.WriteString(c, "+OK ready\r\n")
		read := func(n int) { io.ReadFull(c, make([]byte, n)) }
		read(len("CAPA\r\n"))
		io.WriteString(c, "+OK\r\nSTLS\r\n.\r\n")
		read(len("STLS\r\n"))
		io.WriteString(c, "+OK\r\n")
		s := tls.Server(c, config)
		if s.Handshake() == nil {
			s.Read(make([]byte, 1))
		}
	})
	server.HTTPS, server.Scheme, server.StartTLS = false, "pop3", starttls.ByName("pop3")
	if o := throughProxyTo(proxyRoute{For: ask.ThroughProxy(proxyURL(t, "http://"+connectProxy(t, nil)))}, server); !o.Outcome.OK ||
		o.StartTLS != "pop3" || len(o.Sent) != 2 {
		t.Errorf("%+v", o)
	}
}

// A server at a socket of this machine.
func TestUnixSocket(t *testing.T) {
	dir, err := os.MkdirTemp("", "socket")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	ca := newTestCA(t, "unix")
	config := &tls.Config{Certificates: []tls.Certificate{ca.chain(t, "unix.test", ecKey(t, elliptic.P256(), "unix"), nil)}}
	go testserver.Accept(l, func(c net.Conn) {
		s := tls.Server(c, config)
		defer s.Close()
		if s.Handshake() == nil {
			s.Read(make([]byte, 1))
		}
	})
	target := ask.Target{Host: "unix.test", Port: "443", ServerName: "unix.test", HTTPS: true}
	for at, ok := range map[string]bool{path: true, path + "x": false} {
		d := dialer{Timeout: 3 * time.Second, Transport: unixSocket{at}}
		observations, _ := d.Probe(context.Background(), target, ask.Plan{})
		if o := observations[0]; o.Outcome.OK != ok || o.Via != "unix:"+at || o.Network != "" || !ok &&
			!strings.Contains(o.Outcome.Error, "no such file or directory") {
			t.Errorf("%s: %+v", at, o)
		}
	}
}
