package mtls

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(partialChain)

var partialChain = &chain.Rule{
	ID: "mtls-partial-chain", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title: "the server trusts an intermediate and not its root",
	Sources: []chain.Source{{Doc: "openssl-verification-options", Section: "-partial_chain"}, {Doc: "RFC 5280", Section: "section 6.1.1 (d)"},
		{Doc: "crypto/x509", Section: "Certificate.Verify"}},
	Explain: "Any certificate may be a trusted anchor, and servers in Go or Java end the chain of trust at it. OpenSSL wants a self-signed root unless it is told to take a partial chain; nginx, Apache and haproxy do not tell it so, and refuse the identity with “unable to get issuer certificate” (OpenSSL error 2).",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "put the root beside the intermediate into the file of client CAs", Commands: []string{"cat intermediate.pem root.pem > client-ca.pem"}, Config: chain.ClientCAs()}},
	Needs:   isClient,
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if p.End != chain.Anchored || p.Anchor.Kind == chain.Builtin {
			return nil
		}
		ca := p.Last()
		if ca.Err != nil || ca.Cert.Subject.Equal5280(ca.Cert.Issuer) && c.VerifySignature(ca, ca).Status != x509read.Wrong {
			return nil
		}
		return []chain.Hit{{Item: ca, Message: "the chain ends at {item}, which is not self-signed: Go and Java take it, OpenSSL without partial chain does not",
			Evidence: []chain.Evid{{Field: "trusted anchor", Got: ca.Cert.Subject.String() + ", issued by " + ca.Cert.Issuer.String(), Want: "a self-signed root, for nginx, Apache, haproxy and openssl s_server"}}}}
	}),
}
