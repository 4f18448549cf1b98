package identity

import "github.com/chainspect/chainspect/pkg/chain"

var _ = rules.Add(noIntermediates)

var noIntermediates = &chain.Rule{
	ID: "identity-no-intermediates", Level: chain.LevelIdentity, Severity: chain.Note,
	Title:   "the file lacks the certificate that issued the identity's",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.4.2"}, {Doc: "URLCredential", Section: "M-05", Confidence: chain.ConfidenceDocument}, {Doc: "SecItemServer.c", Section: "M-04", Confidence: chain.ConfidenceSource}},
	Explain: "In mutual TLS the client sends its leaf and the intermediates; a server that knows only the root has no other way to build the chain of trust. On Apple platforms the intermediate also has to be in the keychain, or an identity is not offered to a server that names only its root. A CA that issues directly from its root needs none.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "add the intermediates", Commands: []string{"openssl pkcs12 -export -in cert.pem -inkey key.pem -certfile intermediates.pem -out identity.p12"}}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		n, _ := leafOf(id)
		certs := certificates(c, id)
		if n < 0 || certs[n] == nil {
			return nil
		}
		leaf := certs[n]
		for _, x := range certs { // a self-issued leaf finds itself
			if x != nil && x.Subject.Equal5280(leaf.Issuer) {
				return nil
			}
		}
		item := itemOf(c, id, n)
		for _, p := range c.Paths { // issued by a root the server has, or trusted by itself
			if p.End == chain.Anchored && len(p.Items) <= 2 && p.Leaf() == item {
				return nil
			}
		}
		return []chain.Hit{{Item: item, Message: "the certificate that issued the identity's is not in the file",
			Evidence: []chain.Evid{{Field: "issuer", Got: plural(len(certs), "certificate") + ", none with this subject", Want: leaf.Issuer.String()}}}}
	}),
}
