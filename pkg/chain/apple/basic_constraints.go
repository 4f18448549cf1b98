package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(basicConstraintsRule)

var basicConstraintsRule = &chain.Rule{
	ID:    "apple-basic-constraints",
	Level: chain.LevelX509,
	Title: "an issuer, the root included, is not marked as a CA",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c", Section: "X-18", Confidence: chain.ConfidenceSource},
	},
	Explain: "Every certificate above item 0 has to say in its basicConstraints that it is a CA. " +
		"Apple platforms hold the trusted anchor to this too, which RFC 5280 does not ask; certificates of version 1 and 2, which cannot say it, pass as the root or as an intermediate under a root of that age. " +
		"The log on the device says that the certificate is not standards compliant.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with the same key and name, and with basicConstraints=critical,CA:TRUE and keyUsage=critical,keyCertSign,cRLSign", Issue: &chain.Issuing{Anew: true}}},
	Apple:     chain.AppleError{Class: chain.ClassCompliance, Sec: -67604},
	InsteadOf: []string{"apple-key-usage"},
	Reads:     x509read.FieldBasicConstraints,
	Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		var hits []chain.Hit
		for i := 1; i < len(p.Items); i++ {
			it := p.Items[i]
			bc := it.Cert.BasicConstraints
			got := "CA:FALSE"
			switch {
			case bc != nil && bc.CA, it.Cert.HasFault(x509read.FaultBasicConstraintsSyntax):
				continue
			case bc == nil && it.Cert.Version < 3 && p.Last().Cert.Version < 3:
				continue
			case bc == nil:
				got = fmt.Sprintf("absent, version %d", it.Cert.Version)
			}
			hits = append(hits, chain.Hit{Item: it, Message: fmt.Sprintf("{item} issued another certificate and has basicConstraints %s", got),
				Evidence: []chain.Evid{{Field: "basicConstraints", Got: got, Want: "CA:TRUE"}},
				Advice: []chain.Advice{{Repair: chain.RepairReissue(it, func(cert *x509read.Certificate) {
					cert.Version, cert.BasicConstraints = 3, &x509read.BasicConstraints{CA: true, PathLen: -1, Critical: true}
				})}}})
		}
		return hits
	}),
}
