package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(der)

var der = &chain.Rule{
	ID:      "lint-der",
	Level:   chain.LevelX509,
	Title:   "the certificate is not encoded in DER",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.1"}, {Doc: "X.690", Section: "sections 10 and 11"}},
	Explain: "A certificate is signed as octets, so its encoding has to be the one and only that DER allows: shortest lengths, no indefinite ones, defaults left out. " +
		"What is valid BER only is accepted by some clients and refused by others, and Go, Firefox and Apple platforms differ in what they let pass.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with software that writes DER", Issue: &chain.Issuing{Anew: true}}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultLengthNotMinimal, x509read.FaultLengthIndefinite, x509read.FaultIntegerNotMinimal, x509read.FaultBooleanNotDER, x509read.FaultBitsPadding, x509read.FaultOID, x509read.FaultCriticalFalseEncoded, x509read.FaultCAFalseEncoded, x509read.FaultSubtreeMinimumEncoded, x509read.FaultKeyUsageNotMinimal, x509read.FaultNameRDNOrder)
	}),
}
