package dial

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/proxy"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
)

// A proxyRoute reaches targets through another machine, which looks up their names.
type proxyRoute struct {
	// For names the proxy of a target, nil where it is reached directly.
	For func(ask.Target) (*url.URL, error)
	TCP TCP // how the proxy, or a target without one, is reached
	// Roots verify a proxy that is itself spoken to in TLS; nil: the system's.
	Roots *x509.CertPool
}

// throughProxy is a stream whose far end is not known: it is behind a proxy.
type throughProxy struct {
	net.Conn
	via string // "http://proxy.example:3128"
}

// RemoteAddr names the proxy, as no IP address.
func (c *throughProxy) RemoteAddr() net.Addr { return namedAddr(c.via) }

type namedAddr string

func (a namedAddr) Network() string { return "proxy" }
func (a namedAddr) String() string  { return string(a) }

// Open connects to the proxy and asks it for the target.
func (p proxyRoute) Open(ctx context.Context, t ask.Target) (net.Conn, error) {
	u, err := p.For(t)
	if err != nil {
		return nil, &ReachError{Stage: chain.StageConnect, Kind: chain.ErrorRefused, Text: "the proxy of the environment cannot be used for " + t.Address()}
	}
	if u == nil {
		return p.TCP.Open(ctx, t)
	}
	at := ask.Target{Host: u.Hostname(), Port: u.Port()}
	if at.Port == "" {
		at.Port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
		if at.Port == "" {
			at.Port = "1080"
		}
	}
	via := u.Scheme + "://" + at.Address()
	conn, err := p.TCP.Open(ctx, at)
	if err != nil {
		var e *ReachError
		if errors.As(err, &e) {
			e.Text, e.Via = "the proxy "+via+": "+e.Text, via
		}
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if deadline, ok := ctx.Deadline(); ok {
		conn.SetDeadline(deadline) // one that has gone by fails the next write
	}
	through, err := p.speak(ctx, conn, u, t.Address())
	if err != nil {
		conn.Close()
		kind, text := chain.ErrorRefused, fmt.Sprintf("the proxy %s gave no connection to %s: %s", via, t.Address(), rootCause(err))
		if ctx.Err() != nil || isTimeout(err) || errors.Is(err, net.ErrClosed) {
			kind, text = chain.ErrorTimeout, fmt.Sprintf("the proxy %s gave no connection to %s within the time", via, t.Address())
		}
		return nil, &ReachError{Stage: chain.StageConnect, Kind: kind, Text: text, Via: via}
	}
	through.SetDeadline(time.Time{})
	return &throughProxy{through, via}, nil
}

// speak asks the proxy at the other end of a stream for an address.
func (p proxyRoute) speak(ctx context.Context, conn net.Conn, u *url.URL, address string) (net.Conn, error) {
	switch u.Scheme {
	case "socks5", "socks5h":
		var auth *proxy.Auth
		if u.User != nil {
			password, _ := u.User.Password()
			auth = &proxy.Auth{User: u.User.Username(), Password: password}
		}
		d, err := proxy.SOCKS5("tcp", u.Host, auth, given{conn})
		if err != nil {
			return nil, err
		}
		through, err := d.(proxy.ContextDialer).DialContext(ctx, "tcp", address)
		return through, socksError(err, u.User != nil)
	case "https":
		// Who is told a password has to prove who it is: crypto/tls verifies it.
		secure := tls.Client(conn, &tls.Config{ServerName: u.Hostname(), RootCAs: p.Roots})
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, fmt.Errorf("the handshake with it failed: %s", rootCause(err))
		}
		conn = secure
	}
	return conn, connectMethod(conn, u, address)
}

// socksError puts x/net's words for what a SOCKS server answers into ours.
func socksError(err error, named bool) error {
	if err == nil {
		return nil
	}
	text := rootCause(err)
	switch {
	case strings.Contains(text, "no acceptable authentication methods") && !named:
		return errors.New("it wants a user name and a password: put socks5://USER:PASSWORD@HOST:PORT into a file and name that with --proxy")
	case strings.Contains(text, "username/password authentication failed"):
		return errors.New("it takes no such user name and password")
	}
	if _, said, ok := strings.Cut(text, "unknown error "); ok { // a code that has a name: RFC 1928 section 6
		return errors.New("it answers " + said)
	}
	return err
}

// given hands out the one stream that is there.
type given struct{ conn net.Conn }

func (g given) Dial(string, string) (net.Conn, error) { return g.conn, nil }

func (g given) DialContext(context.Context, string, string) (net.Conn, error) { return g.conn, nil }

// maxProxyAnswer bounds the header that a proxy answers CONNECT with.
const maxProxyAnswer = 16 << 10

// connectMethod asks in HTTP (RFC 9110 section 9.3.6). The answer is read octet by
// octet: what follows its header is the server's.
func connectMethod(conn net.Conn, u *url.URL, address string) error {
	request := "CONNECT " + address + " HTTP/1.1\r\nHost: " + address + "\r\n"
	if u.User != nil {
		password, _ := u.User.Password()
		request += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(u.User.Username()+":"+password)) + "\r\n"
	}
	if _, err := io.WriteString(conn, request+"\r\n"); err != nil {
		return err
	}
	var head []byte
	one := make([]byte, 1)
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) && !bytes.HasSuffix(head, []byte("\n\n")) {
		if len(head) == maxProxyAnswer {
			return fmt.Errorf("its answer to CONNECT has no end in %d bytes", maxProxyAnswer)
		}
		if _, err := io.ReadFull(conn, one); hangsUp(err) {
			return errors.New("it closed the connection")
		} else if err != nil {
			return err
		}
		head = append(head, one[0])
	}
	answer, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(head)), &http.Request{Method: http.MethodConnect})
	switch {
	case err != nil:
		return errors.New("its answer to CONNECT is no HTTP: " + quote(head))
	case answer.StatusCode == http.StatusProxyAuthRequired && u.User == nil:
		return errors.New("it wants a user name and a password (HTTP 407): put http://USER:PASSWORD@HOST:PORT into a file and name that with --proxy")
	case answer.StatusCode == http.StatusProxyAuthRequired:
		return errors.New("it takes no such user name and password (HTTP 407)")
	case answer.StatusCode/100 != 2:
		return fmt.Errorf("it answers HTTP %s", strings.Trim(quote([]byte(answer.Status)), `"`))
	}
	return nil
}
