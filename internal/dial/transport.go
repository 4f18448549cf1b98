package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
)

// A Transport is how a byte stream to a target is reached: what it returns ends
// at the server, proxies have been asked. Errors should be of type *ReachError.
type Transport interface {
	// Open connects; it ends no later than ctx. The caller closes the stream.
	Open(ctx context.Context, t ask.Target) (net.Conn, error)
}

// transportOf is the transport of a way.
func transportOf(way ask.Way) Transport {
	tcp := TCP{Family: way.Family, Permit: way.Permit}
	switch {
	case way.Socket != "":
		return unixSocket{way.Socket}
	case way.Proxy != nil:
		return proxyRoute{For: way.Proxy, TCP: tcp}
	}
	return tcp
}

// TCP reaches targets directly.
type TCP struct {
	Family string // "tcp", "tcp4" (-4) or "tcp6" (-6); "" is "tcp"
	Lookup Lookup // nil is the system's
	// Permit, where not nil, is asked about each address before it is connected to;
	// one that it has an error for is left out.
	Permit func(context.Context, netip.Addr) error
}

// Open connects to t.IP, to t.Connect, or to the target's own host and port.
func (p TCP) Open(ctx context.Context, t ask.Target) (net.Conn, error) {
	list, port, err := p.addresses(ctx, t)
	if err != nil {
		return nil, reachError(err, t)
	}
	conn, err := race(ctx, list, port)
	if err != nil {
		return nil, reachError(err, t)
	}
	return conn, nil
}

// A ReachError says why no byte stream was had.
type ReachError struct {
	Stage chain.Stage // StageDNS or StageConnect
	Kind  chain.ErrorKind
	Text  string // one line, facts only

	NoFamily string // as chain.Outcome.NoFamily
	Spoke    string // as chain.Outcome.Spoke
	Dialogue chain.DialogueEnd
	Via      string // as chain.Observation.Via
}

func (e *ReachError) Error() string { return e.Text }

func reachError(err error, t ask.Target) error {
	address := t.Address()
	host, _, splitErr := net.SplitHostPort(address)
	if splitErr != nil {
		host = address
	}
	var dns *net.DNSError
	var known *ReachError
	switch {
	case errors.As(err, &known):
		return known
	case ourLimit(err):
		return &ReachError{Stage: chain.StageConnect, Kind: chain.ErrorLocal, Text: "this machine could make no connection to " + address + ": " + rootCause(err)}
	case errors.As(err, &dns) && dns.IsNotFound:
		return &ReachError{Stage: chain.StageDNS, Kind: chain.ErrorDNS, Text: fmt.Sprintf("the name %q does not exist or has no address", host)}
	case errors.As(err, &dns):
		text := fmt.Sprintf("no answer from the name server for %q", host)
		if !dns.IsTimeout {
			text = fmt.Sprintf("looking up %q: %s", host, dns.Err)
		}
		return &ReachError{Stage: chain.StageDNS, Kind: chain.ErrorDNS, Text: text}
	case isTimeout(err):
		return &ReachError{Stage: chain.StageConnect, Kind: chain.ErrorTimeout, Text: "no connection to " + address + " within the time"}
	case errors.Is(err, syscall.ECONNRESET): // accepted, and reset before we could say a word
		return &ReachError{Stage: chain.StageConnect, Kind: chain.ErrorClosed, Text: "the server " + peer(err, address) + " reset the connection"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &ReachError{Stage: chain.StageConnect, Kind: chain.ErrorRefused, Text: "connection to " + peer(err, address) + " refused"}
	}
	return &ReachError{Stage: chain.StageConnect, Kind: chain.ErrorRefused, Text: "no connection to " + peer(err, address) + ": " + rootCause(err)}
}

func familyName(family string) string {
	switch family {
	case "tcp4":
		return "IPv4"
	case "tcp6":
		return "IPv6"
	}
	return "usable"
}

// peer is the IP address and port an attempt went to, where the error tells.
func peer(err error, address string) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Addr != nil {
		return op.Addr.String()
	}
	return address
}

// rootCause is the innermost error: "no route to host".
func rootCause(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return strings.ReplaceAll(err.Error(), "\n", " ")
		}
		err = inner
	}
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout() || errors.Is(err, context.DeadlineExceeded)
}
