package hostname

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(hostnameNonUtf8)

var hostnameNonUtf8 = &chain.Rule{
	ID:    "apple-hostname-non-utf8",
	Level: chain.LevelName,
	Title: "one dNSName is not UTF-8 and spoils the others",
	Sources: []chain.Source{
		{Doc: "LEAF SecPolicyCheckCertSSLHostname", Section: "H-04", Confidence: chain.ConfidenceSource},
	},
	Explain: "When an Apple platform reads the DNS names of a certificate it turns each into a string, and stops at the first that is not valid UTF-8. " +
		"With it go all DNS names of item 0, the good ones included, and level 2 fails for every host name.",
	Advice:    []chain.Advice{{Who: "whoever issues the certificate", Text: "issue item 0 again without the damaged entry; names in other scripts are written in A-labels (xn--…)"}},
	Apple:     appleCode(),
	InsteadOf: []string{"apple-hostname-label", "apple-hostname-wildcard-suffix"},
	Check:     chain.PerLeaf(checkAppleNonUTF8),
}

func checkAppleNonUTF8(c *chain.Case, leaf *chain.Item) []chain.Hit {
	j := judge(c)
	if j == nil || j.kind != chain.NameDNS || j.cause != covered {
		return nil
	}
	stray, ok := strayDNS(leaf.Cert.SubjectAltName)
	if !ok {
		return nil
	}
	return j.hit(leaf, fmt.Sprintf("the dNSName %s is not valid UTF-8: an Apple platform discards all DNS names of {item}", stray), "dNSName "+stray, chain.Advice{Who: "server administrator", Text: "have item 0 issued again without the dNSName " + stray})
}
