package lint

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(nameConstraintsSubtree)

var nameConstraintsSubtree = &chain.Rule{
	ID:      "lint-name-constraints-subtree",
	Level:   chain.LevelX509,
	Title:   "a subtree of nameConstraints is malformed",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.10"}},
	Explain: "A subtree is a host or domain name, an address with its mask, a mailbox or its host, each in one fixed form, without minimum and maximum. " +
		"A subtree in another form – a wildcard, a leading dot before a host name, two @ signs – is understood differently by every client, so that the restriction holds for some only.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again: permitted;DNS:example.com covers the name and everything below, permitted;IP:192.0.2.0/255.255.255.0 a network"}},
	Check:  chain.PerCertificate(checkSubtrees),
}

func checkSubtrees(it *chain.Item, at chain.Place) []chain.Hit {
	hits := ofFaults(it, x509read.FaultSubtreeMinimum, x509read.FaultSubtreeMaximum, x509read.FaultSubtreeIPLength, x509read.FaultSubtreeIPMask)
	nc := it.Cert.NameConstraints
	if nc == nil {
		return hits
	}
	for _, list := range [][]x509read.Subtree{nc.Permitted, nc.Excluded} {
		for _, s := range list {
			if want := subtreeFault(s.Base); want != "" {
				return append(hits, one(it, fmt.Sprintf("the %s %s in the nameConstraints of {item} is no subtree", s.Base.Kind(), quoted(s.Base.Text())), "nameConstraints", quoted(s.Base.Text()), want)...)
			}
		}
	}
	return hits
}

// subtreeFault names the form a base should have; "" where it has it.
func subtreeFault(base x509read.GeneralName) string {
	text := base.Text()
	switch base.Tag {
	case x509read.TagDNS:
		if text != "" && !hostName(text) {
			return "a host name without wildcard or leading dot"
		}
	case x509read.TagEmail:
		if host := strings.TrimPrefix(text, "."); text != "" && !mailbox(text) && !hostName(host) {
			return "a mailbox, a host, or a domain with a leading dot"
		}
	case x509read.TagURI:
		if text != "" && !hostName(strings.TrimPrefix(text, ".")) {
			return "a host, or a domain with a leading dot"
		}
	}
	return ""
}
