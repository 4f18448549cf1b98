package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(notCa)

var notCa = &chain.Rule{
	ID:    "basic-not-ca",
	Level: chain.LevelX509,
	Title: "issuer is not a CA certificate",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 6.1.4 (k)"},
		{Doc: "SecPolicyServer.c", Section: "X-18", Confidence: chain.ConfidenceSource},
	},
	Explain: "Only a certificate that says so in its basicConstraints may issue others; without this check, the owner of any server certificate could issue certificates for every name. " +
		"A certificate of version 1 or 2 cannot say it, and is accepted only as the trusted anchor itself.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with the same key and name, and with basicConstraints=critical,CA:TRUE", Issue: &chain.Issuing{Anew: true}}},
	Apple:  chain.AppleError{Class: chain.ClassCompliance, Sec: -67604},
	InsteadOf: []string{"apple-basic-constraints", "apple-key-usage", "basic-key-cert-sign", "basic-path-length", "lint-ca-basic-constraints",
		"lint-cert-sign-without-ca"},
	Reads: x509read.FieldVersion | x509read.FieldBasicConstraints,
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		cert := l.Issuer.Cert
		bc := cert.BasicConstraints
		if bc != nil && bc.CA || bc == nil && cert.Version < 3 && l.IssuerIsAnchor && cert.Extension(x509read.OIDExtBasicConstraints) == nil {
			return nil
		}
		got := "CA:FALSE"
		switch {
		case bc != nil:
		case cert.Version < 3:
			got = fmt.Sprintf("absent, version %d", cert.Version)
		case cert.Extension(x509read.OIDExtBasicConstraints) != nil:
			got = "not readable"
		default:
			got = "absent"
		}
		return []chain.Hit{{
			Item:     l.Issuer,
			Message:  fmt.Sprintf("{item} issued %s but is not a CA certificate", l.Child.Label()),
			Evidence: []chain.Evid{{Field: "basicConstraints", Got: got, Want: "CA:TRUE"}},
			Kinds:    []string{notCAKind(cert)},
			Advice: []chain.Advice{{Repair: chain.RepairReissue(l.Issuer, func(x *x509read.Certificate) {
				x.Version, x.BasicConstraints = 3, &x509read.BasicConstraints{CA: true, PathLen: -1, Critical: true}
			})}},
		}}
	}),
}

// notCAKind tells apart why a certificate is no CA's: some clients forgive the
// absence of basicConstraints, or take keyCertSign for them.
func notCAKind(cert *x509read.Certificate) string {
	switch {
	case cert.BasicConstraints != nil || cert.Extension(x509read.OIDExtBasicConstraints) != nil:
		return "false"
	case cert.Version < 3:
		return "version"
	case cert.KeyUsage != nil && cert.KeyUsage.Bits&x509read.KeyCertSign != 0:
		return "absent-signs" // but keyCertSign is there
	}
	return "absent"
}
