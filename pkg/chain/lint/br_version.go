package lint

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brVersion)

var brVersion = &chain.Rule{
	ID:        "lint-br-version",
	Level:     chain.LevelX509,
	Applies:   &chain.Applies{NotFor: chain.PurposeClient},
	Title:     "the certificate is not version 3",
	Sources:   []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.1"}},
	Explain:   "Certificates of public CAs have to be X.509 version 3, because only that has extensions. Without extensions a certificate can say neither which names it covers nor whether it is a CA.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with extensions", Issue: &chain.Issuing{Anew: true}}},
	InsteadOf: []string{"lint-br-eku-missing", "lint-br-san-missing"},
	Reads:     x509read.FieldVersion,
	Check:     chain.PerCertificate(checkVersion),
}

func checkVersion(it *chain.Item, _ chain.Place) []chain.Hit {
	if it.Cert.Version == 3 {
		return nil
	}
	got := fmt.Sprintf("version %d", it.Cert.Version)
	return one(it, fmt.Sprintf("{item} is of %s, version 3 is wanted", got), "version", got, "version 3")
}
