package hostname

import (
	"bytes"
	"net/netip"
	"net/url"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// match is the answer of a comparison of a presented with a reference name.
type match string

// The answers. Malformed says that the certificate's name is not one that may
// match anything; MalformedReference the same of the reference name.
const (
	matched            match = "match"
	mismatched         match = "mismatch"
	malformedName      match = "malformed-presented"
	malformedReference match = "malformed-reference"
)

// matchDNS compares a dNSName of a certificate with a reference name: label by
// label, ASCII case aside (RFC 9525 section 6.3). A reference name may end in
// the dot of the DNS root, a presented one may not (RFC 5280 section 4.2.1.6,
// "preferred name syntax"). The label a wildcard stands for is not looked at.
func matchDNS(presented, reference string) match {
	if !validPresented(presented) {
		return malformedName
	}
	if !validReference(reference) {
		return malformedReference
	}
	reference = strings.TrimSuffix(reference, ".")
	if rest, ok := strings.CutPrefix(presented, "*."); ok {
		_, tail, found := strings.Cut(reference, ".")
		if found && strings.EqualFold(rest, tail) {
			return matched
		}
		return mismatched
	}
	if strings.EqualFold(presented, reference) {
		return matched
	}
	return mismatched
}

// validPresented reports whether a dNSName may be compared at all: a host name,
// or "*." and a host name of at least two labels (RFC 9525 section 6.3: the
// wildcard is the whole left-most label; "*.com" would cover other people's names).
func validPresented(name string) bool {
	rest, wild := strings.CutPrefix(name, "*.")
	if wild && !strings.Contains(rest, ".") {
		return false
	}
	return validHost(rest, true)
}

// validReference reports whether a string is a DNS host name: labels of 1 to 63
// letters, digits, hyphens and underscores, 253 octets at most, the last label
// not a number (RFC 1034 section 3.5, RFC 1123 section 2.1; an underscore is in
// practical use). One final dot is allowed.
func validReference(name string) bool {
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

// parseIP reads an IP address as a reference name: four decimal numbers, or the
// text forms of RFC 4291 section 2.2, without zone. The result has 4 or 16
// octets; an IPv4-mapped address keeps its 16.
func parseIP(text string) ([]byte, bool) {
	if text == "" || (text[0] < '0' || text[0] > '9') && !strings.Contains(text, ":") { // sooner seen than an error is made
		return nil, false
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return nil, false
	}
	return a.AsSlice(), true
}

// matchIP compares an iPAddress of a certificate octet by octet (RFC 9525
// section 6.5): an IPv4 address never matches its IPv4-mapped form.
func matchIP(presented, reference []byte) bool {
	return (len(presented) == 4 || len(presented) == 16) && bytes.Equal(presented, reference)
}

// ipText prints the content of an iPAddress.
func ipText(octets []byte) string {
	if a, ok := netip.AddrFromSlice(octets); ok {
		return a.String()
	}
	return quote(string(octets))
}

// nameText prints a name of subjectAltName as the user would write it.
func nameText(g x509read.GeneralName) string {
	switch g.Tag {
	case x509read.TagIP:
		return ipText(g.Value)
	case x509read.TagDNS, x509read.TagEmail, x509read.TagURI:
		return quote(g.Text())
	case x509read.TagDirectoryName:
		if g.Name != nil {
			return g.Name.String()
		}
	}
	return g.Kind()
}

// splitMailbox cuts a mailbox at its only "@" outside a quoted local part; false
// when it is no mailbox (RFC 5321 section 4.1.2).
func splitMailbox(address string) (local, domain string, ok bool) {
	at := strings.LastIndexByte(address, '@')
	if at <= 0 || at == len(address)-1 || len(address) > 320 {
		return "", "", false
	}
	local, domain = address[:at], address[at+1:]
	quoted := len(local) > 1 && local[0] == '"' && local[len(local)-1] == '"'
	if !quoted && strings.ContainsAny(local, "@ \t\r\n\x00\"<>()[]\\,;:") {
		return "", "", false
	}
	if domain[0] == '[' {
		return local, domain, domain[len(domain)-1] == ']'
	}
	a, err := toASCII(domain)
	return local, domain, err == nil && validReference(a)
}

// matchMailbox compares mailboxes: the local part exactly, the host part by its
// A-labels without regard to case (RFC 5280 section 7.5, RFC 9598 section 5).
func matchMailbox(presented, reference string) bool {
	pl, pd, ok1 := splitMailbox(presented)
	rl, rd, ok2 := splitMailbox(reference)
	if !ok1 || !ok2 || pl != rl {
		return false
	}
	pa, err1 := toASCII(pd)
	ra, err2 := toASCII(rd)
	return err1 == nil && err2 == nil && strings.EqualFold(pa, ra)
}

// mailbox returns the mailbox a name holds: an rfc822Name, or an otherName of
// type SmtpUTF8Mailbox (RFC 9598 section 3).
func mailbox(g x509read.GeneralName) (string, bool) {
	switch {
	case g.Tag == x509read.TagEmail:
		return g.Text(), ascii(g.Text())
	case g.Tag == x509read.TagOtherName && g.OtherName == x509read.OIDOtherNameSmtpUTF8:
		s, text := cryptobyte.String(g.OtherValue), cryptobyte.String(nil)
		ok := s.ReadASN1(&text, asn1.UTF8String) && s.Empty()
		return string(text), ok
	}
	return "", false
}

// matchURI compares URIs: scheme and host without regard to case, everything
// else exactly (RFC 5280 section 7.4).
func matchURI(presented, reference string) bool {
	p, ok1 := foldURI(presented)
	r, ok2 := foldURI(reference)
	return ok1 && ok2 && p == r
}

// foldURI lower-cases scheme and host; false when it is no absolute URI.
func foldURI(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || !ascii(text) {
		return "", false
	}
	scheme, rest, _ := strings.Cut(text, ":")
	out := strings.ToLower(scheme) + ":"
	if !strings.HasPrefix(rest, "//") {
		return out + rest, true
	}
	end := strings.IndexAny(rest[2:], "/?#")
	if end < 0 {
		end = len(rest) - 2
	}
	authority := rest[2 : 2+end]
	user := strings.LastIndexByte(authority, '@') + 1
	return out + "//" + authority[:user] + strings.ToLower(authority[user:]) + rest[2+end:], true
}

// spiffeID reports whether a URI is a SPIFFE ID: scheme spiffe, a trust domain,
// no user, port, query or fragment (SPIFFE-ID section 2).
func spiffeID(text string) bool {
	u, err := url.Parse(text)
	return err == nil && strings.EqualFold(u.Scheme, "spiffe") && u.Host != "" && u.Port() == "" &&
		u.User == nil && u.RawQuery == "" && u.Fragment == ""
}

// uriCount counts the URIs of a list of names.
func uriCount(names []x509read.GeneralName) (n int) {
	for _, g := range names {
		if g.Tag == x509read.TagURI {
			n++
		}
	}
	return n
}

// registrableDomain returns the public suffix of a name and one label more, in
// the letters of the input (lower case); false when the name is itself a public
// suffix or no name (Public Suffix List, both sections).
func registrableDomain(name string) (string, bool) {
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

// publicSuffix reports whether a name is a public suffix: one under which
// unrelated parties register names. icann tells the registries' own part of the
// list from the part that private companies maintain.
func publicSuffix(name string) (is, icann bool) {
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
