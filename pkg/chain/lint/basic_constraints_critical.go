package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(basicConstraintsCritical)

var basicConstraintsCritical = &chain.Rule{
	ID:      "lint-basic-constraints-critical",
	Level:   chain.LevelX509,
	Title:   "basicConstraints of a CA is not critical",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.9"}},
	Explain: "In a CA certificate basicConstraints has to be marked critical. Software that does not know the extension then refuses the certificate instead of ignoring the limits it sets.",
	Advice:  []chain.Advice{{Who: "CA", Text: "issue {item} again with basicConstraints=critical,CA:TRUE", Issue: &chain.Issuing{Anew: true}}},
	Check:   chain.PerCertificate(checkBasicConstraintsCritical),
}

func checkBasicConstraintsCritical(it *chain.Item, _ chain.Place) []chain.Hit {
	if !it.Cert.IsCA() || it.Cert.BasicConstraints.Critical {
		return nil
	}
	return one(it, "basicConstraints of {item}, a CA's, is not marked critical", "basicConstraints", "not critical", "critical")
}
