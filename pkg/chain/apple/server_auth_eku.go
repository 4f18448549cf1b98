package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(serverAuthEku)

var serverAuthEku = &chain.Rule{
	ID:    "apple-server-auth-eku",
	Level: chain.LevelX509,
	Title: "item 0 does not name the purpose serverAuth",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c SecPolicyCheckServerAuthEKU", Section: "E-02", Confidence: chain.ConfidenceTested},
		{Doc: "SecPolicyServer.c SecPolicyCheckServerAuthEKU", Section: "E-03", Confidence: chain.ConfidenceTested},
		{Doc: "Apple 103769", Section: "extended key usage", Confidence: chain.ConfidenceDocument},
	},
	Explain: "A server's item 0 has to say that it is for TLS servers: its extended key usage must contain serverAuth by name, and anyExtendedKeyUsage does not do. " +
		"Apple platforms ask for it under every built-in root, and since July 2019 under an anchor the app adds itself; under an installed root a certificate without the extension still passes. " +
		"The device says that the certificate is not permitted for this usage.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with extendedKeyUsage=serverAuth", Issue: &chain.Issuing{Anew: true}}},
	Apple:  chain.AppleError{Class: chain.ClassUsage, Sec: -67609},
	// An extension that does not allow servers at all is the general fault.
	Reads: x509read.FieldExtKeyUsage,
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		leaf := p.Leaf()
		if !server(c) || hasPurpose(leaf.Cert, x509read.OIDServerAuth) {
			return nil
		}
		got := purposes(leaf.Cert.ExtKeyUsage)
		h := chain.Hit{Item: leaf, Evidence: []chain.Evid{{Field: "extendedKeyUsage", Got: got, Want: "serverAuth"}}}
		// The comparison is strict here, unlike that of the lifetimes.
		late := leaf.Cert.NotBefore.After(from825Every)
		switch {
		case p.Builtin(), p.Anchor != nil && p.Anchor.Kind == chain.App && late:
			h.Message = fmt.Sprintf("the extended key usage of {item} is %s, want serverAuth under %s", got, anchoredBy(p))
			h.Try(chain.RepairReissue(leaf, func(cert *x509read.Certificate) {
				cert.ExtKeyUsage = append([]x509read.OID{x509read.OIDServerAuth}, cert.ExtKeyUsage...)
			}), "")
		case late && p.Anchor == nil:
			h.AtMost = chain.Note
			h.Message = fmt.Sprintf("the extended key usage of {item} is %s: once trusted, this passes under an installed root only", got)
		case late:
			h.AtMost = chain.Note
			h.Message = fmt.Sprintf("the extended key usage of {item} is %s, which passes only because the root is installed", got)
		default:
			return nil
		}
		return []chain.Hit{h}
	}),
}
