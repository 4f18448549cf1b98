package basic

import (
	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(selfSigned)

var selfSigned = &chain.Rule{
	ID:    "basic-self-signed",
	Level: chain.LevelX509,
	Title: "item 0 is self-signed",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 6.1"},
		{Doc: "SecTrustServer.c", Section: "X-04", Confidence: chain.ConfidenceSource},
	},
	Explain: "The certificate of the server, or of the client in mutual TLS, is signed with its own key: no CA vouches for it, so nobody but its maker can tell it from an attacker's. " +
		"It can be trusted only where this very certificate is a trusted anchor; a small private CA is easier to look after and passes App Transport Security once its root is installed: `chainspect lab init` makes one for tests.",
	Advice: []chain.Advice{
		{Who: "server administrator", Text: "get item 0 from a CA: a public one, or an internal one whose root the devices have"},
		{Who: "server administrator", Text: "or, for a test server, make a small CA, install its root once, and issue item 0 with it", Commands: []string{"chainspect lab init testca", "chainspect lab server {host} --dir testca"}},
		{Who: "device owner", Text: "or, only for a test, install this very certificate as an anchor"},
		{For: chain.ForClient, Who: "CA", Text: "issue the client a certificate", Commands: []string{"openssl x509 -req -sha256 -days 90 -copy_extensions copy -in client.csr -CA ca.pem -CAkey ca.key -out client.pem"}},
		{For: chain.ForClient, Who: "server administrator", Text: "or trust this very certificate", Config: chain.ClientCAs()},
	},
	Apple: chain.AppleError{Class: chain.ClassTrust, Sec: -67843},
	Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		if p.End != chain.SelfSigned || len(p.Items) != 1 {
			return nil
		}
		it := p.Leaf()
		message := "{item} is signed with its own key, and it is not a trusted anchor"
		ca := it.Cert.IsCA() && len(it.Cert.SubjectAltName) == 0 // with names it is a server's that openssl req -x509 made
		if ca {
			message = "{item} is the self-signed certificate of a CA (CA:TRUE), and it is not a trusted anchor"
		}
		return []chain.Hit{{
			Item:     it,
			Message:  message,
			Foremost: ca,
			Evidence: []chain.Evid{{Field: "issuer", Got: it.Cert.Issuer.String(), Want: "a CA"}},
			Advice:   []chain.Advice{{Repair: chain.RepairOwnCA(it), Assumes: "with a certificate of 90 days from a CA of your own, its root installed"}},
		}}
	}),
}
