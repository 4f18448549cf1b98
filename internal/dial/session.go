package dial

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"reflect"
	"strings"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A session is a handshake that is completed, by crypto/tls: with an identity,
// or with none to learn whether that will do.
type session struct {
	target ask.Target
	conn   *tls.Conn
	rec    *recording
	done   func()

	asked  bool // a CertificateRequest came
	sent   bool // and an identity was given in answer
	demand *chain.ClientAuthDemand
}

// startSession connects and shakes hands. On an error the session still tells
// what was seen; it has to be closed in any case.
func (d *dialer) startSession(ctx context.Context, t ask.Target, hello string, id *ask.Identity, alpn bool) (*session, error) {
	s := &session{target: t}
	raw, done, err := d.open(ctx, t)
	if err != nil {
		return s, err
	}
	s.done = done
	s.rec = &recording{Conn: raw}
	config := &tls.Config{
		// The handshake never verifies; the judging does.
		InsecureSkipVerify: true,
		ServerName:         sniName(t.ServerName),
		MinVersion:         tls.VersionTLS13,
		MaxVersion:         tls.VersionTLS13,
		KeyLogWriter:       s.rec.logKeys(),
		GetClientCertificate: func(cri *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			return s.answer(cri, id), nil
		},
	}
	if hello == tlsname.HelloGo12 {
		config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS12
		config.Renegotiation = tls.RenegotiateOnceAsClient
		for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
			config.CipherSuites = append(config.CipherSuites, suite.ID)
		}
	}
	if alpn {
		config.NextProtos = []string{"http/1.1"}
	}
	s.conn = tls.Client(s.rec, config)
	return s, s.conn.HandshakeContext(ctx)
}

// answer gives the identity whatever authorities the server names: that it is
// not among them is the server's to judge.
func (s *session) answer(cri *tls.CertificateRequestInfo, id *ask.Identity) *tls.Certificate {
	s.asked = true
	s.demand = &chain.ClientAuthDemand{Mode: chain.ClientAuthUnknown, Types: []byte{}, Schemes: []tlsname.Scheme{},
		Authorities: append([][]byte{}, cri.AcceptableCAs...)}
	for _, scheme := range cri.SignatureSchemes {
		s.demand.Schemes = append(s.demand.Schemes, tlsname.Scheme(scheme))
	}
	if id == nil {
		return &tls.Certificate{}
	}
	s.sent = true
	return &tls.Certificate{Certificate: id.Chain, PrivateKey: id.Signer}
}

func (s *session) close() {
	if s.done != nil {
		s.done()
	}
}

// awaitFate says close_notify and reads to the alert or the end. A server that
// has hung up takes no close_notify; what it said before is read all the same.
func (s *session) awaitFate() fate {
	f := fate{asked: s.asked, alert: noAlert}
	closeErr := s.conn.CloseWrite()
	_, err := io.Copy(io.Discard, io.LimitReader(s.conn, maxHTTPAnswer))
	if err == nil {
		err = closeErr
	}
	if code, ok := remoteAlert(err); ok {
		f.known, f.alert = true, code
	} else if f.known = err == nil; !f.known {
		f.why = silence(err)
	}
	return f
}

// hungUp is said of a connection that ended instead of an answer. Whether it was
// reset hangs on what of ours the server had not read yet, and tells nothing more.
const hungUp = "the connection was closed without an answer"

// silence says why a connection gave no answer.
func silence(err error) string {
	switch {
	case isTimeout(err), errors.Is(err, net.ErrClosed), errors.Is(err, context.Canceled):
		return "no answer within the time"
	case hangsUp(err):
		return hungUp
	}
	return "the connection broke: " + rootCause(err)
}

// hangsUp: the connection was ended by the other side.
func hangsUp(err error) bool { return errors.Is(err, io.EOF) || connectionReset(err) }

// remoteAlert takes the alert number out of an error of crypto/tls, which
// gives it a type that is not exported.
func remoteAlert(err error) (tlsname.Alert, bool) {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" || op.Err == nil {
		return 0, false
	}
	if v := reflect.ValueOf(op.Err); v.Kind() == reflect.Uint8 {
		return tlsname.Alert(v.Uint()), true
	}
	return 0, false
}

// engineError turns an error of crypto/tls into what our own engine would
// say; local is set where our side refused, and says why.
func engineError(err error) (local string, engine error) {
	if code, ok := remoteAlert(err); ok {
		return "", &errAlert{code: code}
	}
	var header tls.RecordHeaderError
	if errors.As(err, &header) {
		return "", &errNotTLS{head: header.RecordHeader[:]}
	}
	if text := err.Error(); strings.HasPrefix(text, "tls: ") || strings.HasPrefix(text, "x509: ") {
		text = printable(strings.TrimPrefix(text, "tls: "), maxSentence)
		return text, &outside{chain.ErrorTLS, text}
	}
	return "", err
}
