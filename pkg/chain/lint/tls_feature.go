package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(tlsFeatureRule)

var tlsFeatureRule = &chain.Rule{
	ID:      "lint-tls-feature",
	Level:   chain.LevelX509,
	Title:   "an extension of TLS or CT does not decode",
	Sources: []chain.Source{{Doc: "RFC 7633", Section: "section 4"}, {Doc: "RFC 6962", Section: "section 3.3"}},
	Explain: "Some extensions do not speak of the certificate but of the connection it is used on: must-staple, and the receipts of Certificate Transparency logs. " +
		"What stands here cannot be read, so what it was to prove is not proved.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with tlsfeature=status_request (must-staple) or without the extension, and with the SCTs as the logs wrote them"}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultTLSFeatureSyntax, x509read.FaultSCTListSyntax, x509read.FaultCTPoisonSyntax)
	}),
}
