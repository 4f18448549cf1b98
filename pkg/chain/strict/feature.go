package strict

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(featureRule)

var featureRule = &chain.Rule{
	ID:       "strict-feature",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "TLS feature of a CA that what it issued does not have",
	Sources:  []chain.Source{{Doc: "RFC 7633", Section: "section 4.2.2"}, {Doc: "gnutls", Section: "gnutls_x509_tlsfeatures_check_crt"}},
	Explain:  "A CA certificate with the TLS feature extension (“must-staple”) promises it for all that it issues, and each of these has to have the extension itself. GnuTLS holds them to it, even where the root makes the promise; other clients do not compare.",
	Advice:   []chain.Advice{{Who: "CA", Text: "issue the CA's certificate without the TLS feature, or what it issues with it (tlsfeature = status_request in openssl.cnf)"}},
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		for _, f := range l.Issuer.Cert.TLSFeatures {
			if !slices.Contains(l.Child.Cert.TLSFeatures, f) {
				return []chain.Hit{one(l.Child, fmt.Sprintf("{item} lacks the TLS feature that %s has", l.Issuer.Label()), "tlsfeature", "absent", fmt.Sprint(f), "inherited")}
			}
		}
		return nil
	}),
}
