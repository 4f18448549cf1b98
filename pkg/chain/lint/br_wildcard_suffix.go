package lint

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brWildcardSuffix)

var brWildcardSuffix = &chain.Rule{
	ID:      "lint-br-wildcard-suffix",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "a wildcard directly under a public suffix",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 3.2.2.6"}, {Doc: "Public Suffix List", Section: "ICANN domains; private domains where the name rests on them"}},
	Explain: "Public CAs must refuse wildcards under a suffix where unrelated parties register names, such as *.co.uk: one certificate would cover the servers of strangers. " +
		"A company may own such a suffix itself, so its private ones count only where the name asked for rests on the wildcard.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again for the names of the servers themselves"}},
	Check:  chain.PerItem(checkWildcardSuffix),
}

func checkWildcardSuffix(c *chain.Case, it *chain.Item, at chain.Place) []chain.Hit {
	if !at.Leaf {
		return nil
	}
	name := strings.ToLower(strings.TrimSuffix(c.Question.Name, "."))
	_, parent, _ := strings.Cut(name, ".")
	for n, g := range it.Cert.SubjectAltName {
		base, wild := strings.CutPrefix(strings.ToLower(g.Text()), "*.")
		if g.Tag != x509read.TagDNS || !wild || n >= maxNames {
			continue
		}
		suffix, icann := publicsuffix.PublicSuffix(base)
		if suffix != base || !icann && strings.Contains(base, ".") && (base != parent || otherwiseCovered(it.Cert, name)) {
			continue
		}
		return one(it, fmt.Sprintf("the wildcard %s of {item} stands directly under the public suffix %s", quoted(g.Text()), quoted(base)), "subjectAltName", quoted(g.Text()), "names below a registered domain")
	}
	return nil
}

// maxNames bounds the names looked up in the list of suffixes.
const maxNames = 4096

func otherwiseCovered(cert *x509read.Certificate, name string) bool {
	return slices.ContainsFunc(cert.SubjectAltName, func(g x509read.GeneralName) bool {
		return g.Tag == x509read.TagDNS && strings.EqualFold(g.Text(), name)
	})
}
