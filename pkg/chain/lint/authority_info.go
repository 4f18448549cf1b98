package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(authorityInfo)

var authorityInfo = &chain.Rule{
	ID:      "lint-authority-info",
	Level:   chain.LevelX509,
	Title:   "authorityInfoAccess is empty or does not decode",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.2.1"}, {Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.2.7.7"}},
	Explain: "authorityInfoAccess tells where the issuer's certificate and its OCSP responder are found; it has at least one entry, and these two are URIs. " +
		"Clients that fetch missing intermediates or ask for revocation cannot follow a broken one.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with authorityInfoAccess=caIssuers;URI:http://ca.example.com/ca.cer in openssl.cnf (OCSP;URI:… for a responder)"}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultAuthorityInfoSyntax, x509read.FaultAuthorityInfoEmpty, x509read.FaultAuthorityInfoLocation)
	}),
}
