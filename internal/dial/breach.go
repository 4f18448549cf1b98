package dial

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A breach is where a server leaves the rules of TLS: no client goes on from
// there. What is a breach is what BoringSSL ends a handshake for, the family of
// Apple's TLS stack, or what the RFC cited at the line says must be refused.
type breach struct {
	alert tlsname.Alert // what a client answers
	text  string        // what the server did
}

func (b *breach) Error() string { return b.text }

func breaks(alert tlsname.Alert, format string, args ...any) error {
	return &breach{alert, fmt.Sprintf(format, args...)}
}

// malformed: a message, or a part of one, that does not have the form it should.
func malformed(what fmt.Stringer) error {
	return breaks(tlsname.DecodeError, "sent a malformed %s", what)
}

// An outside is an answer that breaks no rule and that this reader cannot follow.
type outside struct {
	kind chain.ErrorKind
	text string
}

func (o *outside) Error() string { return o.text }

// beyond is what this client cannot compute, or what shows no certificate.
func beyond(format string, args ...any) error {
	return &outside{chain.ErrorTLS, fmt.Sprintf(format, args...)}
}

// Bounds on what a server may make the reader hold. OpenSSL, BoringSSL and their
// like read a tenth of it.
const (
	maxFlight      = 2 << 20 // bytes of one connection, records and all
	maxMessage     = 1 << 20 // one handshake message, compressed or not
	maxCertificate = 1024    // items of one Certificate message
)

// Ends of ours that no further hello gets around.
var (
	errTooLong = &outside{chain.ErrorLocal, "the server sent more than 2 MiB before the end of its handshake, and this program reads no more"}
	errEmpty   = &breach{tlsname.UnexpectedMessage, "sent records without content, without end"}
	errWarning = &breach{tlsname.UnexpectedMessage, "sent warning alerts without end"}
)
