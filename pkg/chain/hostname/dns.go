package hostname

import "strings"

// Match is the answer of a comparison of a presented with a reference name.
type Match string

// The answers. Malformed says that the certificate's name is not one that may
// match anything; MalformedReference the same of the reference name.
const (
	Matched            Match = "match"
	Mismatched         Match = "mismatch"
	Malformed          Match = "malformed-presented"
	MalformedReference Match = "malformed-reference"
)

// MatchDNS compares a dNSName of a certificate with a reference name: label by
// label, ASCII case aside (RFC 9525 section 6.3). A reference name may end in
// the dot of the DNS root, a presented one may not (RFC 5280 section 4.2.1.6,
// "preferred name syntax"). The label a wildcard stands for is not looked at.
func MatchDNS(presented, reference string) Match {
	if !ValidPresented(presented) {
		return Malformed
	}
	if !ValidReference(reference) {
		return MalformedReference
	}
	reference = strings.TrimSuffix(reference, ".")
	if rest, ok := strings.CutPrefix(presented, "*."); ok {
		_, tail, found := strings.Cut(reference, ".")
		if found && strings.EqualFold(rest, tail) {
			return Matched
		}
		return Mismatched
	}
	if strings.EqualFold(presented, reference) {
		return Matched
	}
	return Mismatched
}

// ValidPresented reports whether a dNSName may be compared at all: a host name,
// or "*." and a host name of at least two labels (RFC 9525 section 6.3: the
// wildcard is the whole left-most label; "*.com" would cover other people's names).
func ValidPresented(name string) bool {
	rest, wild := strings.CutPrefix(name, "*.")
	if wild && !strings.Contains(rest, ".") {
		return false
	}
	return validHost(rest, true)
}

// ValidReference reports whether a string is a DNS host name: labels of 1 to 63
// letters, digits, hyphens and underscores, 253 octets at most, the last label
// not a number (RFC 1034 section 3.5, RFC 1123 section 2.1; an underscore is in
// practical use). One final dot is allowed.
func ValidReference(name string) bool {
	return validHost(strings.TrimSuffix(name, "."), false)
}

func validHost(name string, presented bool) bool {
	if name == "" || len(name) > 253 {
		return false
	}
	label, numeric := 0, true
	for i := 0; i <= len(name); i++ {
		if i == len(name) || name[i] == '.' {
			if label == 0 || label > 63 || presented && name[i-1] == '-' {
				return false
			}
			if i < len(name) {
				label, numeric = 0, true
			}
			continue
		}
		c := name[i]
		if !hostChar(c) || presented && c == '-' && label == 0 {
			return false
		}
		numeric = numeric && c >= '0' && c <= '9'
		label++
	}
	return !numeric
}

func hostChar(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
