package conformance

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/testserver"
)

// serve serves a case on a loopback port of its own, as it was served when the
// clients were measured, and returns the address. "" is where that cannot be done
// here; the reason is skipped with.
func (m *measured) serve(t *testing.T) (address, why string) {
	t.Helper()
	if m.Server.Backend != "go" {
		return m.serveOpenSSL(t)
	}
	cert := tls.Certificate{Certificate: ders(m.Chain), PrivateKey: privateKey(t, m.KeyPEM)}
	config := &tls.Config{MinVersion: version(t, m.Server.Min), MaxVersion: version(t, m.Server.Max),
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &cert, nil }}
	if m.Server.SNI != "" && m.Server.SNI != "any" {
		other := tls.Certificate{Certificate: ders(m.Server.OtherChain), PrivateKey: privateKey(t, m.Server.OtherKey)}
		config.GetCertificate = func(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if h.ServerName == m.Server.SNI {
				return &cert, nil
			}
			return &other, nil
		}
	}
	for _, name := range m.Server.Suites {
		i := slices.IndexFunc(suitesOfGo(), func(s *tls.CipherSuite) bool { return s.Name == name })
		if i < 0 {
			t.Fatalf("%s: suite %s", m.ID, name)
		}
		config.CipherSuites = append(config.CipherSuites, suitesOfGo()[i].ID)
	}
	for _, name := range m.Server.Groups {
		id, ok := map[string]tls.CurveID{"P-256": tls.CurveP256, "P-384": tls.CurveP384, "P-521": tls.CurveP521, "X25519": tls.X25519,
			"X25519MLKEM768": tls.X25519MLKEM768}[name]
		if !ok {
			t.Fatalf("%s: group %s", m.ID, name)
		}
		config.CurvePreferences = append(config.CurvePreferences, id)
	}
	switch m.Server.ClientAuth {
	case "request":
		config.ClientAuth = tls.RequestClientCert
	case "require":
		config.ClientAuth = tls.RequireAnyClientCert
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go testserver.Accept(l, func(c net.Conn) { answer(tls.Server(c, config)) })
	return l.Addr().String(), ""
}

// answer completes a handshake and says one page.
func answer(c *tls.Conn) {
	defer c.Close() // which says close_notify
	c.SetDeadline(time.Now().Add(20 * time.Second))
	if c.Handshake() != nil {
		return
	}
	if n, err := c.Read(make([]byte, 4096)); n > 0 && err == nil {
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n")
	}
}

func suitesOfGo() []*tls.CipherSuite {
	return append(tls.CipherSuites(), tls.InsecureCipherSuites()...)
}

func version(t *testing.T, name string) uint16 {
	t.Helper()
	v, ok := map[string]uint16{"1.0": tls.VersionTLS10, "1.1": tls.VersionTLS11, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}[name]
	if !ok {
		t.Fatalf("version %q", name)
	}
	return v
}

func privateKey(t *testing.T, text string) crypto.PrivateKey {
	t.Helper()
	b, _ := pem.Decode([]byte(text))
	if b == nil {
		t.Fatal("no private key")
	}
	if k, err := x509.ParsePKCS8PrivateKey(b.Bytes); err == nil {
		return k
	}
	if k, err := x509.ParseECPrivateKey(b.Bytes); err == nil {
		return k
	}
	k, err := x509.ParsePKCS1PrivateKey(b.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// serveOpenSSL serves keys that crypto/tls cannot sign with.
func (m *measured) serveOpenSSL(t *testing.T) (address, why string) {
	t.Helper()
	program, err := exec.LookPath("openssl")
	if err != nil {
		return "", "openssl, which serves this key, is not installed"
	}
	dir := t.TempDir()
	files := map[string]string{"leaf.pem": m.Chain[0], "chain.pem": strings.Join(m.Chain[1:], "\n"), "key.pem": m.KeyPEM}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = l.Addr().String()
	l.Close()
	args := []string{"s_server", "-accept", address, "-cert", "leaf.pem", "-key", "key.pem", "-cert_chain", "chain.pem", "-www", "-quiet"}
	if m.Server.Max == "1.2" {
		args = append(args, "-tls1_2")
	}
	args = append(args, strings.Fields(m.Server.Arguments)...)
	c := exec.Command(program, args...)
	c.Dir = dir
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	for range 3000 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return address, ""
		}
		time.Sleep(20 * time.Millisecond)
	}
	return "", "openssl s_server does not serve this case"
}
