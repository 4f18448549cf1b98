package reach

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(addressServerName)

var addressServerName = &chain.Rule{
	ID: "reach-address-server-name", Level: chain.LevelName,
	Title:     "no client sends a server_name for an address",
	Sources:   []chain.Source{{Doc: "RFC 6066", Section: "section 3: literal IP addresses are not permitted in HostName"}},
	Explain:   "A client that is told to connect to an IP address has no host name to send: server_name holds DNS names only. What the server shows to a name that was put in by hand is not what such a client sees; a server that insists on a name refuses it, and another one shows the certificate of its default host.",
	Advice:    []chain.Advice{{Who: "app developer", Text: "connect by name; to judge the server so, give the name with --name and the address with --connect", Commands: []string{"chainspect check www.example.com --connect 192.0.2.1"}}},
	Apple:     chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9802},
	InsteadOf: []string{"hostname-mismatch", "hostname-no-san", "hostname-cn-only", "hostname-ip-as-dns"},
	Needs:     func(c *chain.Case) bool { return namedAddress(c) },
	Check: chain.PerLeaf(func(c *chain.Case, leaf *chain.Item) []chain.Hit {
		if !namedAddress(c) {
			return nil
		}
		return []chain.Hit{{Item: leaf, Named: true, Message: fmt.Sprintf("the server was told the name %s, and no client sends server_name for the address %s (RFC 6066)", c.Observation.ServerName, c.Question.Name),
			Evidence: []chain.Evid{{Field: "server_name", Got: c.Observation.ServerName, Want: "none, as for any IP address"}},
			Advice:   byName(c.Observation)}}
	}),
}

// byName is the advice with this server's own name and address; nil where a saved
// capture has them in a form that does not belong into a command.
func byName(o *chain.Observation) []chain.Advice {
	for _, word := range []string{o.ServerName, o.Address} {
		if word == "" || strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.:-[]_") != "" || word[0] == '-' {
			return nil
		}
	}
	return []chain.Advice{{Who: "app developer", Text: "connect by name; to judge the server so",
		Commands: []string{fmt.Sprintf("chainspect check %s --connect %s", o.ServerName, o.Address)}}}
}

// namedAddress reports whether the list that is judged came to a server_name
// while an address is asked about.
func namedAddress(c *chain.Case) bool {
	o := c.Observation
	if o == nil || o.Transport != chain.TransportTLS || o.ServerName == "" || c.Question.NameKind != chain.NameIP {
		return false
	}
	_, err := netip.ParseAddr(o.ServerName)
	return err != nil
}
