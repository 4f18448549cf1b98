package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(keyUsageRule)

var keyUsageRule = &chain.Rule{
	ID:    "apple-key-usage",
	Level: chain.LevelX509,
	Title: "an issuer's key usage does not allow to sign",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c", Section: "X-19", Confidence: chain.ConfidenceSource},
	},
	Explain: "A certificate above item 0 that has a keyUsage needs keyCertSign in it, and Apple platforms ask this of the trusted anchor as well. " +
		"A critical keyUsage without any bit forbids everything; one that is not critical and empty is read as absent, and that of item 0 is not examined. " +
		"The device says that the certificate is not permitted for this usage.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with the same key and name, and with keyUsage=critical,keyCertSign,cRLSign", Issue: &chain.Issuing{Anew: true}}},
	Apple:  chain.AppleError{Class: chain.ClassUsage, Sec: -67608},
	Reads:  x509read.FieldKeyUsage,
	Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		var hits []chain.Hit
		for i := 1; i < len(p.Items); i++ {
			it := p.Items[i]
			ku := it.Cert.KeyUsage
			if ku == nil || ku.Bits&x509read.KeyCertSign != 0 || ku.Empty && !ku.Critical {
				continue
			}
			got := "without keyCertSign"
			if ku.Empty {
				got = "critical, without any bit"
			}
			hits = append(hits, chain.Hit{Item: it, Message: fmt.Sprintf("{item} issued another certificate and has a key usage %s", got),
				Advice: []chain.Advice{{Repair: chain.RepairReissue(it, func(cert *x509read.Certificate) {
					cert.KeyUsage = &x509read.KeyUsage{Bits: ku.Bits | x509read.KeyCertSign, Critical: true}
				})}},
				Evidence: []chain.Evid{{Field: "keyUsage", Got: got, Want: "keyCertSign"}}})
		}
		return hits
	}),
}
