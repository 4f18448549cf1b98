package reach

import (
	"crypto/sha256"
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(issuerForm)

var issuerForm = &chain.Rule{
	ID: "reach-issuer-form", Level: chain.LevelX509, Severity: chain.Warning,
	Title: "the issuer can be fetched as PEM only",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.2.1"},
		{Doc: "SecCAIssuerRequest.m", Section: "X-02", Confidence: chain.ConfidenceSource}},
	Explain: "A certificate may say where the one of its issuer lies (caIssuers), and clients that miss it fetch it there. It has to be in DER, or a PKCS#7 list of certificates. Apple platforms take PEM as well; Windows, Java and Chrome do not, so that the missing intermediate fails some clients and not others.",
	Advice:  []chain.Advice{{Who: "CA", Text: "publish the certificate in DER", Commands: []string{"openssl x509 -in ca.pem -outform DER -out ca.cer"}}},
	Needs:   func(c *chain.Case) bool { return len(inPEM(c)) > 0 },
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		for _, it := range p.Items {
			address, ok := inPEM(c)[it.Cert.SHA256]
			if !ok || it.Origin != chain.OriginFetched {
				continue
			}
			return []chain.Hit{{Item: it, Message: fmt.Sprintf("{item} is PEM at %s: only Apple platforms take that", address),
				Evidence: []chain.Evid{{Field: address, Got: "PEM", Want: "DER, or a PKCS#7 list of certificates"}}}}
		}
		return nil
	}),
}

// inPEM are the addresses of certificates that came as PEM, by their SHA-256.
func inPEM(c *chain.Case) map[[32]byte]string {
	var out map[[32]byte]string
	for i := range c.Capture.Evidence {
		if e := &c.Capture.Evidence[i]; e.Kind == chain.EvidenceCert && e.Form == "pem" {
			if out == nil {
				out = map[[32]byte]string{}
			}
			out[sha256.Sum256(e.Data)] = e.Source
		}
	}
	return out
}
