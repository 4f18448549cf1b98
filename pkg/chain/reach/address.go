package reach

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(address)

var address = &chain.Rule{
	ID: "reach-address", Level: chain.LevelATS, Severity: chain.Warning,
	Title:   "an address of the name leads to no certificate",
	Sources: []chain.Source{{Doc: "RFC 8305", Section: "sections 4 and 5"}},
	Explain: "A name often has several addresses, of IPv4 and of IPv6, and a client tries them in turn. One that refuses or drops the connection, or answers without certificates, is passed over in silence by some clients, costs others seconds, and fails those that have no other one, such as devices in a network with IPv6 alone. What is said here of the server is said of the addresses that answer.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "let the server listen on every address its name has, open the firewall for it, or take the address out of DNS",
		Config: []string{chain.Nginx + "listen 443 ssl; listen [::]:443 ssl;", chain.Apache + "Listen 443"}}},
	Check: chain.PerList(checkAddress),
}

// maxEvidence bounds what is listed of what a name server made up.
const maxEvidence = 8

// checkAddress looks for addresses that were asked and showed nothing; a
// connection that passed one over on its way is a note, for it may be our network.
func checkAddress(c *chain.Case) []chain.Hit {
	var order []string
	dead, alive := map[string]*chain.Observation{}, ""
	for i := range c.Capture.Observations {
		o := &c.Capture.Observations[i]
		switch _, known := dead[o.Network]; {
		case o.Transport != chain.TransportTLS || o.Network == "":
		case len(o.Sent) > 0:
			dead[o.Network] = nil
			if alive == "" {
				alive = o.Network
			}
		case !known:
			dead[o.Network] = o
			order = append(order, o.Network)
		}
	}
	var evidence []chain.Evid
	n := 0
	for _, peer := range order {
		if o := dead[peer]; o != nil && alive != "" {
			if n++; n <= maxEvidence {
				evidence = append(evidence, chain.Evid{Field: peer, Got: o.Outcome.Error, Want: "certificates, as from " + alive})
			}
		}
	}
	if n > 0 {
		verb := "show"
		if n == 1 {
			verb = "shows"
		}
		return []chain.Hit{{Message: fmt.Sprintf("%d of the %d addresses of the name %s no certificate: %s", n, len(dead), verb, fields(evidence, n)), Evidence: evidence}}
	}
	for i := range c.Capture.Observations {
		o := &c.Capture.Observations[i]
		if len(o.Missed) == 0 {
			continue
		}
		for _, m := range o.Missed[:min(len(o.Missed), maxEvidence)] {
			evidence = append(evidence, chain.Evid{Field: m.Address, Got: m.Error, Want: "a connection, as with " + o.Network})
		}
		return []chain.Hit{{AtMost: chain.Note, Evidence: evidence,
			Message: fmt.Sprintf("the connection went to %s, one of %d addresses of the name, after %s gave none", o.Network, len(o.Resolved), fields(evidence, len(o.Missed)))}}
	}
	return nil
}

// fields lists the fields of evidence about n addresses.
func fields(evidence []chain.Evid, n int) string {
	text := ""
	for i, e := range evidence {
		if i > 0 {
			text += ", "
		}
		text += e.Field
	}
	if n > len(evidence) {
		text += fmt.Sprintf(" and %d more", n-len(evidence))
	}
	return text
}
