package lint

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brCnMultiple)

var brCnMultiple = &chain.Rule{
	ID:      "lint-br-cn-multiple",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "the subject has more than one common name",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.4.3"}},
	Explain: "A server's certificate has one common name at most. " +
		"With several, each piece of old software picks its own: some take the first, some the last.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with all names in subjectAltName and one common name, or none"}},
	Check:  chain.PerCertificate(checkCNMultiple),
}

func checkCNMultiple(it *chain.Item, at chain.Place) []chain.Hit {
	if !at.Leaf {
		return nil
	}
	n := it.Cert.Subject.Count(x509read.OIDCommonName)
	if n < 2 {
		return nil
	}
	return one(it, fmt.Sprintf("{item} has %d common names, 1 is allowed", n), "commonName", fmt.Sprint(n), "1, or none")
}
