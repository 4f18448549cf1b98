package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(publicKey)

var publicKey = &chain.Rule{
	ID:      "lint-public-key",
	Level:   chain.LevelX509,
	Title:   "the public key is not well-formed",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.1.2.7"}, {Doc: "RFC 3279", Section: "section 2.3"}, {Doc: "RFC 5480", Section: "section 2"}},
	Explain: "The certificate's whole point is to bind a name to a key. " +
		"This key is not a number or a point its algorithm can work with, or its parameters are not those of the algorithm, so that no signature of its owner can be relied on.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again for a new key", Issue: &chain.Issuing{NewKey: true}}},
	InsteadOf: []string{"lint-br-key-type", "lint-br-rsa-exponent", "lint-br-rsa-multiple", "lint-br-rsa-size"},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultKeySyntax, x509read.FaultKeyUnusedBits, x509read.FaultKeyParameters, x509read.FaultKeyLength, x509read.FaultRSAModulus, x509read.FaultRSAModulusEven, x509read.FaultRSAExponent, x509read.FaultECParameters, x509read.FaultECImplicit, x509read.FaultECExplicit, x509read.FaultECPoint)
	}),
}
