package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(anchorNotCa)

var anchorNotCa = &chain.Rule{
	ID:    "apple-anchor-not-ca",
	Level: chain.LevelX509,
	Title: "an anchor given is not a CA certificate",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c", Section: "X-18", Confidence: chain.ConfidenceSource},
		{Doc: "SecPolicyServer.c", Section: "X-27", Confidence: chain.ConfidenceTested},
	},
	Explain: "A certificate that is no CA can be a trusted anchor only for itself: it helps where the server sends exactly this certificate, and for nothing else. " +
		"Often a server's certificate was taken for the root, or the certificate of last year's item 0 is still installed.",
	Advice: []chain.Advice{{Who: "device owner", Text: "install the CA's root certificate: this shows the same name twice, and CA:TRUE", Commands: []string{"openssl x509 -in root.pem -noout -subject -issuer -ext basicConstraints"}}},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		if c.Anchors == nil {
			return nil
		}
		var hits []chain.Hit
		for _, a := range c.Anchors.Given() {
			// Version 1 and 2 cannot say that they are a CA.
			if a.Kind == chain.Builtin || a.Cert().Version < 3 || a.Cert().IsCA() || onPath(c, a) {
				continue
			}
			hits = append(hits, chain.Hit{AtMost: chain.Warning, Message: fmt.Sprintf("the anchor %s is not a CA certificate and not item 0", a.Cert().Subject.String()),
				Evidence: []chain.Evid{{Field: "basicConstraints", Got: "not CA:TRUE (" + a.Origin + ")", Want: "CA:TRUE"}}})
		}
		return hits
	}),
}

// onPath reports whether a path ends at the anchor: then other rules judge it.
func onPath(c *chain.Case, a *chain.Anchor) bool {
	for _, p := range c.Paths {
		if p.Last().Cert.SHA256 == a.SHA256 {
			return true
		}
	}
	return false
}
