package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(niap)

var niap = &chain.Rule{
	ID:    "ats-niap",
	Level: chain.LevelATS,
	Title: "the server does not meet the NIAP package for TLS",
	Sources: []chain.Source{
		{Doc: "NSRequiresNIAPTLSPackageVersion", Section: "ATS-49", Confidence: chain.ConfidenceDocument},
		{Doc: "RFC 7627"},
	},
	Explain: "The app's Info.plist holds its connections to NIAP's functional package for TLS, FCP_v2.1, from iOS 26.4 on. In TLS 1.2 it allows only ECDHE with AES-GCM and the extended master secret, and SHA-1 signatures nowhere: stricter than App Transport Security itself.",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "serve TLS 1.3, or TLS 1.2 with ECDHE and AES-GCM from a TLS library that has the extended master secret", Config: strongSuites()}},
	Apple:   chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9824},
	Check: chain.PerObservation(func(c *chain.Case, _ *chain.Observation) []chain.Hit {
		o := faultsOf(c).niap
		if o == nil {
			return nil
		}
		return []chain.Hit{{
			Message:  fmt.Sprintf("%s with %s is not what %s allows", o.Outcome.Version, strictGot(o), niapFCP),
			Evidence: []chain.Evid{{Field: "connection", Got: o.Outcome.Version + ", " + strictGot(o), Want: "TLS 1.3, or TLS 1.2 with ECDHE, AES-GCM and extended master secret"}},
			Advice:   withException(c, chain.Advice{Who: "server administrator", Text: "serve TLS 1.3, or TLS 1.2 with ECDHE and AES-GCM from a TLS library that has the extended master secret", Config: strongSuites()}),
		}}
	}),
}

// strictGot says what a handshake has of the things that strictTLS12 wants.
func strictGot(o *chain.Observation) string {
	text := o.Outcome.Suite
	switch {
	case o.Outcome.SignatureID == 0x0201:
		text += ", signed with rsa_pkcs1_sha1"
	case o.Outcome.EMS != nil && !*o.Outcome.EMS:
		text += " without extended master secret"
	}
	return text
}
