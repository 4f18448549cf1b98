package strict

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(leafRule)

var leafRule = &chain.Rule{
	ID:       "strict-leaf",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "item 0 is a CA certificate",
	Sources:  []chain.Source{{Doc: "mozilla::pkix", Section: "CheckBasicConstraints"}, {Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.2.7.8"}},
	Explain:  "A certificate that openssl req -x509 makes for a test server is a CA's unless one asks otherwise. RFC 5280 lets it stand as the server's own; Firefox refuses it, even where it is trusted itself, with MOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY.",
	Advice:   []chain.Advice{{Who: "CA", Text: "issue {item} again with basicConstraints=critical,CA:FALSE", Issue: &chain.Issuing{With: []string{"basicConstraints=critical,CA:FALSE"}}}},
	Reads:    x509read.FieldBasicConstraints,
	Check: chain.PerLeaf(func(_ *chain.Case, it *chain.Item) []chain.Hit {
		if !it.Cert.IsCA() {
			return nil
		}
		return []chain.Hit{one(it, "{item} is a CA certificate", "basicConstraints", "CA:TRUE", "CA:FALSE, or none", "ca")}
	}),
}
