package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(nameConstraintsCritical)

var nameConstraintsCritical = &chain.Rule{
	ID:      "lint-name-constraints-critical",
	Level:   chain.LevelX509,
	Title:   "nameConstraints is not critical",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.10"}, {Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.2.10.8"}},
	Explain: "RFC 5280 wants nameConstraints marked critical, so that no client can overlook the restriction. " +
		"The Baseline Requirements allow it otherwise, for the sake of old clients that did not know the extension.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with nameConstraints=critical,permitted;DNS:example.com in openssl.cnf"}},
	Check:  chain.PerCertificate(checkNameConstraintsCritical),
}

func checkNameConstraintsCritical(it *chain.Item, _ chain.Place) []chain.Hit {
	if nc := it.Cert.NameConstraints; nc == nil || nc.Critical {
		return nil
	}
	hits := one(it, "nameConstraints of {item} is not critical", "nameConstraints", "not critical", "critical")
	hits[0].AtMost = chain.Warning // the Baseline Requirements allow it
	return hits
}
