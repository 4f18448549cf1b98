package dial

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/dial/starttls"
	"github.com/chainspect/chainspect/pkg/chain"
)

// maxGreeting is how long a server of unknown protocol is listened to, and no
// longer than a quarter of the time: who speaks first does so at once.
const maxGreeting = 3 * time.Second

// startTLS goes through the target's dialogue on a fresh stream.
func startTLS(conn net.Conn, t ask.Target) error {
	if t.StartTLS == nil {
		return nil
	}
	err := t.StartTLS.Speak(conn, hostOf(t))
	var e *starttls.Error
	if !errors.As(err, &e) {
		return err
	}
	kind := chain.ErrorNotTLS
	switch {
	case e.Timeout():
		kind = chain.ErrorTimeout
	case e.Kind == starttls.Broken:
		kind = chain.ErrorClosed
	}
	return &ReachError{Stage: chain.StageConnect, Kind: kind, Text: e.Error(), Spoke: e.Spoke, Dialogue: dialogueEnd(e)}
}

func dialogueEnd(e *starttls.Error) chain.DialogueEnd {
	switch e.Kind {
	case starttls.NotOffered:
		return chain.StartTLSNotOffered
	case starttls.Refused:
		if e.After == "" {
			return chain.StartTLSTurnedAway
		}
		return chain.StartTLSRefused
	}
	return ""
}

// findStartTLS tells by port and greeting which protocol a server begins with;
// nil: it begins with TLS. The stream it listens on is given up.
func (d *dialer) findStartTLS(ctx context.Context, t ask.Target) *starttls.Dialogue {
	if _, port, err := net.SplitHostPort(t.Address()); err == nil {
		if found := starttls.ByPort(port); found != nil || t.HTTPS && port == "443" || ask.BeginsWithTLS(port) {
			return found
		}
	}
	t.StartTLS = nil
	ctx, cancel := shareOf(ctx, 4)
	defer cancel()
	conn, done, err := d.open(ctx, t)
	if err != nil {
		return nil // the handshake will tell
	}
	defer done()
	if deadline := time.Now().Add(maxGreeting); conn.SetReadDeadline(earlier(ctx, deadline)) != nil {
		return nil
	}
	head := make([]byte, 512)
	n, _ := conn.Read(head)
	return starttls.ByGreeting(head[:n])
}

// earlier is the context's deadline where that comes first.
func earlier(ctx context.Context, t time.Time) time.Time {
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(t) {
		return deadline
	}
	return t
}
