package apple

import (
	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(ctNotEmbedded)

var ctNotEmbedded = &chain.Rule{
	ID:    "apple-ct-not-embedded",
	Level: chain.LevelX509,
	Title: "the SCTs are not inside the certificate",
	Sources: []chain.Source{
		{Doc: "CertificateTransparency.m", Section: "C-03", Confidence: chain.ConfidenceTested},
	},
	Explain: "The timestamps came in the handshake or in the stapled OCSP response and suffice there. A client that hands only the certificates to the system for trust evaluation, as many TLS libraries inside apps do, does not pass them on, and then the same server is refused. " +
		"They are also lost when the web server is replaced or its staple expires.",
	Advice:   []chain.Advice{{Who: "server administrator", Text: "get a certificate with embedded SCTs; this shows them", Commands: []string{"openssl x509 -in server.pem -noout -ext ct_precert_scts"}}},
	Apple:    chain.AppleError{Class: chain.ClassCompliance, Sec: -67825},
	Needs:    ctNeeded,
	Instants: chain.AtValidity,
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if !ctEnforced(c, p) {
			return nil
		}
		n := count(c, p)
		if !n.compliant || n.byB {
			return nil
		}
		return []chain.Hit{{Item: p.Leaf(), AtMost: chain.Warning, Message: "Certificate Transparency is satisfied only by SCTs that came beside {item}",
			Evidence: n.evidence()}}
	}),
}
