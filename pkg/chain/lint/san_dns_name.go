package lint

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(sanDnsName)

var sanDnsName = &chain.Rule{
	ID:      "lint-san-dns-name",
	Level:   chain.LevelX509,
	Title:   "a dNSName is no host name",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.6"}, {Doc: "RFC 1034", Section: "section 3.5"}, {Doc: "RFC 1123", Section: "section 2.1"}},
	Explain: "A dNSName is a host name, with a wildcard at most as its whole left-most label: labels of 1 to 63 letters, digits and hyphens, no dot at either end, 253 octets in all. " +
		"Anything else matches nothing, or, worse, something else in careless software.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again without the entry, or with the host name it stands for"}},
	Check:  chain.PerCertificate(checkDNSName),
}

func checkDNSName(it *chain.Item, _ chain.Place) []chain.Hit {
	for _, g := range it.Cert.SubjectAltName {
		if g.Tag != x509read.TagDNS {
			continue
		}
		if isAddress(g.Text()) {
			continue // another rule's
		}
		if !hostName(strings.TrimPrefix(g.Text(), "*.")) {
			return one(it, fmt.Sprintf("the dNSName %s of {item} is no host name", quoted(g.Text())), "subjectAltName", quoted(g.Text()), "a host name")
		}
	}
	return nil
}
