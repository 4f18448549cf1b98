package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(versionRule)

var versionRule = &chain.Rule{
	ID:      "lint-version",
	Level:   chain.LevelX509,
	Title:   "the version does not fit the certificate's fields",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.1.2.1"}},
	Explain: "The version says which fields a certificate may have: extensions need version 3, and version 1 is written by leaving the field out. " +
		"A certificate that contradicts itself here is read in different ways by different software, or not at all.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again as version 3: with an extension OpenSSL writes version 3", Issue: &chain.Issuing{Anew: true}}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultVersionExplicitV1, x509read.FaultVersionUnknown, x509read.FaultVersionSyntax, x509read.FaultExtensionsVersion, x509read.FaultUniqueIDVersion)
	}),
}
