package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(distributionPoints)

var distributionPoints = &chain.Rule{
	ID:      "lint-distribution-points",
	Level:   chain.LevelX509,
	Title:   "cRLDistributionPoints is empty or leads nowhere",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.13"}},
	Explain: "A distribution point says where the CRL is, or who issues it; reasons alone are not enough. " +
		"Without a target nobody can look whether the certificate was revoked.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with crlDistributionPoints=URI:http://…"}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultDistributionSyntax, x509read.FaultDistributionEmpty, x509read.FaultDistributionNoTarget, x509read.FaultDistributionReasons)
	}),
}
