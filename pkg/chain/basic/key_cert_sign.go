package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(keyCertSignRule)

var keyCertSignRule = &chain.Rule{
	ID:    "basic-key-cert-sign",
	Level: chain.LevelX509,
	Title: "issuer's key must not sign certificates",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 6.1.4 (n)"},
		{Doc: "SecPolicyServer.c", Section: "X-19", Confidence: chain.ConfidenceSource},
	},
	Explain: "The keyUsage of a CA certificate, where it has one, has to list keyCertSign; a key that was meant for something else may be guarded less well. " +
		"This one lists other uses and issued a certificate all the same.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with the same key and name, and with keyUsage=critical,keyCertSign,cRLSign", Issue: &chain.Issuing{Anew: true}}},
	Apple:     chain.AppleError{Class: chain.ClassUsage, Sec: -67608},
	InsteadOf: []string{"apple-key-usage", "lint-path-len"},
	Reads:     x509read.FieldKeyUsage,
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		ku := l.Issuer.Cert.KeyUsage
		if ku == nil || ku.Bits&x509read.KeyCertSign != 0 {
			return nil
		}
		return []chain.Hit{{
			Item:     l.Issuer,
			Message:  fmt.Sprintf("{item} issued %s without keyCertSign in its keyUsage", l.Child.Label()),
			Evidence: []chain.Evid{{Field: "keyUsage", Got: ku.String(), Want: "keyCertSign"}},
			Kinds:    []string{signKind(ku)},
			Advice: []chain.Advice{{Repair: chain.RepairReissue(l.Issuer, func(x *x509read.Certificate) {
				x.KeyUsage = &x509read.KeyUsage{Bits: ku.Bits | x509read.KeyCertSign, Critical: true}
			})}},
		}}
	}),
}

// signKind: to some clients a keyUsage without any bit is none.
func signKind(ku *x509read.KeyUsage) string {
	if ku.Bits == 0 {
		return "empty"
	}
	return "other"
}
