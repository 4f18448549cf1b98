package lint

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(sanIpAsDns)

var sanIpAsDns = &chain.Rule{
	ID:      "lint-san-ip-as-dns",
	Level:   chain.LevelX509,
	Title:   "a dNSName holds an IP address",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.6"}, {Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.2.7.12"}},
	Explain: "Addresses have an entry of their own kind, iPAddress. " +
		"Written as a dNSName an address matches nothing, and name constraints that forbid addresses do not see it.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with subjectAltName=IP:… instead of DNS:…"}},
	Check:  chain.PerCertificate(checkIPAsDNS),
}

// isAddress reports whether a name is an IP address. What neither begins with a
// digit nor has a colon is none, which is sooner seen than an error is made.
func isAddress(name string) bool {
	if name == "" || (name[0] < '0' || name[0] > '9') && !strings.Contains(name, ":") {
		return false
	}
	_, err := netip.ParseAddr(name)
	return err == nil
}

func checkIPAsDNS(it *chain.Item, _ chain.Place) []chain.Hit {
	for _, g := range it.Cert.SubjectAltName {
		if g.Tag != x509read.TagDNS {
			continue
		}
		if isAddress(g.Text()) {
			return one(it, fmt.Sprintf("the dNSName %s of {item} is an IP address", quoted(g.Text())), "subjectAltName", "dNSName "+quoted(g.Text()), "iPAddress "+quoted(g.Text()))
		}
	}
	return nil
}
