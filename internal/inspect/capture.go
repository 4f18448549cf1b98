package inspect

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/dial/starttls"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// capture gets the observations of a job.
func (r *Runner) capture(ctx context.Context, q *request) ([]load.Found, error) {
	j := q.job
	switch {
	case len(j.ChainPEM) > 0:
		c, err := inline(j, r.Now())
		return []load.Found{{Path: j.Target, Capture: c}}, err
	case !q.live:
		return r.file(ctx, j)
	}
	c, err := r.ask(ctx, q)
	if c == nil {
		return nil, err
	}
	return []load.Found{{Path: j.Target, Capture: c}}, err
}

// file reads a target that is a file, a directory or standard input.
func (r *Runner) file(ctx context.Context, j *Job) ([]load.Found, error) {
	if fi, err := r.Files.Stat(j.Target); err == nil && fi.IsDir() && j.Target != "-" {
		found, remarks, err := r.Files.Directory(j.Target, r.Now())
		for _, text := range remarks {
			r.remark("%s", text)
		}
		return found, err
	}
	data, err := r.Read(ctx, aTarget, j.Target, time.Duration(j.Timeout))
	var missing *load.Error
	if errors.As(err, &missing) && errors.Is(err, fs.ErrNotExist) {
		missing.Remedy += "; a server is written HOST or HOST:PORT"
	}
	if err != nil {
		return nil, err
	}
	captures, err := load.Captures(j.Target, data, r.Now())
	if len(captures) == 1 && onlyCAs(captures[0]) && j.Target != "-" {
		r.remark("%s: this is a CA certificate: did you mean `--anchor %s` (a root), or `--with %[2]s` (an intermediate)? it is judged as a server's own here", j.Target, chain.ShellFile(j.Target))
	}
	return inFile(j.Target, captures), err
}

// onlyCAs reports whether a file of certificates holds those of CAs and no other. A
// self-signed certificate that names a server is one, whatever else it says.
func onlyCAs(c *chain.Capture) bool {
	o := &c.Observations[0]
	for _, key := range o.Sent {
		cert, err := x509read.Parse(c.Blobs[key])
		if err != nil || cert.BasicConstraints == nil || !cert.BasicConstraints.CA || cert.SubjectAltName != nil {
			return false
		}
	}
	return o.Transport == chain.TransportFile && len(o.Sent) > 0
}

func inFile(path string, captures []*chain.Capture) []load.Found {
	var out []load.Found
	for _, c := range captures {
		out = append(out, load.Found{Path: path, Capture: c})
	}
	return out
}

// nameAsked is the name a saved capture's server was asked for; an IP address is
// not sent, and stands in its target.
func nameAsked(c *chain.Capture) string {
	o := &c.Observations[0]
	if host, _, err := net.SplitHostPort(c.Target); o.ServerName == "" && o.Transport == chain.TransportTLS && err == nil && net.ParseIP(host) != nil {
		return host
	}
	return o.ServerName
}

func inline(j *Job, now time.Time) (*chain.Capture, error) {
	name := j.Target
	if name == "" {
		name = j.ID
	}
	c := &chain.Capture{Schema: chain.CaptureSchema, Target: name, TakenAt: now, Blobs: map[string][]byte{}}
	o := chain.Observation{Transport: chain.TransportJob, Outcome: chain.Outcome{OK: true}}
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
var defaultPorts = map[string]string{"https": "443", "http": "80", "wss": "443", "tls": "443", "ldaps": "636", "imaps": "993", "pop3s": "995", "smtps": "465", "ftps": "990", "dtls": "443"}

// liveTarget reads HOST[:PORT] or a URL.
func liveTarget(j *Job) (ask.Target, error) {
	text := j.Target
	t := ask.Target{Connect: j.Connect, Path: j.Path, StartTLS: starttls.ByName(j.StartTLS)}
	if strings.HasPrefix(j.Connect, unixPrefix) {
		t.Connect = ""
	}
	defaultPort := "443"
	if t.StartTLS != nil && len(t.StartTLS.Schemes) > 0 {
		defaultPort = t.StartTLS.Schemes[0].Port
	}
	if scheme, rest, ok := strings.Cut(text, "://"); ok {
		t.Scheme = strings.ToLower(scheme)
		dialogue, port := starttls.ByScheme(t.Scheme)
		if dialogue == nil {
			port = defaultPorts[t.Scheme]
		}
		switch {
		case port == "":
			return t, usage("%s: the scheme %q is not known: write https://, or HOST:PORT", text, scheme)
		case dialogue != nil && t.StartTLS == nil:
			t.StartTLS = dialogue
		case t.StartTLS != nil && t.StartTLS != dialogue && t.StartTLS != starttls.Auto:
			return t, usage("%s: the scheme %q does not begin in %s: leave --starttls or the scheme out", text, scheme, t.StartTLS.Title)
		}
		defaultPort = port
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
	if strings.HasPrefix(text, "[") { // RFC 6874 section 2: a zone is written %25 in a URL
		text = strings.ReplaceAll(text, "%25", "%")
	}
	host, port, err := splitHostPort(text)
	if err != nil {
		return t, usage("%s: %s", j.Target, err)
	}
	if port == "" {
		port = defaultPort
	}
	q, err := address(host)
	if err == nil {
		err = j.checkFamily(cmp.Or(connectHost(j.Connect), host))
	}
	if err != nil {
		return t, usage("%s: %s", j.Target, err)
	}
	t.Host, t.Port = q.Name, port
	if a, err := netip.ParseAddr(host); err == nil && a.Zone() != "" && connectHost(j.Connect) == "" {
		t.Connect = net.JoinHostPort(host, cmp.Or(strings.TrimPrefix(j.Connect, ":"), port))
	}
	if t.Scheme == "dtls" && (j.Proxy != "" || strings.HasPrefix(j.Connect, unixPrefix)) {
		return t, usage("%s: DTLS is spoken in datagrams, which go through no proxy and no socket of this machine: leave --proxy and unix: out", j.Target)
	}
	t.HTTPS = t.Scheme == "https" || t.Scheme == "" && !ask.BeginsWithTLS(port)
	if t.StartTLS != nil && t.StartTLS != starttls.Auto {
		t.HTTPS = false
	}
	return t, serverName(&t, j, q)
}

// Server is where a job's target is, where it is a server: its host as it was
// written, without brackets, and its port. The error is a *UsageError.
func (j *Job) Server() (host, port string, err error) {
	if err := j.Check(); err != nil {
		return "", "", err
	}
	t, err := liveTarget(j)
	return t.Host, t.Port, err
}

// Asks is how a report will name the job: its target, and the name that is judged
// where the job and not a saved capture says it; ok is false where the job cannot
// be meant.
func (j *Job) Asks() (target, name string, ok bool) {
	var q chain.Question
	target = j.Target
	switch {
	case len(j.ChainPEM) > 0:
		target = cmp.Or(target, j.ID)
	case !load.IsFile(j.Target):
		t, err := liveTarget(j)
		if err != nil {
			return "", "", false
		}
		target, name = display(t), t.Host
	}
	if j.Name != nil {
		name = *j.Name
	}
	if referenceName(&q, name, j.NameKind) != nil {
		return "", "", false
	}
	return target, q.Name, true
}

// serverName is what the server_name extension says: a DNS name, or nothing.
func serverName(t *ask.Target, j *Job, q chain.Question) error {
	if j.Name != nil {
		q = chain.Question{}
		if bad := referenceName(&q, *j.Name, j.NameKind); bad != nil {
			return usage("--name %s", bad)
		}
	}
	if j.ServerName != nil {
		q = chain.Question{}
		if bad := referenceName(&q, *j.ServerName, ""); bad != nil {
			return usage("--servername %s", bad)
		}
	}
	if q.NameKind == chain.NameDNS {
		t.ServerName = strings.TrimSuffix(q.Name, ".")
	}
	return nil
}

// ask talks to the server. A server whose certificates were seen is inspected,
// whatever happened after.
func (r *Runner) ask(ctx context.Context, q *request) (*chain.Capture, error) {
	observations, blobs := r.Ask(ctx, q.target, q.plan, r.way(q))
	c := &chain.Capture{Schema: chain.CaptureSchema, Target: display(q.target), TakenAt: r.Now(), Blobs: blobs, Observations: observations}
	switch {
	case seen(c):
		return c, nil
	case ctx.Err() == context.Canceled:
		return c, &reachFailure{kind: chain.ErrorTimeout, message: c.Target + ": interrupted before it had answered; ask again"}
	}
	return c, unreachable(c)
}

// way is how the server is reached.
func (r *Runner) way(q *request) ask.Way {
	way := ask.Way{Timeout: time.Duration(q.job.Timeout) / 10 * 9, Permit: r.Permit, Proxy: q.proxy}
	if path, ok := strings.CutPrefix(q.job.Connect, unixPrefix); ok {
		way.Socket = path
	}
	switch {
	case q.job.IPv4:
		way.Family = "tcp4"
	case q.job.IPv6:
		way.Family = "tcp6"
	}
	return way
}

// seen reports whether a capture holds something to judge: certificates, or an
// answer over clear-text http.
func seen(c *chain.Capture) bool {
	for i := range c.Observations {
		o := &c.Observations[i]
		if len(o.Sent) > 0 || o.Transport == chain.TransportHTTP && o.Outcome.OK {
			return true
		}
	}
	return false
}

// clearText reports whether the target is an http:// URL, of which a capture has
// the attempt.
func clearText(c *chain.Capture) bool {
	return c != nil && slices.ContainsFunc(c.Observations, func(o chain.Observation) bool { return o.Transport == chain.TransportHTTP })
}

// display is the target as reports name it: host:port, whatever was typed.
func display(t ask.Target) string {
	if t.Scheme == "http" {
		return "http://" + net.JoinHostPort(t.Host, t.Port)
	}
	return net.JoinHostPort(t.Host, t.Port)
}
