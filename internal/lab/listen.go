package lab

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A Listener judges who connects: what the client says first, whether it takes
// the lab's certificate, and which identity it shows.
type Listener struct {
	Folder    *Folder
	Authority *Authority
	Name      string   // the name it has a certificate for; "": whichever the client asks for
	ClientCAs [][]byte // DER; they are announced, and identities are judged by them
	Judge     *inspect.Runner
	Each      func(*Visit) // called for one connection at a time

	mu     sync.Mutex
	issued map[string]*tls.Certificate
	open   chan struct{} // a place for each connection at a time
}

// A Visit is one connection. Its JSON is a line of `lab listen --format ndjson`.
type Visit struct {
	Time      time.Time      `json:"time"`
	Peer      string         `json:"peer"`
	Hello     *ClientHello   `json:"-"`
	Names     *HelloNames    `json:"hello"` // null: no TLS was spoken
	LooksLike string         `json:"looks_like,omitempty"`
	Whose     string         `json:"whose,omitempty"`
	JA4       string         `json:"ja4,omitempty"`
	Accepted  bool           `json:"accepted"` // the client took the lab's certificate
	Version   string         `json:"version,omitempty"`
	Suite     string         `json:"suite,omitempty"`
	Alert     *tlsname.Alert `json:"alert,omitempty"` // that the client sent
	Error     string         `json:"error,omitempty"`
	Identity  *Shown         `json:"identity"` // null: none was sent
	Request   string         `json:"request,omitempty"`

	Capture *chain.Capture `json:"-"`
}

// HelloNames are the lists of a ClientHello, by their registered names.
type HelloNames struct {
	Bytes      int      `json:"bytes"`       // with its record headers
	ServerName string   `json:"server_name"` // "": none was sent
	ALPN       []string `json:"alpn"`
	Versions   []string `json:"versions"`
	Suites     []string `json:"suites"`
	Groups     []string `json:"groups"`
	Shares     []string `json:"key_shares"`
	Signatures []string `json:"signatures"`
	Extensions []string `json:"extensions"`
}

// Shown is the identity that a client sent, as a server with these client CAs judges it.
type Shown struct {
	Subject  string        `json:"subject"`
	SHA256   string        `json:"sha256"`
	Sent     int           `json:"sent"` // certificates, the leaf among them
	Verdict  chain.Verdict `json:"verdict"`
	Why      []string      `json:"why"` // it would be refused
	Headline string        `json:"headline"`
}

// Bounds of a listener.
const (
	maxVisitors = 64      // at a time
	maxRead     = 1 << 20 // octets of one connection
	maxIssued   = 64      // names that certificates are issued for
	visit       = 15 * time.Second
)

// Serve takes connections until the listener ends.
func (l *Listener) Serve(ctx context.Context, in net.Listener) {
	l.open, l.issued = make(chan struct{}, maxVisitors), map[string]*tls.Certificate{}
	var all sync.WaitGroup
	defer all.Wait()
	for {
		c, err := in.Accept()
		if err != nil {
			return
		}
		select {
		case l.open <- struct{}{}:
		default: // full: whoever is there is judged, and nobody waits
			c.Close()
			continue
		}
		all.Go(func() {
			defer func() { <-l.open }()
			defer c.Close()
			c.SetDeadline(time.Now().Add(visit))
			v := l.receive(ctx, c)
			l.mu.Lock()
			defer l.mu.Unlock()
			l.Each(v)
		})
	}
}

// A tap keeps the first bytes that a connection brings, and ends it when it
// brings too many.
type tap struct {
	net.Conn
	head  []byte
	total int
}

var errTooMuch = errors.New("the client sent more than 1 MiB")

func (t *tap) Read(p []byte) (int, error) {
	if t.total >= maxRead {
		return 0, errTooMuch
	}
	n, err := t.Conn.Read(p[:min(len(p), maxRead-t.total)])
	t.total += n
	t.head = append(t.head, p[:min(n, maxHello-len(t.head))]...)
	return n, err
}

func (l *Listener) receive(ctx context.Context, c net.Conn) *Visit {
	v := &Visit{Time: l.Judge.Now(), Peer: c.RemoteAddr().String()}
	t := &tap{Conn: c}
	s := tls.Server(t, &tls.Config{GetConfigForClient: l.config})
	err := s.HandshakeContext(ctx)
	if h, bad := parseHello(t.head); bad == nil {
		v.Hello, v.JA4, v.Names = h, h.ja4(), h.names()
		v.LooksLike, v.Whose = h.looksLike()
	}
	if err != nil {
		v.failed(err, t.head)
		return v
	}
	state := s.ConnectionState()
	v.Accepted, v.Version, v.Suite = true, tlsname.Version(state.Version).String(), tlsname.Suite(state.CipherSuite).String()
	l.judge(ctx, v, state)
	v.Request = l.answer(s, v)
	return v
}

// config speaks what the client speaks: a protocol it does not name would end the
// handshake for a reason that is not looked for here.
func (l *Listener) config(h *tls.ClientHelloInfo) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS10, ClientAuth: tls.RequestClientCert, ClientCAs: x509.NewCertPool(), SessionTicketsDisabled: true, GetCertificate: l.certificate}
	for _, s := range allSuites() {
		c.CipherSuites = append(c.CipherSuites, s.ID)
	}
	for _, der := range l.ClientCAs {
		if cert, err := x509.ParseCertificate(der); err == nil {
			c.ClientCAs.AddCert(cert)
		}
	}
	if slices.Contains(h.SupportedProtos, "http/1.1") {
		c.NextProtos = []string{"http/1.1"}
	}
	return c, nil
}

// certificate is the one of the name in the lab's folder, or is issued for it.
func (l *Listener) certificate(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := l.Name
	if name == "" {
		name = h.ServerName
	}
	if host, _, err := net.SplitHostPort(h.Conn.LocalAddr().String()); name == "" && err == nil {
		name = host
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if have := l.issued[name]; have != nil {
		return have, nil
	}
	base := fileName(name)
	if checkFileName(base) == nil {
		if pair, err := tls.LoadX509KeyPair(l.Folder.path(base+".fullchain.pem"), l.Folder.path(base+".key")); err == nil {
			l.issued[name] = &pair
			return &pair, nil
		}
	}
	if len(l.issued) >= maxIssued {
		return nil, fmt.Errorf("certificates were issued for %d names already", maxIssued)
	}
	r, err := serverRecipe(name, l.Folder.Now)
	if err != nil {
		return nil, fmt.Errorf("no certificate is issued for the name that was asked for: %w", err)
	}
	leaf, err := l.Authority.leaf("server", r, nil)
	if err != nil {
		return nil, err
	}
	l.issued[name] = &tls.Certificate{Certificate: [][]byte{leaf.DER, l.Authority.Intermediate.DER}, PrivateKey: leaf.Key}
	return l.issued[name], nil
}

// failed says how a handshake ended.
func (v *Visit) failed(err error, head []byte) {
	var remote *net.OpError
	clear, sent := clearAlert(head)
	switch {
	case sent:
		v.Alert, v.Error = &clear, "the client sent alert "+clear.Numbered()
	case errors.As(err, &remote) && remote.Op == "remote error":
		// The alert is of a type that crypto/tls keeps to itself, a number.
		if n := reflect.ValueOf(remote.Err); n.CanUint() {
			a := tlsname.Alert(n.Uint())
			v.Alert, v.Error = &a, "the client sent alert "+a.Numbered()
			return
		}
		v.Error = remote.Err.Error()
	case v.Hello == nil && len(head) == 0:
		v.Error = "the client sent nothing"
	case v.Hello == nil && strings.Contains(string(head[:min(len(head), 64)]), "HTTP/"):
		v.Error = "the client spoke HTTP in clear text"
	case v.Hello == nil:
		v.Error = "the client spoke no TLS"
	case errors.Is(err, io.EOF):
		v.Error = "the client ended the connection without an alert"
	case errors.As(err, new(net.Error)) && strings.Contains(err.Error(), "timeout"):
		v.Error = "the client did not finish the handshake within the time"
	default:
		v.Error = strings.TrimPrefix(err.Error(), "tls: ")
	}
}

// clearAlert finds the alert that a client sent in clear text, as OpenSSL does
// where it refuses a certificate before it has keys to write with; crypto/tls,
// which has keys to read with already, takes that for a broken record.
func clearAlert(data []byte) (a tlsname.Alert, ok bool) {
	for s := cryptobyte.String(data); !s.Empty(); {
		var typ uint8
		var version uint16
		var body cryptobyte.String
		if !s.ReadUint8(&typ) || !s.ReadUint16(&version) || !s.ReadUint16LengthPrefixed(&body) {
			return 0, false
		}
		if typ == 21 && len(body) == 2 && body[1] != 0 { // close_notify says nothing
			return tlsname.Alert(body[1]), true
		}
	}
	return 0, false
}

// judge has the identity judged as a server with these client CAs would.
func (l *Listener) judge(ctx context.Context, v *Visit, state tls.ConnectionState) {
	if len(state.PeerCertificates) == 0 {
		return
	}
	leaf := state.PeerCertificates[0]
	sum := sha256.Sum256(leaf.Raw)
	v.Identity = &Shown{Subject: leaf.Subject.String(), SHA256: hex.EncodeToString(sum[:]), Sent: len(state.PeerCertificates), Why: []string{}}
	c := &chain.Capture{Schema: chain.CaptureSchema, Target: "identity of " + v.Peer, TakenAt: v.Time, Blobs: map[string][]byte{}, Evidence: []chain.Evidence{}}
	o := chain.Observation{Transport: chain.TransportTLS, Network: v.Peer, Outcome: chain.Outcome{OK: true, Version: v.Version, Suite: v.Suite, SuiteID: tlsname.Suite(state.CipherSuite), KeyProof: chain.ProofVerified}}
	job := inspect.Job{ID: v.Peer, RootsPEM: &inspect.List{}, Purpose: "client"}
	for _, cert := range state.PeerCertificates {
		key := chain.BlobKey(cert.Raw)
		c.Blobs[key] = cert.Raw
		o.Sent = append(o.Sent, key)
		job.ChainPEM = append(job.ChainPEM, certificatePEM(cert.Raw))
	}
	c.Observations = []chain.Observation{o}
	v.Capture = c
	for _, der := range l.ClientCAs {
		*job.RootsPEM = append(*job.RootsPEM, certificatePEM(der))
	}
	for _, r := range l.Judge.Inspect(ctx, job) {
		if r.Report == nil {
			v.Identity.Verdict, v.Identity.Headline = chain.Untrusted, r.Failure.Error.Message
			continue
		}
		v.Identity.Verdict, v.Identity.Headline = r.Report.Verdict, r.Report.Headline
		for _, f := range r.Report.Findings {
			if f.Severity == chain.Error && f.Status == chain.Broken {
				v.Identity.Why = append(v.Identity.Why, f.Message+" ["+f.Rule+"]")
			}
		}
	}
}

func certificatePEM(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// answer reads one request and tells the client what was seen.
func (l *Listener) answer(c net.Conn, v *Visit) string {
	defer c.Close()
	c.SetReadDeadline(time.Now().Add(visit / 3))
	r, err := http.ReadRequest(bufio.NewReader(io.LimitReader(c, maxHead)))
	if err != nil {
		return ""
	}
	text := v.Line() + "\n"
	fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(text), text)
	return r.Method + " " + r.URL.Path
}

// Line is the visit in one line.
func (v *Visit) Line() string {
	words := []string{v.Peer}
	if h := v.Hello; h != nil {
		name := h.ServerName
		if name == "" {
			name = "no server_name"
		}
		words = append(words, name)
		if v.LooksLike != "" {
			words = append(words, "looks like "+v.Whose+" ("+v.LooksLike+")")
		} else {
			words = append(words, "JA4 "+v.JA4)
		}
	}
	if !v.Accepted {
		return strings.Join(append(words, v.Error), "  ")
	}
	words = append(words, v.Version, "took the certificate")
	switch id := v.Identity; {
	case id == nil:
		words = append(words, "sent no identity")
	case id.Verdict == chain.Trusted:
		words = append(words, "identity "+id.Subject+" would be taken")
	default:
		words = append(words, "identity "+id.Subject+" would be refused: "+strings.Join(append(id.Why, id.Headline)[:1], ""))
	}
	return strings.Join(words, "  ")
}

// Details are the lines of -v.
func (v *Visit) Details() []string {
	var out []string
	if n := v.Names; n != nil {
		out = append(out, "versions    "+strings.Join(n.Versions, ", "), "suites      "+strings.Join(n.Suites, ", "), "groups      "+strings.Join(n.Groups, ", "),
			"key shares  "+strings.Join(n.Shares, ", "), "signatures  "+strings.Join(n.Signatures, ", "), "extensions  "+strings.Join(n.Extensions, ", "),
			"ALPN        "+strings.Join(v.Hello.ALPN, ", "), fmt.Sprintf("size        %d bytes", v.Hello.Bytes), "JA4         "+v.JA4)
	}
	if v.Accepted {
		out = append(out, "agreed on   "+v.Version+", "+v.Suite)
	}
	if id := v.Identity; id != nil {
		out = append(out, fmt.Sprintf("identity    %s, %d certificates sent, SHA-256 %s", id.Subject, id.Sent, id.SHA256))
		for _, why := range id.Why {
			out = append(out, "refused     "+why)
		}
	}
	if v.Request != "" {
		out = append(out, "request     "+v.Request)
	}
	return out
}

func (h *ClientHello) names() *HelloNames {
	return &HelloNames{Bytes: h.Bytes, ServerName: h.ServerName, ALPN: h.ALPN, Versions: named(h.Versions), Suites: named(h.Suites), Groups: named(h.Groups), Shares: named(h.Shares), Signatures: named(h.Signatures), Extensions: named(h.Extensions)}
}

func named[T fmt.Stringer](list []T) []string {
	out := []string{}
	for _, v := range list {
		out = append(out, v.String())
	}
	return out
}
