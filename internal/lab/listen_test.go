package lab

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/pkg/chain"
)

// listening starts a listener of a new lab and collects its visits.
func listening(t *testing.T, f *Folder) (address string, visits func(n int) []*Visit) {
	t.Helper()
	a, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	in, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan *Visit, 2*maxVisitors)
	l := &Listener{Folder: f, Authority: a, ClientCAs: [][]byte{a.Root.DER}, Judge: &inspect.Runner{Now: time.Now}, Each: func(v *Visit) { seen <- v }}
	ended := make(chan struct{})
	go func() { l.Serve(context.Background(), in); close(ended) }()
	t.Cleanup(func() { in.Close(); <-ended })
	return in.Addr().String(), func(n int) (out []*Visit) {
		for len(out) < n {
			select {
			case v := <-seen:
				out = append(out, v)
			case <-time.After(time.Minute):
				t.Fatalf("%d visits, %d are expected", len(out), n)
			}
		}
		return out
	}
}

func pairOf(leaf *testpki.Made, above ...*testpki.Made) []tls.Certificate {
	c := tls.Certificate{Certificate: [][]byte{leaf.DER}, PrivateKey: leaf.Key}
	for _, m := range above {
		c.Certificate = append(c.Certificate, m.DER)
	}
	return []tls.Certificate{c}
}

func TestListen(t *testing.T) {
	f := newLab(t, CA{})
	a, _ := f.Open()
	address, visits := listening(t, f)
	trust := x509.NewCertPool()
	trust.AddCert(a.Root.Cert)
	made, err := (&testpki.Maker{Clock: f.Now, Keys: testpki.NewKey, Random: nil,
		Have: map[string]*testpki.Made{intermediate: a.Intermediate}}).Make(map[string]testpki.Recipe{
		"alice":   {Issuer: intermediate, EKU: []string{"clientAuth"}},
		"late":    {Issuer: intermediate, EKU: []string{"clientAuth"}, Ends: "-1d"},
		"foreign": {CA: true},
		"mallory": {Issuer: "foreign", EKU: []string{"clientAuth"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		conf *tls.Config
		want string // a part of the line
		why  string // a rule of the identity's refusal
	}{
		"no identity":        {&tls.Config{RootCAs: trust}, "TLS 1.3  took the certificate  sent no identity", ""},
		"TLS 1.2":            {&tls.Config{RootCAs: trust, MaxVersion: tls.VersionTLS12}, "TLS 1.2  took the certificate", ""},
		"no root":            {&tls.Config{RootCAs: x509.NewCertPool()}, "the client sent alert 42 (bad_certificate)", ""},
		"no root in TLS 1.2": {&tls.Config{RootCAs: x509.NewCertPool(), MaxVersion: tls.VersionTLS12}, "the client sent alert 42 (bad_certificate)", ""},
		"identity":           {&tls.Config{RootCAs: trust, Certificates: pairOf(made["alice"], a.Intermediate)}, "identity CN=alice would be taken", ""},
		"identity alone": {&tls.Config{RootCAs: trust, Certificates: pairOf(made["alice"])}, "identity CN=alice would be refused",
			"basic-intermediate-missing"},
		"expired identity": {&tls.Config{RootCAs: trust, Certificates: pairOf(made["late"], a.Intermediate)}, "identity CN=late would be refused: ",
			"basic-expired"},
		"foreign identity": {&tls.Config{RootCAs: trust, Certificates: pairOf(made["mallory"], made["foreign"])},
			"identity CN=mallory would be refused: ", "basic-anchor-not-trusted"},
	} {
		c.conf.ServerName = "www.example.test"
		if len(c.conf.Certificates) > 0 { // whatever CAs the server names
			pair := &c.conf.Certificates[0]
			c.conf.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return pair, nil }
		}
		conn, err := tls.Dial("tcp", address, c.conf)
		if err == nil {
			io.WriteString(conn, "GET /here HTTP/1.1\r\nHost: www.example.test\r\n\r\n")
			page, _ := io.ReadAll(conn)
			conn.Close()
			if !strings.Contains(string(page), c.want) {
				t.Errorf("%s: the client is told %q", what, page)
			}
		}
		v := visits(1)[0]
		if line := v.Line(); !strings.Contains(line, c.want) || !strings.Contains(line, "Go's crypto/tls") || !strings.Contains(line, "www.example.test") {
			t.Errorf("%s: %s", what, line)
		}
		if (err == nil) != v.Accepted || v.Accepted && v.Request != "GET /here" {
			t.Errorf("%s: %v, accepted %v, request %q", what, err, v.Accepted, v.Request)
		}
		switch id := v.Identity; {
		case id == nil && len(c.conf.Certificates) == 0:
		case id == nil || (v.Capture == nil) || (len(id.Why) > 0) != (c.why != "") || (id.Verdict == chain.Trusted) != (c.why == ""):
			t.Errorf("%s: %+v", what, id)
		case c.why != "" && !strings.Contains(id.Why[0], c.why):
			t.Errorf("%s: %q, want %s", what, id.Why, c.why)
		}
	}
}

func TestListenToStrangers(t *testing.T) {
	f := newLab(t, CA{})
	address, visits := listening(t, f)
	for what, c := range map[string]struct{ say, want string }{
		"HTTP":         {"GET / HTTP/1.1\r\n\r\n", "the client spoke HTTP in clear text"},
		"nothing":      {"", "the client sent nothing"},
		"noise":        {"SSH-2.0-OpenSSH\r\n", "the client spoke no TLS"},
		"half a hello": {string(helloOf(t, &tls.Config{ServerName: "a"})[:100]), "the client spoke no TLS"},
		"a hello":      {string(helloOf(t, &tls.Config{ServerName: "a"})), "the client ended the connection without an alert"},
		"a path":       {string(helloOf(t, &tls.Config{ServerName: "../../root"})), "no certificate is issued for the name that was asked for"},
		"alert":        {string(helloOf(t, &tls.Config{ServerName: "a"})) + "\x15\x03\x03\x00\x02\x02\x30", "the client sent alert 48 (unknown_ca)"},
	} {
		c2, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c2, c.say)
		c2.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, c2)
		c2.Close()
		if v := visits(1)[0]; !strings.Contains(v.Line(), c.want) {
			t.Errorf("%s: %s", what, v.Line())
		}
	}
}

// TestListenIsBounded: who comes while all places are taken is sent away, and
// who says too much is cut off.
func TestListenIsBounded(t *testing.T) {
	f := newLab(t, CA{})
	address, visits := listening(t, f)
	var idle []net.Conn
	for range maxVisitors {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		idle = append(idle, c)
	}
	more, err := net.Dial("tcp", address) // the last to be accepted
	if err != nil {
		t.Fatal(err)
	}
	more.SetReadDeadline(time.Now().Add(visit - time.Second))
	if _, err := more.Read(make([]byte, 1)); err == nil {
		t.Error("a visitor too many is served")
	} else if e, ok := err.(net.Error); ok && e.Timeout() {
		t.Error("a visitor too many waits")
	}
	more.Close()
	for _, c := range idle {
		c.Close()
	}
	visits(maxVisitors)
	flood := &tap{Conn: endless{}}
	n, err := io.Copy(io.Discard, flood)
	if err != errTooMuch || n != maxRead || len(flood.head) > maxHello {
		t.Errorf("%d octets were read, %d kept: %v", n, len(flood.head), err)
	}
}

// endless is a client that never stops.
type endless struct{ net.Conn }

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestListenToOthers: alerts of other programs, which OpenSSL sends in clear text.
func TestListenToOthers(t *testing.T) {
	program(t, "curl")
	f := newLab(t, CA{})
	address, visits := listening(t, f)
	_, port, _ := net.SplitHostPort(address)
	ask := func(args ...string) *Visit {
		exec.Command("curl", append(args, "-sS", "--max-time", "60", "--noproxy", "*", "--connect-to", "www.example.test:"+port+":"+address,
			"https://www.example.test:"+port+"/")...).Run()
		return visits(1)[0]
	}
	if v := ask(); v.Alert == nil || *v.Alert != 48 {
		t.Errorf("without the root: %s", v.Line())
	}
	if v := ask("--cacert", f.path("root.crt")); !v.Accepted {
		t.Errorf("with the root: %s", v.Line())
	}
}
