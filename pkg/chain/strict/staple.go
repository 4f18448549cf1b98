package strict

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(staple)

var staple = &chain.Rule{
	ID:       "strict-staple",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "must-staple certificate without a stapled OCSP response",
	Sources:  []chain.Source{{Doc: "RFC 7633", Section: "section 4.2.3.1"}, {Doc: "RFC 6066", Section: "section 8"}},
	Explain: "With the TLS feature extension (“must-staple”) a certificate promises that the server staples an OCSP response to every handshake. Firefox and GnuTLS hold the server to it, also where the intermediate makes the promise; other clients do not look. " +
		"Firefox then shows MOZILLA_PKIX_ERROR_REQUIRED_TLS_FEATURE_MISSING.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "switch stapling on, or have the certificate issued without the TLS feature",
		Config: []string{chain.Nginx + "ssl_stapling on;", chain.Apache + "SSLUseStapling on"}}},
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, _ chain.Place) []chain.Hit {
		var hits []chain.Hit
		if slices.ContainsFunc(it.Cert.TLSFeatures, func(n int) bool { return n != featureStatusRequest }) {
			hits = append(hits, one(it, "{item} promises another TLS feature than stapled OCSP responses", "tlsfeature", "another feature", "status_request (5)", "feature"))
		}
		if !slices.Contains(it.Cert.TLSFeatures, featureStatusRequest) || handshake(c) && len(c.Observation.Staples[0]) > 0 {
			return hits
		}
		h := one(it, "{item} promises a stapled OCSP response, and none was sent", "tlsfeature", "no staple", "an OCSP response in the handshake", "missing")
		if !handshake(c) {
			h.Status = chain.Unknown
			h.Message = "{item} promises a stapled OCSP response, and whether the server sends one is seen in the handshake only"
		}
		return append(hits, h)
	}),
}

// featureStatusRequest is the TLS extension status_request (RFC 7633 section 4.1).
const featureStatusRequest = 5
