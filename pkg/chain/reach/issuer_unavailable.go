package reach

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(issuerUnavailable)

var issuerUnavailable = &chain.Rule{
	ID: "reach-issuer-unavailable", Level: chain.LevelX509, Severity: chain.Warning,
	Title: "the issuer's certificate could not be fetched",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.2.1"},
		{Doc: "SecCAIssuerRequest.m", Section: "X-02", Confidence: chain.ConfidenceSource}},
	Explain: "The chain breaks off, and the certificate it breaks off at says where its issuer's lies (caIssuers). It was asked for there, and no certificate came. Clients that hide a server's omission by fetching – Apple platforms, Windows, Chrome – get no further than this either, unless they have the intermediate from elsewhere.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "send the intermediate, so that no client has to fetch it"},
		{Who: "CA", Text: "serve the issuer's certificate in DER at the address that stands in the certificates, over http"}},
	Needs: func(c *chain.Case) bool { return len(failures(c)) > 0 },
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) (hits []chain.Hit) {
		for _, it := range p.Items {
			for _, e := range failures(c) {
				if it.Err != nil || !namesIssuerAt(it.Cert, e.Source) {
					continue
				}
				hits = append(hits, chain.Hit{Item: it, Message: fmt.Sprintf("the certificate that issued {item} could not be fetched: %s: %s", e.Source, e.Error),
					Evidence: []chain.Evid{{Field: e.Source, Got: e.Error, Want: "a certificate in DER, or a PKCS#7 list"}}})
			}
		}
		return hits
	}),
}

// failures are the issuers that were asked for and did not come.
func failures(c *chain.Case) []chain.Evidence {
	var out []chain.Evidence
	for _, e := range c.Capture.Evidence {
		if e.Kind == chain.EvidenceCert && e.Error != "" {
			out = append(out, e)
		}
	}
	return out
}

// namesIssuerAt reports whether an address is among the caIssuers of a certificate.
func namesIssuerAt(cert *x509read.Certificate, address string) bool {
	for _, a := range cert.AuthorityInfo {
		if a.Method == x509read.OIDAccessCAIssuers && a.Location.Tag == x509read.TagURI && a.Location.Text() == address {
			return true
		}
	}
	return false
}
