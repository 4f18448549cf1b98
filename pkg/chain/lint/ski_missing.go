package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(skiMissing)

var skiMissing = &chain.Rule{
	ID:      "lint-ski-missing",
	Level:   chain.LevelX509,
	Title:   "a CA has no subjectKeyIdentifier",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.2"}},
	Explain: "Every CA certificate carries an identifier of its key, which the certificates it issues repeat as authorityKeyIdentifier. " +
		"Without it a chain with two certificates of one CA can only be built by trying.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with subjectKeyIdentifier=hash", Issue: &chain.Issuing{With: []string{"subjectKeyIdentifier=hash"}}}},
	Reads:  x509read.FieldSubjectKeyID,
	Check:  chain.PerCertificate(checkSKIMissing),
}

func checkSKIMissing(it *chain.Item, _ chain.Place) []chain.Hit {
	if !it.Cert.IsCA() || it.Cert.Extension(x509read.OIDExtSubjectKeyID) != nil {
		return nil
	}
	return one(it, "{item} is a CA's and has no subjectKeyIdentifier", "subjectKeyIdentifier", "none", "an identifier of its key")
}
