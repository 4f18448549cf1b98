package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(signatureAlgorithmRule)

var signatureAlgorithmRule = &chain.Rule{
	ID:      "lint-signature-algorithm",
	Level:   chain.LevelX509,
	Title:   "the signature algorithm is given in two ways",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "sections 4.1.1.2 and 4.1.2.3"}, {Doc: "RFC 4055", Section: "section 5"}, {Doc: "RFC 5758", Section: "section 3.2"}},
	Explain: "A certificate names the algorithm of its signature twice, inside and outside of what is signed, and both have to be the same, with the parameters the algorithm's document asks for. " +
		"The outer one is not protected by the signature: a difference is what an attacker who swaps algorithms would leave behind.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with software that writes both fields alike", Issue: &chain.Issuing{}}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultAlgorithmMismatch, x509read.FaultParametersMismatch, x509read.FaultAlgorithmParameters, x509read.FaultAlgorithmSyntax, x509read.FaultSignatureSyntax, x509read.FaultSignatureUnusedBits)
	}),
}
