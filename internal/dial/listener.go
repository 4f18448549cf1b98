package dial

import (
	"context"
	"fmt"
	"net"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/chain"
)

// explainSilence tells a server that began to answer, and a run that was
// interrupted, from one that sent nothing within the time.
func (a *attempt) explainSilence(cause error, in *listener) {
	o := &a.obs.Outcome
	switch {
	case o.ErrorKind != chain.ErrorTimeout:
	case cause == context.Canceled:
		o.Error = "interrupted before the handshake had come to an end"
	case o.Version == "" && in.total > 0:
		o.Error = fmt.Sprintf("connected, and the server began to answer (%d bytes of %s), but did not finish within the time", in.total, in.what())
	}
}

// A listener tells when the first byte of an answer comes, and counts them.
type listener struct {
	net.Conn
	heard func()
	first byte
	total int
}

func (l *listener) Read(b []byte) (int, error) {
	n, err := l.Conn.Read(b)
	if n > 0 && l.total == 0 {
		l.first = b[0]
		if l.heard != nil {
			l.heard()
		}
	}
	l.total += n
	return n, err
}

// what names the kind of record the answer began with.
func (l *listener) what() string {
	switch l.first {
	case tlswire.RecordHandshake:
		return "a TLS handshake message"
	case tlswire.RecordAlert:
		return "a TLS alert"
	}
	return "a TLS record"
}
