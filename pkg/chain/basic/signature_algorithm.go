package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(signatureAlgorithmRule)

var signatureAlgorithmRule = &chain.Rule{
	ID:      "basic-signature-algorithm",
	Level:   chain.LevelX509,
	Title:   "inner and outer signature algorithm differ",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "sections 4.1.1.2 and 4.1.2.3"}, {Doc: "SecCertificate.c", Section: "X-25", Confidence: chain.ConfidenceSource}},
	Explain: "A certificate names its signature algorithm twice, once inside the part that is signed. If the two differ, somebody may have changed the outer one, which no signature protects, so that the signature is computed in another way than the CA meant. " +
		"They have to be the same, parameters included.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with one signature algorithm in both places", Issue: &chain.Issuing{}}},
	Apple:     chain.AppleError{Class: chain.ClassTrust, Sec: -67843},
	InsteadOf: []string{"apple-signature-mismatch", "basic-signature", "basic-signature-uncheckable", "lint-signature-algorithm"},
	Reads:     x509read.FieldSignature,
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		if !it.Cert.HasFault(x509read.FaultAlgorithmMismatch, x509read.FaultParametersMismatch) {
			return nil
		}
		got, want := it.Cert.Signature.OID.Name(), it.Cert.TBSSignature.OID.Name()
		if got == want {
			got += " with other parameters"
		}
		return []chain.Hit{{
			Item:     it,
			Message:  fmt.Sprintf("{item} says %s inside the signed part and %s outside", want, got),
			Evidence: []chain.Evid{{Field: "signatureAlgorithm", Got: got, Want: want}},
			Advice: []chain.Advice{{Repair: chain.RepairReissue(it, func(x *x509read.Certificate) {
				x.Signature = x.TBSSignature
			})}},
		}}
	}),
}
