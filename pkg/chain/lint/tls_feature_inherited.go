package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(tlsFeatureInherited)

var tlsFeatureInherited = &chain.Rule{
	ID:      "lint-tls-feature-inherited",
	Level:   chain.LevelX509,
	Title:   "a CA's TLS feature is not handed down",
	Sources: []chain.Source{{Doc: "RFC 7633", Section: "section 4.2.2"}, {Doc: "GnuTLS", Section: "gnutls_x509_tlsfeatures_check_crt"}},
	Explain: "A CA certificate with the TLS feature extension promises it for all that it issues: each certificate below must have the same features, must-staple most often, or more. " +
		"GnuTLS refuses a chain on which one is missing; other clients look at item 0 alone.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with the features of its CA", Issue: &chain.Issuing{With: []string{"tlsfeature=status_request"}}}},
	Reads:  x509read.FieldTLSFeatures,
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		var absent []string
		for _, f := range l.Issuer.Cert.TLSFeatures {
			if !slices.Contains(l.Child.Cert.TLSFeatures, f) {
				absent = append(absent, featureName(f))
			}
		}
		if len(absent) == 0 {
			return nil
		}
		list := strings.Join(absent, ", ")
		return reissued(one(l.Child, fmt.Sprintf("{item} lacks the TLS feature %s of the CA that issued it, %s", list, l.Issuer.Cert.Subject.Short()), "tlsFeature", "without "+list, list),
			func(x *x509read.Certificate) { x.TLSFeatures = slices.Clone(l.Issuer.Cert.TLSFeatures) })
	}),
}

// featureName names the features that have a name: they are TLS extensions.
func featureName(n int) string {
	switch n {
	case 5:
		return "status_request"
	case 17:
		return "status_request_v2"
	}
	return fmt.Sprint(n)
}
