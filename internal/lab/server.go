package lab

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/internal/tlsscript"
)

// A Server is a fault that listens.
type Server struct {
	*Fault
	Addr string // host:port

	lab      *Lab
	made     map[string]*testpki.Made
	config   *tls.Config
	listener net.Listener
	count    atomic.Int64 // connections
	open     atomic.Int64 // connections at this time
}

// Bounds of a server: connections at a time, and octets of a request's head.
const (
	maxConnections = 128
	maxHead        = 16 << 10
)

func versions() map[string]uint16 {
	return map[string]uint16{"": 0, "1.0": tls.VersionTLS10, "1.1": tls.VersionTLS11, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}
}

// configure makes the settings of crypto/tls.
func (s *Server) configure() error {
	if len(s.Send) == 0 {
		return nil
	}
	named := versions()
	c := &tls.Config{MinVersion: named[s.TLS.Min], MaxVersion: named[s.TLS.Max], NextProtos: []string{"http/1.1"}, SessionTicketsDisabled: true}
	for _, name := range s.TLS.Suites {
		i := slices.IndexFunc(allSuites(), func(x *tls.CipherSuite) bool { return x.Name == name })
		if i < 0 {
			return fmt.Errorf("there is no suite %s", name)
		}
		c.CipherSuites = append(c.CipherSuites, allSuites()[i].ID)
	}
	main, err := s.certificate(s.Send)
	if err != nil {
		return err
	}
	if s.Pad > 0 {
		more, err := s.lab.pad(s.Pad)
		if err != nil {
			return err
		}
		main.Certificate = append(main.Certificate, more...)
	}
	if s.Staple != nil {
		if main.OCSPStaple, err = s.Staple.OCSP(s.made, s.made[s.Send[0]], s.lab.folder.Now); err != nil {
			return err
		}
	}
	c.Certificates = []tls.Certificate{*main}
	if len(s.Also) > 0 {
		other, err := s.certificate(s.Also)
		if err != nil {
			return err
		}
		c.Certificates = append(c.Certificates, *other)
	}
	if err := s.sometimes(c, main); err != nil {
		return err
	}
	s.demand(c)
	s.config = c
	if s.Script != "" {
		if _, known := tlsscript.Find(s.Script); !known {
			return fmt.Errorf("there is no script %q", s.Script)
		}
	}
	return nil
}

func allSuites() []*tls.CipherSuite { return append(tls.CipherSuites(), tls.InsecureCipherSuites()...) }

// certificate is a list to send, with the key of its first.
func (s *Server) certificate(names []string) (*tls.Certificate, error) {
	out := &tls.Certificate{}
	for _, name := range names {
		if s.made[name] == nil {
			return nil, fmt.Errorf("there is no certificate %s", name)
		}
		out.Certificate = append(out.Certificate, s.made[name].DER)
	}
	signer := names[0]
	if s.Keyed != "" && slices.Contains(names, s.Keyed) {
		signer = s.Keyed
	}
	out.PrivateKey = s.made[signer].Key
	return out, nil
}

// sometimes sends another list to some.
func (s *Server) sometimes(c *tls.Config, main *tls.Certificate) error {
	if len(s.WithoutSNI)+len(s.EveryThird) == 0 {
		return nil
	}
	other, err := s.certificate(slices.Concat(s.WithoutSNI, s.EveryThird))
	if err != nil {
		return err
	}
	c.Certificates = nil // which would go first where no server_name was sent
	c.GetCertificate = func(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if len(s.WithoutSNI) > 0 && h.ServerName == "" || len(s.EveryThird) > 0 && s.count.Load()%3 == 0 {
			return other, nil
		}
		return main, nil
	}
	return nil
}

// demand sets what the server wants of clients.
func (s *Server) demand(c *tls.Config) {
	if s.Client.Mode == "" {
		return
	}
	c.ClientCAs = pool(s.made, s.Client.CAs)
	switch s.Client.Mode {
	case "required":
		c.ClientAuth = tls.RequireAndVerifyClientCert
	case "optional":
		c.ClientAuth = tls.VerifyClientCertIfGiven
	default: // the HTTP server decides
		c.ClientAuth = tls.RequestClientCert
	}
	if len(s.Client.Allow) > 0 {
		c.VerifyConnection = func(state tls.ConnectionState) error {
			for _, name := range s.Client.Allow {
				if len(state.PeerCertificates) > 0 && sameKey(s.made[name], state.PeerCertificates[0]) {
					return nil
				}
			}
			return errors.New("not on the list")
		}
	}
}

func (s *Server) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		if s.open.Add(1) > maxConnections {
			s.open.Add(-1)
			c.Close()
			continue
		}
		s.count.Add(1)
		go func() {
			defer s.open.Add(-1)
			defer c.Close()
			c.SetDeadline(time.Now().Add(patience))
			s.speak(c)
		}()
	}
}

// speakers are what servers speak that do not simply speak TLS.
func speakers() map[string]func(*Server, net.Conn) {
	return map[string]func(*Server, net.Conn){
		"nothing":      func(_ *Server, c net.Conn) { io.Copy(io.Discard, c) },
		"http":         (*Server).clearText,
		"small hellos": (*Server).smallHellos,
	}
}

func (s *Server) speak(c net.Conn) {
	if speaker := speakers()[s.Speaks]; speaker != nil {
		speaker(s, c)
		return
	}
	if script, ok := tlsscript.Find(s.Script); ok {
		id := s.config.Certificates[0]
		signer, _ := id.PrivateKey.(crypto.Signer)
		tlsscript.Answer(c, script, tlsscript.Identities{P256: tlsscript.Identity{Chain: id.Certificate, Key: signer}})
		return
	}
	s.tls(c)
}

// tls finishes a handshake and answers one request of HTTP/1.1.
func (s *Server) tls(c net.Conn) {
	t := tls.Server(c, s.config)
	if t.Handshake() != nil {
		return
	}
	defer t.Close()
	if s.Client.Mode == "http-400" && !s.takes(t.ConnectionState().PeerCertificates) {
		answer(t, http.StatusBadRequest, pageOfNginx)
		return
	}
	answer(t, http.StatusOK, s.Name+": "+s.Story+"\n")
}

// takes reports whether one of the server's client CAs issued the identity.
func (s *Server) takes(identity []*x509.Certificate) bool {
	return len(identity) > 0 && slices.ContainsFunc(s.Client.CAs, func(name string) bool {
		ca := s.made[name].Cert
		return bytes.Equal(ca.RawSubject, identity[0].RawIssuer) && ca.CheckSignature(identity[0].SignatureAlgorithm, identity[0].RawTBSCertificate, identity[0].Signature) == nil
	})
}

// pageOfNginx is what nginx answers to an identity it does not trust.
const pageOfNginx = "<html>\r\n<head><title>400 The SSL certificate error</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n" +
	"<center>The SSL certificate error</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"

// answer reads the head of a request and answers it.
func answer(c net.Conn, status int, text string) {
	if _, err := http.ReadRequest(bufio.NewReader(io.LimitReader(c, maxHead))); err != nil {
		return
	}
	respond(c, status, text)
}

func respond(c net.Conn, status int, text string) {
	fmt.Fprintf(c, "HTTP/1.1 %d %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", status, http.StatusText(status), len(text), text)
}

// clearText is HTTP without TLS; a ClientHello is a bad request there.
func (s *Server) clearText(c net.Conn) {
	if _, err := http.ReadRequest(bufio.NewReader(io.LimitReader(c, maxHead))); err != nil {
		respond(c, http.StatusBadRequest, "this is HTTP, and that was no request\n")
		return
	}
	respond(c, http.StatusOK, s.Name+": "+s.Story+"\n")
}

// smallHellos ends connections whose first record does not fit into one packet.
func (s *Server) smallHellos(c net.Conn) {
	const packet = 1400
	head := make([]byte, 5)
	if _, err := io.ReadFull(c, head); err != nil || int(head[3])<<8|int(head[4]) > packet {
		return
	}
	s.tls(&begun{Conn: c, read: head})
}

// begun is a connection of which something was read already.
type begun struct {
	net.Conn
	read []byte
}

func (b *begun) Read(p []byte) (int, error) {
	if len(b.read) > 0 {
		n := copy(p, b.read)
		b.read = b.read[n:]
		return n, nil
	}
	return b.Conn.Read(p)
}
