package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(skiCritical)

var skiCritical = &chain.Rule{
	ID:      "lint-ski-critical",
	Level:   chain.LevelX509,
	Title:   "subjectKeyIdentifier is critical",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.2"}},
	Explain: "subjectKeyIdentifier only helps to find the certificate. " +
		"Marked critical it forces every client that does not use it to refuse a certificate that is otherwise in order.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with subjectKeyIdentifier=hash, without critical", Issue: &chain.Issuing{With: []string{"subjectKeyIdentifier=hash"}}}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return critical(it, x509read.OIDExtSubjectKeyID, false)
	}),
}
