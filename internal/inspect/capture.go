package inspect

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/dial"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
)

// capture gets the observations of a job; host is the name a live server was asked for.
func (r *Runner) capture(ctx context.Context, j *Job) (captures []*chain.Capture, host string, err error) {
	if len(j.ChainPEM) > 0 {
		c, err := inline(j, r.Now())
		return []*chain.Capture{c}, "", err
	}
	if j.Target == "" {
		return nil, "", usage("there is no target: give HOST[:PORT], a URL, a file or -")
	}
	if load.IsFile(j.Target) {
		if j.Identity != "" {
			r.remark("%s: --identity is shown to servers; it has no say about a file", j.Target)
		}
		captures, err = load.Captures(j.Target, r.Stdin, r.Now())
		for _, c := range captures {
			if host == "" && len(c.Observations) > 0 {
				host = c.Observations[0].ServerName
			}
		}
		return captures, host, err
	}
	t, err := liveTarget(j)
	if err != nil {
		return nil, "", err
	}
	c, err := r.ask(ctx, j, t)
	if c == nil {
		return nil, t.Host, err
	}
	return []*chain.Capture{c}, t.Host, err
}

func inline(j *Job, now time.Time) (*chain.Capture, error) {
	name := j.Target
	if name == "" {
		name = j.ID
	}
	c := &chain.Capture{Schema: chain.CaptureSchema, Target: name, TakenAt: now, Blobs: map[string][]byte{}}
	o := chain.Observation{Transport: "job", Outcome: chain.Outcome{OK: true}}
	ders, err := pemList("chain_pem", j.ChainPEM)
	if err != nil {
		return c, err
	}
	for _, der := range ders {
		load.Add(c, &o, der, chain.Position{})
	}
	o.Positions = nil
	c.Observations = []chain.Observation{o}
	return c, nil
}

// defaultPorts by URL scheme; HTTPS is what App Transport Security is about.
var defaultPorts = map[string]string{"https": "443", "http": "80", "wss": "443", "tls": "443", "ldaps": "636", "imaps": "993", "pop3s": "995", "smtps": "465", "ftps": "990"}

// liveTarget reads HOST[:PORT] or a URL.
func liveTarget(j *Job) (dial.Target, error) {
	text := j.Target
	t := dial.Target{Connect: j.Connect, Path: j.Path}
	if scheme, rest, ok := strings.Cut(text, "://"); ok {
		t.Scheme = strings.ToLower(scheme)
		if _, known := defaultPorts[t.Scheme]; !known {
			return t, usage("%s: the scheme %q is not known: write https://, or HOST:PORT", text, scheme)
		}
		rest, _, _ = strings.Cut(rest, "#")
		authority, path, hasPath := strings.Cut(rest, "/")
		if i := strings.LastIndexByte(authority, '@'); i >= 0 {
			authority = authority[i+1:]
		}
		if hasPath && t.Path == "" {
			t.Path = "/" + path
		}
		text = authority
	}
	host, port, err := splitHostPort(text)
	if err != nil {
		return t, usage("%s: %s", j.Target, err)
	}
	if port == "" {
		port = "443"
		if p, ok := defaultPorts[t.Scheme]; ok {
			port = p
		}
	}
	var q chain.Question
	if err := referenceName(&q, host, ""); err != nil {
		return t, usage("%s: %s", j.Target, strings.TrimPrefix(err.Error(), "--name "+host+": "))
	}
	t.Host, t.Port = q.Name, port
	t.HTTPS = t.Scheme == "https" || t.Scheme == "" && !isPlainTLSPort(port)
	if q.NameKind == chain.NameDNS {
		t.ServerName = strings.TrimSuffix(q.Name, ".")
	}
	if j.Name != nil {
		t.ServerName = *j.Name
		if net.ParseIP(strings.Trim(*j.Name, "[]")) != nil {
			t.ServerName = ""
		} else if *j.Name != "" {
			if err := referenceName(&q, *j.Name, j.NameKind); err != nil {
				return t, err
			}
			t.ServerName = strings.TrimSuffix(q.Name, ".")
		}
	}
	if j.ServerName != nil {
		if t.ServerName = *j.ServerName; t.ServerName != "" {
			if err := referenceName(&q, t.ServerName, ""); err != nil {
				return t, usage("--servername %s", strings.TrimPrefix(err.Error(), "--name "))
			}
		}
	}
	return t, nil
}

// isPlainTLSPort lists ports of TLS services that are not HTTPS by nature.
func isPlainTLSPort(port string) bool {
	switch port {
	case "465", "563", "636", "853", "989", "990", "993", "995", "5061", "5223", "6697", "8883":
		return true
	}
	return false
}

func splitHostPort(text string) (host, port string, err error) {
	if text == "" {
		return "", "", usage("there is no host")
	}
	if strings.HasPrefix(text, "[") || strings.Count(text, ":") == 1 {
		if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
			return strings.Trim(text, "[]"), "", nil
		}
		host, port, err = net.SplitHostPort(text)
		if err != nil || host == "" {
			return "", "", usage("this is no HOST:PORT")
		}
		if n, err := net.LookupPort("tcp", port); err != nil || n == 0 {
			return "", "", usage("%q is no port: it is a number from 1 to 65535", port)
		}
		return host, port, nil
	}
	return text, "", nil
}

// ask talks to the server. A server whose certificates were seen is inspected,
// whatever happened after.
func (r *Runner) ask(ctx context.Context, j *Job, t dial.Target) (*chain.Capture, error) {
	d := &dial.Dialer{Timeout: time.Duration(j.Timeout)}
	switch {
	case j.IPv4 && j.IPv6:
		return nil, usage("-4 and -6 exclude each other")
	case j.IPv4:
		d.Transport = dial.TCP{Family: "tcp4"}
	case j.IPv6:
		d.Transport = dial.TCP{Family: "tcp6"}
	}
	plan, err := r.plan(j)
	if err != nil {
		return nil, err
	}
	observations, blobs := d.Probe(ctx, t, plan)
	c := &chain.Capture{Schema: chain.CaptureSchema, Target: display(t), TakenAt: r.Now(), Blobs: blobs, Observations: observations}
	switch {
	case seen(c):
		return c, nil
	case ctx.Err() != nil:
		return c, &reachFailure{kind: "timeout", message: c.Target + ": interrupted before it had answered; ask again"}
	}
	return c, unreachable(c)
}

// seen reports whether a capture holds something to judge: certificates, or an
// answer over clear-text http.
func seen(c *chain.Capture) bool {
	for i := range c.Observations {
		o := &c.Observations[i]
		if len(o.Sent) > 0 || o.Transport == "http" && o.Outcome.OK {
			return true
		}
	}
	return false
}

// display is the target as reports name it: host:port, whatever was typed.
func display(t dial.Target) string {
	if t.Scheme == "http" {
		return "http://" + net.JoinHostPort(t.Host, t.Port)
	}
	return net.JoinHostPort(t.Host, t.Port)
}
