package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(certificateOnlyRule)

var certificateOnlyRule = &chain.Rule{
	ID: "identity-certificate-only", Level: chain.LevelIdentity,
	Title:   "a certificate without its private key is no identity",
	Sources: []chain.Source{{Doc: "TLS for App Developers", Section: "digital identities", Confidence: chain.ConfidenceDocument}, {Doc: "p12import.c", Section: "P-06", Confidence: chain.ConfidenceSource}},
	Explain: "A certificate is public; you need the identity: the certificate and its private key. In mutual TLS the client proves with the key that the certificate is its own. iOS imports nothing from such a file, macOS imports the certificates and lists no identity.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "export the certificate together with its private key: in Keychain Access choose the entry under “My Certificates”; or with OpenSSL", Commands: []string{"openssl pkcs12 -export -in cert.pem -inkey key.pem -out identity.p12"}}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		if hasKey(id) || len(id.Certificates) == 0 {
			return nil
		}
		return []chain.Hit{{Message: fmt.Sprintf("%s and no private key: a certificate is public; you need the identity", plural(len(id.Certificates), "certificate")),
			Evidence: []chain.Evid{{Field: "private keys", Got: "0", Want: "1 that fits a certificate"}}}}
	}),
}
