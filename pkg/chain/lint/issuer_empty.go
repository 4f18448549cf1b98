package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(issuerEmpty)

var issuerEmpty = &chain.Rule{
	ID:      "lint-issuer-empty",
	Level:   chain.LevelX509,
	Title:   "the issuer is empty",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.1.2.4"}},
	Explain: "Every certificate names who issued it; the chain of trust is built by looking for a certificate with that name. " +
		"An empty issuer leads to no particular CA.",
	Advice:    []chain.Advice{{Who: "CA", Text: "give the CA a subject name and issue {item} again"}},
	InsteadOf: []string{"basic-anchor-not-trusted", "basic-intermediate-missing", "basic-name-chaining"},
	Reads:     x509read.FieldIssuer,
	Check:     chain.PerCertificate(checkIssuerEmpty),
}

func checkIssuerEmpty(it *chain.Item, _ chain.Place) []chain.Hit {
	if !it.Cert.Issuer.Empty() {
		return nil
	}
	return one(it, "the issuer of {item} has no name at all", "issuer", "empty", "a distinguished name")
}
