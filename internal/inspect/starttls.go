package inspect

import (
	"cmp"
	"fmt"
	"net"
	"strings"

	"github.com/chainspect/chainspect/internal/shell"
	"github.com/chainspect/chainspect/pkg/chain"
)

// A startTLS is a protocol that begins in clear text and turns to TLS later, as
// openssl s_client names it, with its registered port.
type startTLS struct{ name, port string }

// startTLSByScheme finds the protocol of a URL scheme.
func startTLSByScheme(scheme string) (p startTLS, ok bool) {
	switch scheme {
	case "smtp":
		return startTLS{"smtp", "25"}, true
	case "submission":
		return startTLS{"smtp", "587"}, true
	case "lmtp":
		return startTLS{"lmtp", "24"}, true
	case "imap":
		return startTLS{"imap", "143"}, true
	case "pop", "pop3":
		return startTLS{"pop3", "110"}, true
	case "ftp":
		return startTLS{"ftp", "21"}, true
	case "nntp", "news":
		return startTLS{"nntp", "119"}, true
	case "sieve":
		return startTLS{"sieve", "4190"}, true
	case "ldap":
		return startTLS{"ldap", "389"}, true
	case "xmpp":
		return startTLS{"xmpp", "5222"}, true
	case "irc":
		return startTLS{"irc", "6667"}, true
	case "mysql", "mariadb":
		return startTLS{"mysql", "3306"}, true
	case "postgres", "postgresql":
		return startTLS{"postgres", "5432"}, true
	}
	return startTLS{}, false
}

// startTLSByGreeting finds the protocol of a server that did not answer in TLS.
func startTLSByGreeting(o *chain.Observation) (p startTLS, ok bool) {
	_, port, _ := net.SplitHostPort(o.Address)
	if o.Outcome.Spoke == "smtp" && port == "21" {
		return startTLSByScheme("ftp")
	}
	return startTLSByScheme(o.Outcome.Spoke)
}

// advice says how the chain of such a server is judged all the same, and for the
// same question: STARTTLS is not spoken here, and a file is taken.
func (p startTLS) advice(host, port, serverName string, j *Job) string {
	name := cmp.Or(serverName, host)
	if j.Name != nil {
		name = *j.Name
	}
	sni := " -servername " + cmp.Or(serverName, name, host)
	if net.ParseIP(cmp.Or(serverName, name, host)) != nil { // RFC 6066 section 3: names only
		sni = ""
	}
	return fmt.Sprintf("STARTTLS is not spoken: let openssl fetch the chain (`openssl s_client -starttls %s -connect %s%s -showcerts </dev/null >chain.pem`) and judge the file (`chainspect check chain.pem --name %s%s`)",
		p.name, net.JoinHostPort(host, cmp.Or(port, p.port)), sni, shell.Word(name), j.judging())
}

// unknownScheme refuses a URL whose protocol does not begin with TLS; rest is
// what stands behind "://".
func unknownScheme(url, scheme, rest string, j *Job) error {
	p, ok := startTLSByScheme(scheme)
	if !ok {
		return usage("%s: the scheme %q is not known: write https://, or HOST:PORT", url, scheme)
	}
	authority, _, _ := strings.Cut(rest, "/")
	host, port, err := splitHostPort(authority[strings.LastIndexByte(authority, '@')+1:])
	if err != nil {
		return usage("%s: %s", url, err)
	}
	if _, err := address(host); err != nil {
		return usage("%s: %s", url, err)
	}
	return usage("%s: %s", url, p.advice(host, port, "", j))
}
