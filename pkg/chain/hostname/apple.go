package hostname

import (
	"strings"
	"unicode/utf8"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// appleDNSName is SecFrameworkIsDNSName: what fails it is dropped from the
// names of a certificate (apple: H-03). A "*" is an ordinary character here; the
// right-most label needs a letter or "*".
func appleDNSName(name string) bool {
	if name == "" || len(name) > 255 || name[0] == '-' {
		return false
	}
	labels := strings.Split(name, ".")
	for i, label := range labels {
		if label == "" || len(label) > 63 || label[len(label)-1] == '-' {
			return false
		}
		letter := false
		for k := 0; k < len(label); k++ {
			if c := label[k]; !hostChar(c) && c != '*' {
				return false
			}
			letter = letter || label[k] == '*' || label[k]|0x20 >= 'a' && label[k]|0x20 <= 'z'
		}
		if i == len(labels)-1 && !letter {
			return false
		}
	}
	return true
}

// strayDNS returns the dNSName that is not UTF-8 and takes all others with it
// (apple: H-04).
func strayDNS(names []x509read.GeneralName) (string, bool) {
	for _, g := range names {
		if g.Tag == x509read.TagDNS && !utf8.Valid(g.Value) {
			return quote(g.Text()), true
		}
	}
	return "", false
}

// strayIP returns the octets of the iPAddress that takes all others with it
// (apple: H-12).
func strayIP(names []x509read.GeneralName) (int, bool) {
	for _, g := range names {
		if g.Tag == x509read.TagIP && len(g.Value) != 4 && len(g.Value) != 16 {
			return len(g.Value), true
		}
	}
	return 0, false
}

// appleWays lists the names of a certificate that cover the reference name after
// RFC 9525, and those of them that an Apple platform accepts: not dropped, and
// no wildcard over a public suffix (apple: H-03, H-08).
func appleWays(c *chain.Case, leaf *chain.Item) (all, dropped, suffix []string) {
	j := judge(c)
	if j == nil || j.kind != chain.NameDNS || j.cause != covered {
		return nil, nil, nil
	}
	for _, g := range leaf.Cert.SubjectAltName {
		if g.Tag != x509read.TagDNS || MatchDNS(g.Text(), j.name) != Matched {
			continue
		}
		text := g.Text()
		all = append(all, text)
		rest, wild := strings.CutPrefix(text, "*.")
		if is, _ := PublicSuffix(rest); wild && is {
			suffix = append(suffix, text)
		} else if !appleDNSName(text) {
			dropped = append(dropped, text)
		}
	}
	return all, dropped, suffix
}
