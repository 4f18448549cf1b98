package hostname

import (
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// RegistrableDomain returns the public suffix of a name and one label more, in
// the letters of the input (lower case); false when the name is itself a public
// suffix or no name (Public Suffix List, both sections).
func RegistrableDomain(name string) (string, bool) {
	name = strings.ToLower(name)
	a, err := toASCII(name)
	if err != nil || a == "" || strings.HasPrefix(a, ".") {
		return "", false
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(a)
	if err != nil {
		return "", false
	}
	labels := strings.Split(name, ".")
	n := strings.Count(domain, ".") + 1
	if n > len(labels) {
		return "", false
	}
	return strings.Join(labels[len(labels)-n:], "."), true
}

// PublicSuffix reports whether a name is a public suffix: one under which
// unrelated parties register names. icann tells the registries' own part of the
// list from the part that private companies maintain.
func PublicSuffix(name string) (is, icann bool) {
	name = strings.ToLower(name)
	suffix, icann := publicsuffix.PublicSuffix(name)
	return name != "" && suffix == name, icann
}

// toASCII converts a name to A-labels: mapped and normalised after UTS 46,
// nontransitional, as browsers and URLSession do; underscores stay. ASCII names
// are only lower-cased, so that a label that looks like a bad A-label can still
// be compared.
func toASCII(name string) (string, error) {
	if ascii(name) {
		return strings.ToLower(name), nil
	}
	lookup := idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false), idna.BidiRule())
	return lookup.ToASCII(name)
}
