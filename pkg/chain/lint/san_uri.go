package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(sanUri)

var sanUri = &chain.Rule{
	ID:      "lint-san-uri",
	Level:   chain.LevelX509,
	Title:   "a URI in subjectAltName is not absolute",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.6"}},
	Explain: "A URI in a certificate needs a scheme and something behind it; a relative reference has no meaning outside the page it stands on. " +
		"Clients that know workloads by their URI cannot match it.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with an absolute URI: subjectAltName=URI:spiffe://example.org/service"}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultGeneralNameURI)
	}),
}
