package lint

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(sanNotCritical)

var sanNotCritical = &chain.Rule{
	ID:      "lint-san-not-critical",
	Level:   chain.LevelX509,
	Title:   "an empty subject, and subjectAltName not critical",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "sections 4.1.2.6 and 4.2.1.6"}},
	Explain: "A certificate whose subject is empty is known by its subjectAltName only, which then has to be there and be marked critical. " +
		"Otherwise software that does not know the extension would see a certificate for nobody and go on.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with subjectAltName=critical,DNS:www.example.com, or with a subject"}},
	Check:  chain.PerCertificate(checkSANCritical),
}

func checkSANCritical(it *chain.Item, at chain.Place) []chain.Hit {
	e := it.Cert.Extension(x509read.OIDExtSubjectAltName)
	if !it.Cert.Subject.Empty() || !at.Leaf || e != nil && e.Critical {
		return nil
	}
	got := "not critical"
	if e == nil {
		got = "none"
	}
	return one(it, fmt.Sprintf("the subject of {item} is empty, and its subjectAltName is %s", got), "subjectAltName", got, "critical")
}
