package dial

import (
	"net"
	"net/url"
	"strconv"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
)

// clearText asks an http:// target in HTTP, and turns the probe to the HTTPS
// server beside it: the one a redirect to the same host names, or port 443.
func (p *probe) clearText() {
	a := newAttempt(p.target, chain.TransportHTTP, "")
	p.made = append(p.made, a)
	t := p.target
	p.target.Scheme, p.target.Port, p.target.Connect, p.target.HTTPS = "https", "443", withoutPort(t.Connect), true
	conn, done, err := p.d.open(p.ctx, t)
	if err != nil {
		a.fail(err)
		return
	}
	defer done()
	a.connected(conn)
	p.keepAddress(a)
	a.obs.Outcome.Stage = chain.StageHTTP
	answer, err := get(conn, t)
	if answer.status == 0 {
		if err == nil {
			err = net.ErrClosed
		}
		a.fail(err)
		return
	}
	a.obs.Outcome.OK, a.obs.HTTP = true, answer.observed()
	if u, err := url.Parse(answer.location); err == nil && u.Scheme == "https" && u.Hostname() == hostOf(t) {
		if port, err := strconv.Atoi(u.Port()); err == nil && port >= 1024 && port <= 65535 {
			p.target.Port = u.Port()
		}
	}
}

func hostOf(t ask.Target) string {
	if t.ServerName != "" {
		return t.ServerName
	}
	return t.Host
}

func withoutPort(connect string) string {
	if host, _, err := net.SplitHostPort(connect); err == nil {
		return host
	}
	return connect
}
