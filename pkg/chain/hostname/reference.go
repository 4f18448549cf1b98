package hostname

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/chainspect/chainspect/pkg/chain"
)

// ReferenceName reads what a user types as a name: a DNS name (in any script;
// the result has A-labels, lower case, no final dot), an IP address (brackets
// are taken off), a mailbox, or a URI such as spiffe://example.org/service. The
// error says in one line what was found and what to write instead.
func ReferenceName(typed string) (name string, kind chain.NameKind, err error) {
	name = strings.TrimSpace(typed)
	if name == "" {
		return "", chain.NameNone, fmt.Errorf("the name is empty: write a host name, an IP address, a mailbox or a URI")
	}
	if len(name) > 2048 {
		return "", chain.NameNone, fmt.Errorf("the name has %d octets: no host name has more than 253", len(name))
	}
	if i := strings.IndexRune(name, utf8.RuneError); i >= 0 { // what stands for octets that are no UTF-8, too
		return "", chain.NameNone, fmt.Errorf("the name %q is not UTF-8 at position %d", name, i+1)
	}
	if i := strings.IndexFunc(name, func(r rune) bool { return r <= ' ' || r == 0x7f }); i >= 0 {
		return "", chain.NameNone, fmt.Errorf("the name %q has a space or control character at position %d", name, i+1)
	}
	if scheme, rest, ok := strings.Cut(name, "://"); ok {
		return referenceURI(name, strings.ToLower(scheme), rest)
	}
	if strings.HasPrefix(strings.ToLower(name), "urn:") {
		return name, chain.NameURI, nil
	}
	if strings.Contains(name, "@") {
		if _, _, ok := splitMailbox(name); !ok {
			return "", chain.NameNone, fmt.Errorf("%q is no mailbox: write local-part@host", name)
		}
		return name, chain.NameEmail, nil
	}
	if strings.ContainsAny(name, "/\\?#") {
		return "", chain.NameNone, fmt.Errorf("%q has a path: write the host name alone", name)
	}
	return referenceHost(name)
}

func referenceURI(name, scheme, rest string) (string, chain.NameKind, error) {
	switch scheme {
	case "http", "https", "ws", "wss", "ftp", "ftps", "tls", "ssl", "tcp", "smtp", "imap", "ldap", "ldaps", "file":
		host := ""
		if u, err := url.Parse(name); err == nil {
			host = u.Hostname()
		}
		if host == "" {
			host = "www.example.com"
		}
		return "", chain.NameNone, fmt.Errorf("%q is a URL, a name is wanted: write its host, %s", name, host)
	}
	if _, ok := foldURI(name); !ok || rest == "" {
		return "", chain.NameNone, fmt.Errorf("%q is no URI", name)
	}
	return name, chain.NameURI, nil
}

func referenceHost(name string) (string, chain.NameKind, error) {
	fail := func(format string, args ...any) (string, chain.NameKind, error) {
		return "", chain.NameNone, fmt.Errorf(format, args...)
	}
	if inner, ok := strings.CutPrefix(name, "["); ok {
		address, after, closed := strings.Cut(inner, "]")
		switch {
		case !closed:
			return fail("%q has no closing bracket", name)
		case after != "":
			return fail("%q has something after the address: write the address alone, %s", name, address)
		}
		name = address
	}
	if _, ok := parseIP(name); ok {
		return strings.ToLower(name), chain.NameIP, nil
	}
	switch strings.Count(name, ":") {
	case 0:
	case 1:
		host, port, _ := strings.Cut(name, ":")
		return fail("%q has the port %q: write the host alone, %s", name, port, host)
	default:
		if strings.Contains(name, "%") {
			return fail("%q has a zone: a certificate cannot hold one, write the address without it", name)
		}
		return fail("%q is no IPv6 address", name)
	}
	host, err := toASCII(name)
	if err != nil {
		return fail("%q is no host name: it has no form in A-labels (%v)", name, err)
	}
	host = strings.TrimSuffix(host, ".")
	for i, label := range strings.Split(host, ".") {
		switch {
		case label == "":
			return fail("%q has an empty label at position %d", name, i+1)
		case len(label) > 63:
			return fail("%q has a label of %d octets, 63 are allowed", name, len(label))
		case strings.Contains(label, "*"):
			return fail("%q has a wildcard: the reference name is the name of one server", name)
		}
	}
	if len(host) > 253 {
		return fail("%q has %d octets, 253 are allowed", name, len(host))
	}
	if !validReference(host) {
		last := host[strings.LastIndexByte(host, '.')+1:]
		if strings.Trim(last, "0123456789") == "" {
			return fail("%q ends in a number but is no IPv4 address of four numbers from 0 to 255", name)
		}
		return fail("%q is no host name: letters, digits, hyphens, underscores and dots are allowed", name)
	}
	return host, chain.NameDNS, nil
}
