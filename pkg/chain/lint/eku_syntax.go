package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(ekuSyntax)

var ekuSyntax = &chain.Rule{
	ID:      "lint-eku-syntax",
	Level:   chain.LevelX509,
	Title:   "extKeyUsage is empty or does not decode",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.12"}},
	Explain: "extKeyUsage lists the purposes of the key, one at least and each once. " +
		"With an empty list the key may be used for nothing, with an unreadable one clients disagree on whether it may be used for TLS.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with a well-formed extendedKeyUsage", Issue: &chain.Issuing{Anew: true}}},
	InsteadOf: []string{"basic-eku"},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultExtKeyUsageSyntax, x509read.FaultExtKeyUsageEmpty, x509read.FaultExtKeyUsageDuplicate)
	}),
}
