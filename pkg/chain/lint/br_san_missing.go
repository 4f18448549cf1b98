package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brSanMissing)

var brSanMissing = &chain.Rule{
	ID:      "lint-br-san-missing",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "item 0 has no subjectAltName",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.2.7.12"}},
	Explain: "Public CAs have to put every name of a server into subjectAltName. " +
		"A certificate without it covers nothing at level 2, whatever name is asked for.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with its names in subjectAltName", Issue: &chain.Issuing{Anew: true}}},
	Reads:  x509read.FieldSubjectAltName,
	Check:  chain.PerCertificate(checkSANMissing),
}

func checkSANMissing(it *chain.Item, at chain.Place) []chain.Hit {
	if !at.Leaf || it.Cert.Extension(x509read.OIDExtSubjectAltName) != nil {
		return nil
	}
	return one(it, "{item} has no subjectAltName", "subjectAltName", "none", "the names of the server")
}
