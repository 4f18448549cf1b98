package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(caSubjectEmpty)

var caSubjectEmpty = &chain.Rule{
	ID:      "lint-ca-subject-empty",
	Level:   chain.LevelX509,
	Title:   "a CA has an empty subject",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.1.2.6"}},
	Explain: "The subject of a CA is what the certificates it issues carry as their issuer. " +
		"A server can do without, since its names stand in subjectAltName; a CA without a subject cannot be found.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with a subject"}},
	Reads:  x509read.FieldSubject,
	Check:  chain.PerCertificate(checkCASubject),
}

func checkCASubject(it *chain.Item, at chain.Place) []chain.Hit {
	if !it.Cert.Subject.Empty() || at.Leaf && !it.Cert.IsCA() {
		return nil
	}
	return one(it, "the subject of {item}, a CA's, is empty", "subject", "empty", "a distinguished name")
}
