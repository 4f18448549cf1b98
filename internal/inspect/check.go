package inspect

import (
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
)

// Check says what in a job cannot be meant, before any file is read or any
// server asked: a *UsageError, or nil.
func (j *Job) Check() error {
	q, err := j.settings(time.Time{})
	if err != nil {
		return err
	}
	name := ""
	if j.Name != nil {
		name = *j.Name
	}
	if bad := referenceName(&q, name, j.NameKind); bad != nil {
		return usage("--name %s", bad)
	}
	if j.ServerName != nil {
		if bad := referenceName(&q, *j.ServerName, ""); bad != nil {
			return usage("--servername %s", bad)
		}
	}
	if _, err := rulebook.Clients(j.Clients); err != nil {
		return usage("--clients: %s", err)
	}
	return j.checkAddress()
}

// CheckIdentity refuses a key or a password that stands beside no identity,
// unless the defaults bring it, which serve jobs that have one.
func (j *Job) CheckIdentity(defaults *Job) error {
	if j.Identity == "" && (j.Key != defaults.Key || j.PasswordFile != defaults.PasswordFile) {
		return usage("--key and --password-file belong to an identity: give --identity FILE as well")
	}
	return nil
}

// checkAddress looks at what says where to connect: HOST, HOST:PORT or :PORT.
func (j *Job) checkAddress() error {
	if j.IPv4 && j.IPv6 {
		return usage("-4 and -6 exclude each other")
	}
	if j.Connect == unixPrefix {
		return usage("--connect %s: name the socket: unix:/run/server.sock", j.Connect)
	}
	if strings.HasPrefix(j.Connect, unixPrefix) && j.Proxy != "" {
		return usage("--connect %s: there is no proxy on the way to a socket of this machine; leave --proxy out", j.Connect)
	}
	if strings.HasPrefix(j.Connect, unixPrefix) {
		return nil
	}
	var err error
	if port, alone := strings.CutPrefix(j.Connect, ":"); alone && !strings.Contains(port, ":") {
		err = checkPort(port)
	} else if j.Connect != "" {
		host := j.Connect
		if !strings.Contains(host, "://") { // which no host has, as address says
			host, _, err = splitHostPort(host)
		}
		if err == nil {
			_, err = address(host)
		}
	}
	if err != nil {
		return usage("--connect %s: %s", j.Connect, err)
	}
	return nil
}

// address reads a host to connect to: a DNS name or an IP address, with a zone
// where it has one, which no name in a certificate has.
func address(host string) (chain.Question, error) {
	var q chain.Question
	name := host
	if a, err := netip.ParseAddr(host); err == nil && a.Zone() != "" {
		name = a.WithZone("").String()
	}
	if bad := referenceName(&q, name, ""); bad != nil {
		return q, usage("%s", bad.why)
	}
	if q.NameKind != chain.NameDNS && q.NameKind != chain.NameIP {
		return q, usage("%q is no host: write a host name or an IP address", host)
	}
	return q, nil
}

// checkFamily says where -4 or -6 excludes the IP address of a host.
func (j *Job) checkFamily(host string) error {
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	switch {
	case err == nil && j.IPv6 && a.Unmap().Is4():
		return usage("-6: %s is an IPv4 address; leave -6 out, or give an IPv6 address", host)
	case err == nil && j.IPv4 && !a.Unmap().Is4():
		return usage("-4: %s is an IPv6 address; leave -4 out, or give an IPv4 address", host)
	case err == nil && a.Is6() && a.IsLinkLocalUnicast() && a.Zone() == "":
		return usage("%s is a link-local address: it needs the interface to leave by, such as %s%%en0", host, host)
	}
	return nil
}

// connectHost is the host of --connect, "" where it is a port alone or nothing.
func connectHost(connect string) string {
	host, _, err := splitHostPort(connect)
	if err != nil {
		return ""
	}
	return host
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
		return host, port, checkPort(port)
	}
	return text, "", nil
}

func checkPort(port string) error {
	if n, err := net.LookupPort("tcp", port); err != nil || n == 0 {
		return usage("%q is no port: it is a number from 1 to 65535", port)
	}
	return nil
}
