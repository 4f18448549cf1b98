package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(nameChaining)

var nameChaining = &chain.Rule{
	ID:    "basic-name-chaining",
	Level: chain.LevelX509,
	Title: "issuer's name is not the subject above it",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "sections 6.1.3 (a)(4) and 7.1"},
	},
	Explain: "The chain of trust is held together by names: the issuer of each item has to be the subject of the next. The key of the certificate above fits here, the name does not. " +
		"Case, blanks and string types do not count after RFC 5280 section 7.1; anything else does.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with the issuer's name copied octet by octet from the CA's subject, as OpenSSL does", Issue: &chain.Issuing{}}},
	Apple:     chain.AppleError{Class: chain.ClassTrust, Sec: -67843},
	InsteadOf: []string{"apple-key-identifier", "apple-name-chaining", "basic-key-identifier"},
	Reads:     x509read.FieldIssuer | x509read.FieldSubject,
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		issuer, subject := l.Child.Cert.Issuer, l.Issuer.Cert.Subject
		if issuer.Equal5280(subject) && !issuer.Empty() {
			return nil
		}
		if issuer.Empty() && subject.Empty() {
			return []chain.Hit{{
				Item:     l.Issuer, // the child repeats its fault
				Message:  "{item} has an empty subject, so what it issued names no issuer",
				Evidence: []chain.Evid{{Field: "subject", Got: "empty", Want: "a name (RFC 5280 section 4.1.2.6)"}},
				Kinds:    []string{emptyKind(l)},
			}}
		}
		return []chain.Hit{{
			Item:     l.Child,
			Message:  fmt.Sprintf("{item} names another issuer than the certificate above it, %s", l.Issuer.Label()),
			Evidence: []chain.Evid{{Field: "issuer", Got: issuer.String(), Want: subject.String()}},
			Kinds:    []string{"other"},
			Advice: []chain.Advice{{Repair: chain.RepairReissue(l.Child, func(x *x509read.Certificate) {
				x.Issuer = subject
			})}},
		}}
	}),
}

// emptyKind: clients that read the issuer of item 0 alone miss a name there only.
func emptyKind(l *chain.Link) string {
	if l.Child.Index == 0 {
		return "empty-leaf"
	}
	return "empty"
}
