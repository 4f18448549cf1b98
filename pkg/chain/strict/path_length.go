package strict

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(pathLength)

var pathLength = &chain.Rule{
	ID:       "strict-path-length",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "path length exceeded if self-issued CAs are counted",
	Sources:  []chain.Source{{Doc: "RFC 5280", Section: "section 6.1.4 (l)"}, {Doc: "crypto/x509", Section: "Certificate.isValid"}, {Doc: "gnutls", Section: "verify.c"}},
	Explain:  "A certificate that a CA issued to itself, with a new key, does not count against the path length. Go and GnuTLS count it all the same and refuse the chain.",
	Advice:   []chain.Advice{{Who: "CA", Text: "issue {item} again without a path length, or with one that counts its CA's own certificates", Issue: &chain.Issuing{With: []string{"basicConstraints=critical,CA:TRUE"}}}},
	Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		for i := 1; i < len(p.Items); i++ {
			bc := p.Items[i].Cert.BasicConstraints
			if bc == nil || !bc.CA || bc.PathLen < 0 {
				continue
			}
			all, counted := i-1, 0
			for _, it := range p.Items[1:i] {
				if !it.SelfIssued() {
					counted++
				}
			}
			if all > bc.PathLen && counted <= bc.PathLen {
				return []chain.Hit{one(p.Items[i], fmt.Sprintf("{item} allows %d intermediates below it, and there are %d with those that a CA issued to itself", bc.PathLen, all), "pathLenConstraint", fmt.Sprint(all), fmt.Sprintf("at most %d", bc.PathLen), "self-issued")}
			}
		}
		return nil
	}),
}
