package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(unreadable)

var unreadable = &chain.Rule{
	ID:    "basic-unreadable",
	Level: chain.LevelX509,
	Title: "certificate cannot be read",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "sections 4.1 and 4.2"},
		{Doc: "SecCertificate.c", Section: "X-13", Confidence: chain.ConfidenceSource},
	},
	Explain: "A field of the certificate that trust evaluation needs is absent or not encoded as the standard says, so that nobody can tell what was certified. Clients refuse such a certificate while they read it, before any question of trust, often with a TLS alert that names no reason. " +
		"What could be read of it is shown all the same.",
	Advice: []chain.Advice{
		{Who: "server administrator", Text: "get the certificate from the CA once more and install it: most often a file was damaged in copying, and a whole one is printed; if it comes from the CA like this, the CA issues it again", Commands: []string{"openssl x509 -in cert.pem -noout -text"}},
		{For: chain.ForClient, Who: "whoever made the identity", Text: "get the certificate from the CA once more: most often a file was damaged in copying, and a whole one is printed; if it comes from the CA like this, the CA issues it again", Commands: []string{"openssl x509 -in cert.pem -noout -text"}},
	},
	Apple: chain.AppleError{Class: chain.ClassCompliance, Sec: -67618},
	InsteadOf: []string{"apple-anchor-other-key", "apple-basic-constraints", "apple-extensions", "apple-unparseable-extension", "basic-anchor-not-trusted",
		"basic-encoding", "basic-intermediate-missing", "basic-key-cert-sign", "basic-key-identifier", "basic-name-chaining",
		"basic-name-constraints", "basic-not-ca", "basic-policy", "basic-self-signed", "basic-signature", "basic-signature-uncheckable",
		"basic-unread-extension", "lint-authority-info", "lint-basic-constraints", "lint-br-version", "lint-der",
		"lint-distribution-points", "lint-eku-syntax", "lint-extension-duplicate", "lint-extension-syntax", "lint-key-id-syntax",
		"lint-key-usage", "lint-name-constraints", "lint-name-constraints-subtree", "lint-name-encoding", "lint-policies",
		"lint-policy-constraints", "lint-policy-mappings", "lint-public-key", "lint-san-syntax", "lint-san-uri", "lint-serial",
		"lint-signature-algorithm", "lint-time-encoding", "lint-tls-feature", "lint-trailing-data", "lint-unique-id", "lint-version"},
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, _ chain.Place) []chain.Hit {
		if it.Err != nil {
			return []chain.Hit{{
				Item:     it,
				Message:  fmt.Sprintf("{item} cannot be read as a certificate: %s", it.Err.Error()),
				Evidence: []chain.Evid{{Field: "certificate", Got: fmt.Sprintf("%d bytes", len(it.Cert.Raw)), Want: "a DER encoded X.509 certificate"}},
				Kinds:    []string{"certificate"},
				Advice:   asIssued(c, it),
				Unread:   it.Cert.Unread & evaluated,
			}}
		}
		for i := range it.Cert.Faults {
			f := &it.Cert.Faults[i]
			if !unusable(f) {
				continue
			}
			h := chain.Hit{
				Item:     it,
				Message:  fmt.Sprintf("the field %s of {item} cannot be used: %s", f.Field, f.Message),
				Evidence: []chain.Evid{{Field: f.Field, Got: fmt.Sprintf("malformed, at byte %d", f.Offset), Want: "as RFC 5280 section 4 has it"}},
				Kinds:    []string{"field"}, // strict-encoding says which
				Advice:   asIssued(c, it),
				Unread:   it.Cert.Unread & evaluated,
			}
			h.Try(mended(c, it), "")
			if f.Code == x509read.FaultExtensionsVersion || f.Code == x509read.FaultVersionUnknown {
				h.Advise("CA", "issue {item} again as version 3: with an extension OpenSSL writes version 3")
				h.Advice[0].Issue = &chain.Issuing{Anew: true}
			}
			return []chain.Hit{h}
		}
		return nil
	}),
}

// mended has the item issued again with values where none could be read.
func mended(c *chain.Case, it *chain.Item) chain.Repair {
	return chain.RepairReissue(it, func(x *x509read.Certificate) {
		x.Version = 3
		if x.NotBefore.IsZero() {
			x.NotBefore = wholeSeconds(c.Question.Time)
		}
		if x.NotAfter.IsZero() {
			x.NotAfter = wholeSeconds(c.Question.Time).AddDate(0, 0, 90)
		}
		if x.Unread&x509read.FieldSubjectAltName != 0 && c.Question.NameKind == chain.NameDNS {
			x.SubjectAltName = []x509read.GeneralName{{Tag: x509read.TagDNS, Value: []byte(c.Question.Name)}}
		}
	})
}

// evaluated is what trust evaluation reads of a certificate: all but what few
// clients decode (basic-unread-extension) and what is of no use to it.
const evaluated = x509read.FieldVersion | x509read.FieldSerial | x509read.FieldSignature | x509read.FieldIssuer | x509read.FieldValidity |
	x509read.FieldSubject | x509read.FieldPublicKey | x509read.FieldExtensions&^
	(x509read.FieldIssuerAltName|x509read.FieldFreshestCRL|x509read.FieldTLSFeatures|x509read.FieldSCTList|x509read.FieldCTPoison|x509read.FieldQCStatements)

// unusable lists the faults that leave a field without a value or with more than
// one reading. Those that can be read all the same are basic-encoding's.
func unusable(f *x509read.Fault) bool {
	switch f.Code {
	case x509read.FaultVersionUnknown, x509read.FaultExtensionsVersion, x509read.FaultExtensionsSyntax, x509read.FaultExtensionSyntax,
		x509read.FaultPathLenNegative, x509read.FaultSubtreeIPLength:
		return true
	}
	return f.Lost()&evaluated != 0
}

// asIssued is the advice for an item whose signature verifies: it left the CA
// like this. None where it may have been damaged since, which is the rule's remedy.
func asIssued(c *chain.Case, it *chain.Item) []chain.Advice {
	for _, p := range c.Paths {
		for _, l := range p.Links {
			if l.Child == it && l.Signature.Status == x509read.Verified {
				return []chain.Advice{{Who: "CA", Text: "issue {item} again with software that encodes it right"}}
			}
		}
	}
	return nil
}
