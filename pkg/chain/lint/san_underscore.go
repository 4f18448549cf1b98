package lint

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(sanUnderscore)

var sanUnderscore = &chain.Rule{
	ID:      "lint-san-underscore",
	Level:   chain.LevelX509,
	Title:   "a dNSName has an underscore",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.6"}, {Doc: "RFC 1034", Section: "section 3.5"}, {Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.2.7.12"}},
	Explain: "A dNSName has to be in the preferred name syntax of the DNS: letters, digits and hyphens. " +
		"Underscores are in practical use and clients match them, but public CAs have not been allowed to issue for such names since 2019.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "give the server a name without underscore and have the certificate issued for it"}},
	Check:  chain.PerCertificate(checkUnderscore),
}

func checkUnderscore(it *chain.Item, _ chain.Place) []chain.Hit {
	for _, g := range it.Cert.SubjectAltName {
		if g.Tag == x509read.TagDNS && strings.Contains(g.Text(), "_") {
			return one(it, fmt.Sprintf("the dNSName %s of {item} has an underscore", quoted(g.Text())), "subjectAltName", quoted(g.Text()), "letters, digits, hyphens")
		}
	}
	return nil
}
