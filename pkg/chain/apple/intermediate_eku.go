package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(intermediateEku)

var intermediateEku = &chain.Rule{
	ID:    "apple-intermediate-eku",
	Level: chain.LevelX509,
	Title: "an intermediate's extended key usage shuts the purpose out",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c", Section: "X-22", Confidence: chain.ConfidenceTested},
		{Doc: "SecPolicyServer.c SecPolicyCheckServerAuthEKU", Section: "E-02", Confidence: chain.ConfidenceTested},
		{Doc: "SecPolicyServer.c", Section: "M-02", Confidence: chain.ConfidenceSource},
	},
	Explain: "An intermediate that carries an extended key usage limits everything below it to the purposes it names, so it has to name the one item 0 is used for, or anyExtendedKeyUsage. " +
		"Under a built-in root the old server-gated-crypto purposes no longer count as serverAuth; the root itself is not examined. The device says that the certificate is not permitted for this usage.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with extendedKeyUsage=serverAuth, or item 0 under another CA", Issue: &chain.Issuing{With: []string{"extendedKeyUsage=serverAuth"}}},
		{For: chain.ForClient, Who: "CA", Text: "issue {item} again with extendedKeyUsage=clientAuth, or item 0 under another CA", Issue: &chain.Issuing{With: []string{"extendedKeyUsage=clientAuth"}}}},
	Apple:     chain.AppleError{Class: chain.ClassUsage, Sec: -67609},
	InsteadOf: []string{"basic-eku"},
	Reads:     x509read.FieldExtKeyUsage,
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		var allowed []x509read.OID
		var want string
		switch {
		case server(c) && p.Builtin():
			allowed = []x509read.OID{x509read.OIDAnyExtKeyUsage, x509read.OIDServerAuth}
			want = "serverAuth or anyExtendedKeyUsage"
		case server(c):
			allowed = []x509read.OID{x509read.OIDAnyExtKeyUsage, x509read.OIDServerAuth, x509read.OIDMSServerGatedCrypto, x509read.OIDNetscapeServerGatedCrypto}
			want = "serverAuth or anyExtendedKeyUsage"
		case c.Question.Purpose == chain.PurposeClient:
			allowed = []x509read.OID{x509read.OIDAnyExtKeyUsage, x509read.OIDClientAuth}
			want = "clientAuth or anyExtendedKeyUsage"
		default:
			return nil
		}
		var hits []chain.Hit
		for i := 1; i < len(p.Items)-1; i++ {
			it := p.Items[i]
			if it.Cert.ExtKeyUsage == nil || hasPurpose(it.Cert, allowed...) {
				continue
			}
			got := purposes(it.Cert.ExtKeyUsage)
			hits = append(hits, chain.Hit{Item: it, Message: fmt.Sprintf("the extended key usage of {item}, an intermediate, is %s, want %s", got, want),
				Advice: []chain.Advice{{Repair: chain.RepairReissue(it, func(cert *x509read.Certificate) {
					cert.ExtKeyUsage = append([]x509read.OID{allowed[1]}, cert.ExtKeyUsage...)
				})}},
				Evidence: []chain.Evid{{Field: "extendedKeyUsage", Got: got, Want: want}}})
		}
		return hits
	}),
}
