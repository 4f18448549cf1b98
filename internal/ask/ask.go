// Package ask is what can be asked of a server, as data: of whom, what, and by
// which way. Package dial asks it; whoever describes a question needs no dialler.
package ask

import (
	"bytes"
	"context"
	"crypto"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/dial/starttls"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// A Func asks one target and gives what it observed, in the order made, and the
// certificates that the observations name.
type Func func(context.Context, Target, Plan, Way) ([]chain.Observation, map[string][]byte)

// A Way is how a target is reached, and for how long.
type Way struct {
	Timeout time.Duration                           // all handshakes together; 0 is the dialler's own
	Family  string                                  // "tcp", "tcp4" (-4) or "tcp6" (-6); "" is "tcp"
	Permit  func(context.Context, netip.Addr) error // asked about each address before it is connected to; nil permits all
	Proxy   func(Target) (*url.URL, error)          // the proxy to ask for a target, nil where it is reached directly; nil: none
	Socket  string                                  // path of a socket of this machine to connect to instead; "" none
}

// A Target is a server and the name it is asked for.
type Target struct {
	Host       string // name or IP address, without brackets
	Port       string
	Connect    string // HOST, HOST:PORT or :PORT to connect to instead; "" for Host and Port
	ServerName string // server_name extension; "" sends none
	Scheme     string // URL scheme as given, or ""
	HTTPS      bool   // HTTPS by nature: ALPN is offered and HTTP may be spoken
	Path       string // for the one GET; "" is "/"

	// StartTLS is what is spoken before the ClientHello: nil is nothing,
	// starttls.Auto what port and greeting tell.
	StartTLS *starttls.Dialogue

	// IP is the one address to connect to of those the host has; the zero value
	// leaves the choice to the transport.
	IP netip.Addr
}

// Address is the host:port connected to.
func (t Target) Address() string {
	host, port := t.Host, t.Port
	if t.Connect != "" {
		if h, p, err := net.SplitHostPort(t.Connect); err == nil {
			port = p
			if h != "" {
				host = h
			}
		} else {
			host = strings.Trim(t.Connect, "[]")
		}
	}
	return net.JoinHostPort(host, port)
}

// A Plan says what a probe asks beyond the one handshake that shows the chain.
type Plan struct {
	// Full also learns which versions are spoken and whether static RSA is, so
	// that any Info.plist can be judged from the observations alone.
	Full bool
	// Also names further hellos of the table to say.
	Also []string
	// Identity is presented where the server asks for one, in TLS 1.3 and in
	// TLS 1.2; nil presents none.
	Identity *Identity
	// EveryAddress asks each address of the target's name, not just the first
	// that is reached. The identity is presented, and Full is asked, at one of them.
	EveryAddress bool
	// Nameless also asks without a server_name: what a client gets that sends none.
	Nameless bool
	// Variants presents the identity in every way of Identity.Variants.
	Variants bool
	// Path also requests Target.Path where the handshake asks for no identity,
	// since a server may want one for some paths only.
	Path bool
}

// An Identity is lent by the loader for the time of a probe: what is sent, and
// who signs. The key never leaves the signer.
type Identity struct {
	Chain  [][]byte // DER, leaf first; what is sent is exactly this
	Signer crypto.Signer
	Place  int // where the leaf stands among the certificates of its PEM file, from 0
}

// Variants are the ways to send the identity: the leaf alone, with the
// intermediates, with the root, as far as the chain has them.
func (id Identity) Variants() []Identity {
	if len(id.Chain) == 0 {
		return nil
	}
	withoutRoot := len(id.Chain)
	for withoutRoot > 1 && selfIssued(id.Chain[withoutRoot-1]) {
		withoutRoot--
	}
	var out []Identity
	for n := range len(id.Chain) + 1 {
		if n == 1 || n == withoutRoot || n == len(id.Chain) {
			out = append(out, Identity{Chain: id.Chain[:n:n], Signer: id.Signer, Place: id.Place})
		}
	}
	return out
}

func selfIssued(der []byte) bool {
	cert, err := x509read.Parse(der)
	return err == nil && bytes.Equal(cert.Subject.Raw, cert.Issuer.Raw)
}

// BeginsWithTLS reports whether a port is that of a service that begins with TLS
// and is not HTTPS by nature.
func BeginsWithTLS(port string) bool {
	switch port {
	case "465", "563", "636", "853", "989", "990", "993", "995", "5061", "5223", "6697", "8883":
		return true
	}
	return false
}
