package basic

import (
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(sha1Rule)

var sha1Rule = &chain.Rule{
	ID:    "basic-sha1",
	Level: chain.LevelX509,
	Title: "certificate is signed over SHA-1",
	Sources: []chain.Source{
		{Doc: "NIST SP 800-131A rev. 2", Section: "section 9"},
		{Doc: "Baseline Requirements", Section: "section 7.1.3.2.1"},
		{Doc: "Leurent and Peyrin, USENIX Security 2020", Section: "SHA-1 is a Shambles"},
	},
	// The year in which the browsers stopped to accept it; what is judged at an
	// earlier time is judged by what held then.
	Applies: &chain.Applies{JudgedFrom: time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)},
	Explain: "Two documents with the same SHA-1 hash can be made to order since 2017, and a signature over one is then a signature over the other. Browsers, Apple platforms and Go refuse such signatures on item 0 and on intermediates, of private CAs too. " +
		"The signature of a root under its own key is not used and does not count.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with SHA-256; and set default_md = sha256 in the CA's openssl.cnf", Issue: &chain.Issuing{}}},
	Apple:     chain.AppleError{Class: chain.ClassWeakHash, Sec: -67815},
	InsteadOf: []string{"lint-br-signature-hash"},
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		if l.Child.Cert.Signature.SignatureHash() != "SHA-1" {
			return nil
		}
		return []chain.Hit{{
			Item:     l.Child,
			Message:  "{item} is signed over SHA-1",
			Evidence: []chain.Evid{{Field: "signatureAlgorithm", Got: l.Child.Cert.Signature.OID.Name(), Want: "SHA-256 or better"}},
			Advice: []chain.Advice{{Repair: chain.RepairReissue(l.Child, func(x *x509read.Certificate) {
				x.Signature = x509read.Algorithm{OID: x509read.OIDSHA256WithRSA}
				x.TBSSignature = x.Signature
			})}},
		}}
	}),
}
