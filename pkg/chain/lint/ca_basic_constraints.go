package lint

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(caBasicConstraints)

var caBasicConstraints = &chain.Rule{
	ID:      "lint-ca-basic-constraints",
	Level:   chain.LevelX509,
	Title:   "the trusted anchor does not say that it is a CA",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.9"}, {Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.2.1.2"}},
	Explain: "A CA certificate has to say CA:TRUE in basicConstraints, the root included. " +
		"Path validation does not look at the anchor's own extensions, since it is trusted as it is, but a root without the flag was not made as a CA.",
	Advice:    []chain.Advice{{Who: "CA", Text: "make the root again with basicConstraints=critical,CA:TRUE and have it installed in place of the old one"}},
	InsteadOf: []string{"lint-cert-sign-without-ca"},
	Reads:     x509read.FieldBasicConstraints,
	Check:     chain.PerCertificate(checkCABasicConstraints),
}

func checkCABasicConstraints(it *chain.Item, at chain.Place) []chain.Hit {
	if !at.Anchor || at.Leaf || it.Cert.Version < 3 || it.Cert.IsCA() {
		return nil
	}
	got := "none"
	if it.Cert.BasicConstraints != nil {
		got = "CA:FALSE"
	}
	return one(it, fmt.Sprintf("{item} signs certificates, its basicConstraints is %s", got), "basicConstraints", got, "CA:TRUE")
}
