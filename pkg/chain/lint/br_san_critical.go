package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brSanCritical)

var brSanCritical = &chain.Rule{
	ID:      "lint-br-san-critical",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "subjectAltName is critical beside a subject",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.2.7.12"}},
	Explain: "Where the subject of a server's certificate is not empty, subjectAltName must not be marked critical. " +
		"Only a certificate without subject needs the mark, since it has no other name.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with subjectAltName not critical, or with an empty subject", Issue: &chain.Issuing{Anew: true}}},
	Check:  chain.PerCertificate(checkBRSANCritical),
}

func checkBRSANCritical(it *chain.Item, at chain.Place) []chain.Hit {
	if !at.Leaf || it.Cert.Subject.Empty() {
		return nil
	}
	return critical(it, x509read.OIDExtSubjectAltName, false)
}
