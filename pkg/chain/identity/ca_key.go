package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(caKey)

var caKey = &chain.Rule{
	ID: "identity-ca-key", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title:   "the private key is that of a CA",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "sections 4.2.1.3 and 4.2.1.9"}, {Doc: "TLS for App Developers", Section: "digital identities", Confidence: chain.ConfidenceDocument}},
	Explain: "The file holds a CA's certificate with the CA's private key, not a digital identity for a client or a server. A device that is to trust the CA needs the certificate alone; whoever has the key can issue certificates for any name to everyone who installed the root.",
	Advice:  []chain.Advice{{Who: "whoever holds the CA", Text: "take the certificate out for installing, keep the key where nobody but the CA has it, and for mutual TLS have the CA issue the client a certificate"}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		n, _ := leafOf(id)
		certs := certificates(c, id)
		if n < 0 || n >= len(certs) || certs[n] == nil || !issues(certs[n]) {
			return nil
		}
		h := chain.Hit{Item: itemOf(c, id, n), Named: true, Message: fmt.Sprintf("%s is a CA's, and the CA's private key is in the file", subject(c, id, n)),
			Evidence: []chain.Evid{{Field: "keyUsage", Got: "keyCertSign, of a CA", Want: "the certificate of a client or a server"}}}
		if take := map[string]string{"PKCS#12": "openssl pkcs12 -nokeys -in ", "PEM": "openssl x509 -in "}[id.Format]; take != "" {
			h.Advise("whoever holds the CA", "take the certificate out for installing, keep the key where nobody but the CA has it, and for mutual TLS have the CA issue the client a certificate",
				take+fileWord(id.File)+" -out ca.pem")
		}
		return []chain.Hit{h}
	}),
}

// issues reports whether a certificate is meant to issue others. Without
// keyUsage it need not be: openssl req -x509 marks every certificate as a CA's.
func issues(c *x509read.Certificate) bool {
	return c.IsCA() && c.KeyUsage != nil && c.KeyUsage.Bits&x509read.KeyCertSign != 0
}
