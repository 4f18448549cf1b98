package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(weakHash)

var weakHash = &chain.Rule{
	ID:    "basic-weak-hash",
	Level: chain.LevelX509,
	Title: "certificate is signed over an MD hash",
	Sources: []chain.Source{
		{Doc: "RFC 6151", Section: "section 2"},
		{Doc: "SecPolicyServer.c", Section: "K-04", Confidence: chain.ConfidenceTested},
	},
	Explain: "MD5 and its elders are broken: in 2008 researchers, and in 2012 an attacker, made a CA certificate out of a harmless one that had the same MD5 hash. A signature over such a hash says nothing. " +
		"The signature of a root under its own key is not used and does not count.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with SHA-256", Issue: &chain.Issuing{}}},
	Apple:  chain.AppleError{Class: chain.ClassWeakHash, Sec: -67815},
	InsteadOf: []string{"apple-md5", "apple-sha1", "apple-signature-unsupported", "ats-signature-hash", "basic-signature-uncheckable",
		"lint-br-signature-hash"},
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		hash := l.Child.Cert.Signature.SignatureHash()
		switch hash {
		case "MD2", "MD4", "MD5":
		default:
			return nil
		}
		return []chain.Hit{{
			Item:     l.Child,
			Message:  fmt.Sprintf("{item} is signed over %s, a broken hash", hash),
			Evidence: []chain.Evid{{Field: "signatureAlgorithm", Got: l.Child.Cert.Signature.OID.Name(), Want: "SHA-256 or better"}},
			Advice: []chain.Advice{{Repair: chain.RepairReissue(l.Child, func(x *x509read.Certificate) {
				x.Signature = x509read.Algorithm{OID: x509read.OIDSHA256WithRSA}
				x.TBSSignature = x.Signature
			})}},
		}}
	}),
}
