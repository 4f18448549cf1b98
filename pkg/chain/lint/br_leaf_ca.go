package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(brLeafCa)

var brLeafCa = &chain.Rule{
	ID:      "lint-br-leaf-ca",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "item 0 is a CA",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "sections 7.1.2.7.6, 7.1.2.7.8 and 7.1.2.7.11"}},
	Explain: "The certificate of a server must not be one that may issue others: whoever breaks into the server could then make certificates for any name. " +
		"RFC 5280 itself allows it, the rules for public CAs do not.",
	Advice:    []chain.Advice{{Who: "server administrator", Text: "have a certificate of its own issued for the server, with basicConstraints=CA:FALSE, and keep the CA's key off the server"}},
	InsteadOf: []string{"lint-br-eku-missing"},
	Check:     chain.PerCertificate(checkLeafCA),
}

func checkLeafCA(it *chain.Item, at chain.Place) []chain.Hit {
	if !at.Leaf || !it.Cert.IsCA() {
		return nil
	}
	return one(it, "{item} is the server's certificate and has CA:TRUE", "basicConstraints", "CA:TRUE", "CA:FALSE, or none")
}
