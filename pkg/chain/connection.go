package chain

import (
	"strconv"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// connection describes the handshake whose list is judged; nil where there was none.
func connection(capture *Capture, o *Observation) *Connection {
	if o == nil || o.Transport != TransportTLS {
		return nil
	}
	c := &Connection{Address: o.Address, Version: o.Outcome.Version, Suite: o.Outcome.Suite, Group: o.Outcome.Group,
		ALPN: o.Outcome.ALPN, Hello: o.Hello, EMS: o.Outcome.EMS, ServerName: o.ServerName, Network: o.Network, StartTLS: o.StartTLS, Via: o.Via,
		ClientAuth: ClientAuthReport{Mode: ClientAuthNone, Authorities: []string{}}}
	if d := o.ClientAuth; d != nil {
		c.ClientAuth.Mode = d.Mode
		for _, raw := range d.Authorities {
			n, _ := x509read.ParseName(raw)
			c.ClientAuth.Authorities = append(c.ClientAuth.Authorities, n.String())
		}
	}
	for i := range capture.Observations {
		if p := capture.Observations[i].Presented; p != nil && len(p.Sent)+len(p.Withheld) > 0 {
			c.ClientAuth.Attempts = append(c.ClientAuth.Attempts, IdentityAnswer{p.Version, len(p.Sent), p.Fate, p.Over, p.Alert, p.Status, p.Sentence, p.LocalNote})
		}
	}
	return c
}

// handshakes lists the TLS handshakes of a capture that has more than one.
func handshakes(c *Capture) []Handshake {
	var out []Handshake
	for i := range c.Observations {
		if o := &c.Observations[i]; o.Transport == TransportTLS {
			out = append(out, Handshake{o.Hello, o.ServerName, o.Outcome.Version, o.Outcome.Alert, o.Outcome.Error, o.Network})
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// StatusLine names a status and what the page said: "HTTP 403 Forbidden", also
// where the page repeats the number.
func StatusLine(status int, sentence string) string {
	number := strconv.Itoa(status)
	if rest, ok := strings.CutPrefix(sentence, number); ok && (rest == "" || rest[0] == ' ') {
		sentence = rest
	}
	return strings.TrimSpace("HTTP " + number + " " + strings.TrimSpace(sentence))
}
