package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(unreadExtension)

var unreadExtension = &chain.Rule{
	ID:    "basic-unread-extension",
	Level: chain.LevelX509,
	Title: "an extension that few clients read does not decode",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "sections 4.2.1.7, 4.2.1.10 and 4.2.1.15"},
		{Doc: "SecCertificate.c", Section: "X-13a, X-15", Confidence: chain.ConfidenceSource},
	},
	Explain: "issuerAltName, freshestCRL and the mask of a constrained address range have an encoding of their own, and a client that decodes every extension it knows refuses the certificate for a fault in one of them. " +
		"Apple platforms leave the first two undecoded and take any mask, so nothing is seen there.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with the extension well-formed, or without it", Issue: &chain.Issuing{Anew: true}}},
	Apple:     chain.AppleError{Class: chain.ClassCompliance, Sec: -67618},
	InsteadOf: []string{"lint-distribution-points", "lint-san-syntax"},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		for i := range it.Cert.Faults {
			f := &it.Cert.Faults[i]
			if !unread(f) {
				continue
			}
			return []chain.Hit{{
				Item:     it,
				Message:  fmt.Sprintf("the field %s of {item} does not decode: %s", f.Field, f.Message),
				Evidence: []chain.Evid{{Field: f.Field, Got: f.Message, Want: "as RFC 5280 section 4.2.1 encodes it"}, {Field: "byte", Got: fmt.Sprint(f.Offset)}},
				Advice:   []chain.Advice{{Repair: chain.RepairReissue(it, func(*x509read.Certificate) {})}},
				Unread:   it.Cert.Unread & undecoded,
			}}
		}
		return nil
	}),
}

// unread lists the faults of what a client may leave undecoded.
func unread(f *x509read.Fault) bool {
	return f.Code == x509read.FaultSubtreeIPMask || f.Lost()&undecoded != 0
}

// undecoded is what few clients decode.
const undecoded = x509read.FieldIssuerAltName | x509read.FieldFreshestCRL
