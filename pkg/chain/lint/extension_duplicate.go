package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(extensionDuplicate)

var extensionDuplicate = &chain.Rule{
	ID:      "lint-extension-duplicate",
	Level:   chain.LevelX509,
	Title:   "an extension is there more than once",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2"}},
	Explain: "A certificate must not have two instances of one extension: software that takes the first and software that takes the last would see two different certificates under one signature. " +
		"Apple platforms and most libraries refuse such a certificate.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with every extension once; look for one that both the request and the profile of the CA add", Issue: &chain.Issuing{Anew: true}}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultExtensionDuplicate)
	}),
}
