package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(keyIdentifier)

var keyIdentifier = &chain.Rule{
	ID:    "basic-key-identifier",
	Level: chain.LevelX509,
	Title: "key identifiers of item and issuer differ",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 4.2.1.1"},
		{Doc: "SecPolicyServer.c", Section: "X-17", Confidence: chain.ConfidenceSource},
	},
	Explain: "A certificate may say by an identifier which key of its issuer signed it. Apple platforms refuse a chain in which that identifier and the one in the issuer's certificate are both there and differ, in private chains too. " +
		"It happens where a CA certificate was made anew with other settings and older certificates below it still carry the old identifier.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again so that its authorityKeyIdentifier is the CA certificate's subjectKeyIdentifier", Issue: &chain.Issuing{With: []string{"authorityKeyIdentifier=keyid"}}}},
	Apple:     chain.AppleError{Class: chain.ClassCompliance, Sec: -67610},
	InsteadOf: []string{"apple-key-identifier", "lint-br-root-aki"},
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		aki, want := l.Child.Cert.AuthorityKeyID, l.Issuer.Cert.SubjectKeyID
		if !aki.OtherKey(want) {
			return nil
		}
		return []chain.Hit{{
			Item:     l.Child,
			Message:  fmt.Sprintf("{item} names another key identifier than %s has", l.Issuer.Label()),
			Evidence: []chain.Evid{{Field: "authorityKeyIdentifier", Got: fmt.Sprintf("%x", aki.KeyID), Want: fmt.Sprintf("%x", want)}},
			Advice: []chain.Advice{{Repair: chain.RepairReissue(l.Child, func(x *x509read.Certificate) {
				x.AuthorityKeyID = &x509read.AuthorityKeyID{KeyID: want}
			})}},
		}}
	}),
}
