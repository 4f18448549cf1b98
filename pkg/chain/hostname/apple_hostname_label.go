package hostname

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(hostnameLabel)

var hostnameLabel = &chain.Rule{
	ID:    "apple-hostname-label",
	Level: chain.LevelName,
	Title: "an Apple platform drops the name that would match",
	Sources: []chain.Source{
		{Doc: "CERT SecFrameworkIsDNSName", Section: "H-03", Confidence: chain.ConfidenceTested},
	},
	Explain: "Before it compares, an Apple platform drops every dNSName whose right-most label has no letter, as in server._1 or a bare underscore. " +
		"Nothing is said about the entry that was dropped; item 0 simply does not cover the name that a person reads in it.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "give the server a name whose last label has a letter, and have item 0 issued for it"}},
	Apple:  appleCode(),
	Check:  chain.PerLeaf(checkAppleLabel),
}

func checkAppleLabel(c *chain.Case, leaf *chain.Item) []chain.Hit {
	all, dropped, suffix := appleWays(c, leaf)
	if len(dropped) == 0 || len(dropped)+len(suffix) < len(all) {
		return nil
	}
	hits := judge(c).hit(leaf, fmt.Sprintf("the last label of %s has no letter, so that an Apple platform drops the entry", quote(dropped[0])), coveredNames(leaf.Cert, chain.NameDNS), chain.Advice{Who: "server administrator", Text: "give the server a name whose last label has a letter, and have item 0 issued for it"})
	hits[0].Try(nil, "")
	return hits
}
