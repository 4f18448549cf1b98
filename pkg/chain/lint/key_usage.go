package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(keyUsageRule)

var keyUsageRule = &chain.Rule{
	ID:      "lint-key-usage",
	Level:   chain.LevelX509,
	Title:   "keyUsage is empty or does not decode",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.3"}},
	Explain: "keyUsage lists what the key may do: at least one bit has to be set, and only the nine that are defined. " +
		"An empty list forbids everything, an unreadable one leaves it to each client to guess.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with the keyUsage it needs: digitalSignature for a server, keyCertSign,cRLSign for a CA"}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultKeyUsageSyntax, x509read.FaultKeyUsageEmpty, x509read.FaultKeyUsageLength, x509read.FaultKeyUsageUnknownBit)
	}),
}
