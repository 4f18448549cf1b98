package hostname

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(unusual)

var unusual = &chain.Rule{
	ID:       "hostname-unusual",
	Level:    chain.LevelName,
	Severity: chain.Off,
	Title:    "name that some clients do not take for covered",
	Sources: []chain.Source{
		{Doc: "RFC 9525", Section: "section 6.3"},
		{Doc: "RFC 1123", Section: "section 2.1"},
		{Doc: "Public Suffix List", Section: "both sections"},
	},
	Explain: "RFC 9525 covers the name and Apple platforms agree, but not all clients do: Java refuses host names with an underscore, OpenSSL under a wildcard, Chrome refuses a wildcard directly under a public suffix such as co.uk, and a final dot of the name that is asked for is looked at by Python and git.",
	Advice: []chain.Advice{{
		Who:  "whoever issues the certificate",
		Text: "use a host name of letters, digits and hyphens, and have it issued by itself instead of by a wildcard",
	}},
	Reads: x509read.FieldSubjectAltName,
	Check: chain.PerLeaf(checkUnusual),
}

func checkUnusual(c *chain.Case, leaf *chain.Item) []chain.Hit {
	j := judge(c)
	if j == nil || j.kind != chain.NameDNS {
		return nil
	}
	var hits []chain.Hit
	say := func(message string, kinds ...string) {
		h := j.hit(leaf, message, coveredNames(leaf.Cert, j.kind), j.addName())[0]
		h.Kinds = kinds
		hits = append(hits, h)
	}
	if kinds := j.oddities(leaf.Cert); j.cause == covered && kinds != nil {
		say(fmt.Sprintf("%s covers %s, but not for every client", j.by, quote(j.name)), kinds...)
	}
	if strings.HasSuffix(j.typed, ".") && (j.cause == covered || j.cause == causeCNOnly) {
		say(fmt.Sprintf("%s ends in a dot, which not every client takes off", quote(j.typed)), "dot-reference")
	}
	if !ascii(j.typed) {
		say(fmt.Sprintf("%s is not written in A-labels, and not every client converts it", quote(j.typed)), "u-label-reference")
	}
	if strings.Contains(j.name, "_") {
		say(fmt.Sprintf("%s has an underscore, which a host name does not have", quote(j.name)), "underscore-reference")
	}
	if begins, ends := hyphens(j.name); begins || ends {
		say(fmt.Sprintf("a label of %s begins or ends with a hyphen, which that of a host name does not", quote(j.name)), "hyphen-reference")
	}
	return hits
}

// hyphens reports whether a label begins, or ends, with a hyphen (RFC 952).
func hyphens(name string) (begins, ends bool) {
	return strings.HasPrefix(name, "-") || strings.Contains(name, ".-"), strings.HasSuffix(name, "-") || strings.Contains(name, "-.")
}

// oddities says what is unusual about each name that covers the reference name;
// nil where one of them is plain.
func (j *judgement) oddities(cert *x509read.Certificate) []string {
	ref := strings.TrimSuffix(j.name, ".")
	begins, ends := hyphens(ref)
	var kinds []string
	for _, g := range cert.SubjectAltName {
		if g.Tag != x509read.TagDNS || matchDNS(g.Text(), j.name) != matched {
			continue
		}
		rest, wild := strings.CutPrefix(g.Text(), "*.")
		var suffix, icann bool
		if wild {
			suffix, icann = publicSuffix(rest)
		}
		switch {
		case wild && strings.Contains(ref, "_"):
			kinds = append(kinds, "underscore-wildcard")
		case suffix && icann:
			kinds = append(kinds, "suffix-registry")
		case suffix:
			kinds = append(kinds, "suffix-private")
		case begins:
			kinds = append(kinds, "hyphen-wildcard")
		case ends:
			kinds = append(kinds, "hyphen-end-wildcard")
		default:
			return nil
		}
	}
	return kinds
}
