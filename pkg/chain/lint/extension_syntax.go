package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(extensionSyntax)

var extensionSyntax = &chain.Rule{
	ID:      "lint-extension-syntax",
	Level:   chain.LevelX509,
	Title:   "the list of extensions is not well-formed",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "sections 4.1.2.9 and 4.2"}},
	Explain: "Extensions are a list of at least one entry, each an identifier, a flag and a value. " +
		"Where the list breaks off or is empty, a reader cannot know which restrictions the CA wanted to put on the certificate.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with software that encodes extensions right", Issue: &chain.Issuing{Anew: true}}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultExtensionsSyntax, x509read.FaultExtensionsEmpty, x509read.FaultExtensionSyntax, x509read.FaultTrailingExtension)
	}),
}
