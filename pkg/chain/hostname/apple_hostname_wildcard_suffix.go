package hostname

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(hostnameWildcardSuffix)

var hostnameWildcardSuffix = &chain.Rule{
	ID:    "apple-hostname-wildcard-suffix",
	Level: chain.LevelName,
	Title: "a wildcard directly under a public suffix",
	Sources: []chain.Source{
		{Doc: "LEAF SecDNSMatch", Section: "H-08", Confidence: chain.ConfidenceTested},
		{Doc: "Public Suffix List", Section: "both sections"},
	},
	Explain: "Under a public suffix such as co.uk or github.io unrelated parties register names, so a wildcard there would cover the servers of strangers. " +
		"An Apple platform does not let such an entry match anything: the name seems to be covered, and other clients agree, but an iPhone says that it does not match.",
	Advice:    []chain.Advice{{Who: "whoever issues the certificate", Text: "issue item 0 again with the names of the servers themselves instead of the wildcard"}},
	Apple:     appleCode(),
	InsteadOf: []string{"apple-hostname-label"},
	Check:     chain.PerLeaf(checkAppleWildcardSuffix),
}

func checkAppleWildcardSuffix(c *chain.Case, leaf *chain.Item) []chain.Hit {
	all, dropped, suffix := appleWays(c, leaf)
	if len(suffix) == 0 || len(dropped)+len(suffix) < len(all) {
		return nil
	}
	hits := judge(c).hit(leaf, fmt.Sprintf("%s covers every name under the public suffix %s, which an Apple platform does not accept", quote(suffix[0]), quote(strings.TrimPrefix(suffix[0], "*."))), coveredNames(leaf.Cert, chain.NameDNS), judge(c).addName())
	// Which of the private suffixes count depends on the list in CFNetwork (apple: H-08).
	for _, text := range suffix {
		if rest := strings.TrimPrefix(text, "*."); !registry(rest) {
			hits[0].AtMost = chain.Warning
			hits[0].Message = fmt.Sprintf("%s covers every name under %s, which a company has entered as a public suffix: an Apple platform may not accept it", quote(text), quote(rest))
		}
	}
	return hits
}

// registry reports a public suffix of the registries' own part of the list.
func registry(suffix string) bool {
	_, icann := publicSuffix(suffix)
	return icann
}
