package revocation

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
)

// statusRequest is the TLS feature that a certificate demands of its server
// (RFC 7633 section 4.2.3.1; the number is that of the TLS extension).
const statusRequest = 5

var _ = rules.Add(mustStaple)

var mustStaple = &chain.Rule{
	ID:    "revocation-must-staple",
	Level: chain.LevelX509, Severity: chain.Warning,
	Title: "the certificate demands a stapled answer, none came",
	Sources: []chain.Source{
		{Doc: "RFC 7633", Section: "section 4.2.2"},
		{Doc: "SecRevocationServer.c", Section: "R-05", Confidence: chain.ConfidenceSource},
	},
	Explain: "The CA has written into the certificate that its server always sends an OCSP response along (must-staple). Firefox refuses a connection on which none comes, or one that is out of date; Apple platforms and most other clients do not know the extension and connect, so that the fault shows in some clients only, and often just for a while after a restart.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "have the server fetch and staple the OCSP response, or ask the CA for a certificate without must-staple", Config: stapling()},
		{For: chain.ForClient, Who: "CA", Text: "leave must-staple out of client certificates: nobody staples for them"}},
	Needs: func(c *chain.Case) bool {
		leaf := c.Leaf()
		return leaf != nil && leaf.Err == nil && c.Observation != nil && c.Observation.Transport == chain.TransportTLS && slices.Contains(leaf.Cert.TLSFeatures, statusRequest)
	},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if len(p.Links) == 0 {
			return nil
		}
		b, leaf := bookOf(c), p.Leaf()
		got := "none"
		for _, r := range b.replies {
			if r.item != leaf.Index {
				continue
			}
			s, why := r.about(leaf.Cert, p.Items[1].Cert)
			if s != nil {
				why = r.usable(s, p.Items[1].Cert, c.Question.Time)
			}
			if why == "" {
				return nil
			}
			got = "one that " + why
		}
		message := "{item} demands a stapled OCSP response, and the server sent none"
		if got != "none" {
			message = fmt.Sprintf("{item} demands a stapled OCSP response, and the one that came %s", got[len("one that "):])
		}
		return []chain.Hit{{Item: leaf, Message: message, Evidence: []chain.Evid{{Field: "stapled OCSP response", Got: got, Want: "a current one of the issuer"}}}}
	}),
	Instants: instants,
}

// stapling has a server fetch and staple OCSP responses.
func stapling() []string {
	return []string{chain.Nginx + "ssl_stapling on; ssl_stapling_verify on; ssl_trusted_certificate chain.pem; resolver 192.0.2.53;",
		chain.Apache + "SSLUseStapling on", "Apache, outside of VirtualHost: SSLStaplingCache shmcb:ocsp(128000)"}
}
