package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(keyParameters)

var keyParameters = &chain.Rule{
	ID:    "basic-key-parameters",
	Level: chain.LevelX509,
	Title: "elliptic curve is not given by its name",
	Sources: []chain.Source{
		{Doc: "RFC 5480", Section: "section 2.1.1"},
	},
	Explain: "A key on an elliptic curve has to name its curve. One that spells the curve's numbers out lets an attacker choose a base point for which he knows the private key of somebody else's public key (CVE-2020-0601). " +
		"RFC 5480 forbids it, and Apple platforms, Go and OpenSSL refuse it.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again for a new key that names its curve, as OpenSSL makes them", Issue: &chain.Issuing{NewKey: true}}},
	Apple:     chain.AppleError{Class: chain.ClassKeySize, Sec: -67735},
	InsteadOf: []string{"apple-key-size", "apple-key-unloadable", "apple-weak-key", "basic-signature-uncheckable", "lint-br-key-type", "lint-public-key"},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		if !it.Cert.HasFault(x509read.FaultECExplicit, x509read.FaultECImplicit) {
			return nil
		}
		got := "explicit parameters"
		if it.Cert.HasFault(x509read.FaultECImplicit) {
			got = "inherited parameters"
		}
		return []chain.Hit{{
			Item:     it,
			Message:  fmt.Sprintf("{item} has an elliptic curve key with %s", got),
			Evidence: []chain.Evid{{Field: "subjectPublicKeyInfo", Got: got, Want: "the name of a curve"}},
			Advice: []chain.Advice{{Repair: chain.RepairReissue(it, func(x *x509read.Certificate) {
				x.PublicKey.Curve, x.PublicKey.Bits = "P-256", 256
			})}},
		}}
	}),
}
