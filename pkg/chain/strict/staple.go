package strict

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(&chain.Rule{
	ID:       "strict-staple",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "must-staple certificate without a stapled OCSP response",
	Sources:  []chain.Source{{Doc: "RFC 7633", Section: "section 4.2.3.1"}, {Doc: "RFC 6066", Section: "section 8"}},
	Explain: "With the TLS feature extension (“must-staple”) a certificate promises that the server staples an OCSP response to every handshake. Firefox and GnuTLS hold the server to it, also where the intermediate makes the promise; other clients do not look. " +
		"Firefox then shows MOZILLA_PKIX_ERROR_REQUIRED_TLS_FEATURE_MISSING.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "switch stapling on, or have the certificate issued without the TLS feature",
		Config: chain.Servers("ssl_stapling on;", "SSLUseStapling on")}},
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, place chain.Place) []chain.Hit {
		if place.Anchor || !slices.Contains(it.Cert.TLSFeatures, featureStatusRequest) {
			return nil
		}
		h := one(it, "{item} promises a stapled OCSP response, and none was sent", "tlsfeature", "no staple", "an OCSP response in the handshake", "missing")
		switch {
		case !handshake(c):
			h.Status = chain.Unknown
			h.Message = "{item} promises a stapled OCSP response, and whether the server sends one is seen in the handshake only"
		case len(c.Observation.Staples[0]) > 0:
			return nil
		}
		return []chain.Hit{h}
	}),
})

// featureStatusRequest is the TLS extension status_request (RFC 7633 section 4.1).
const featureStatusRequest = 5
