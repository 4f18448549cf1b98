package hostname

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// readings lists the ways in which a client that reads names more loosely than
// RFC 9525 finds the reference name in a certificate, as kinds of a hit. Each is
// one that some client is known to have, or to be asked about.
func (j *judgement) readings(cert *x509read.Certificate) []string {
	var kinds []string
	add := func(kind string) {
		if kind != "" && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	ref := strings.ToLower(strings.TrimSuffix(j.name, "."))
	for i, g := range cert.SubjectAltName {
		if i == maxCompared {
			break
		}
		switch {
		case j.kind == chain.NameDNS && g.Tag == x509read.TagDNS:
			kind := loosely(g.Text(), ref)
			if kind == "dot-san" && strings.HasSuffix(j.typed, ".") {
				kind = "dot-both"
			}
			add(kind)
		case j.kind == chain.NameIP && g.Tag == x509read.TagDNS && sameAddress(g.Text(), j.octet):
			add("ip-in-dns")
		case j.kind == chain.NameIP && g.Tag == x509read.TagDNS && strings.HasPrefix(g.Text(), "*.") && glob(g.Text(), j.name):
			add("ip-in-dns-wildcard")
		case j.kind == chain.NameIP && g.Tag == x509read.TagIP && mapped(g.Value, j.octet):
			add("ip-mapped")
		}
	}
	for _, cn := range commonNames(cert) {
		switch {
		case j.kind == chain.NameIP && sameAddress(cn.text, j.octet):
			add("ip-in-cn" + besideCommonName(cert))
		case j.kind == chain.NameDNS && strings.HasPrefix(cn.text, "*.") && strings.Contains(ref, "_") && matchDNS(cn.text, ref) == matched:
			add("cn-underscore-wildcard" + besideCommonName(cert))
		case j.kind == chain.NameDNS && (strings.EqualFold(cn.text, ref) || matchDNS(cn.text, ref) == matched):
			add("cn" + cn.which + besideCommonName(cert))
		case j.kind == chain.NameDNS && loosely(cn.text, ref) != "":
			add("cn-" + loosely(cn.text, ref) + besideCommonName(cert))
		}
	}
	if kinds == nil {
		return []string{"none"}
	}
	return kinds
}

// A commonName is one of a subject's; which tells it apart from a plain one: of
// several clients read the first or the last, and a few string types none.
type commonName struct{ text, which string }

func commonNames(cert *x509read.Certificate) (out []commonName) {
	for _, rdn := range cert.Subject.RDNs {
		for _, a := range rdn {
			if a.OID != x509read.OIDCommonName {
				continue
			}
			which := ""
			switch a.Tag {
			case x509read.TagBMPString:
				which = "-bmp"
			case x509read.TagIA5String:
				which = "-ia5"
			}
			out = append(out, commonName{a.Text, which})
		}
	}
	if n := len(out); n > 1 {
		for i := range out {
			out[i].which = "-amid"
		}
		out[0].which, out[n-1].which = "-first", "-last"
	}
	return out
}

// besideCommonName says what stands in subjectAltName while the common name is read.
func besideCommonName(cert *x509read.Certificate) string {
	if cert.SubjectAltName == nil {
		return ""
	}
	for _, k := range []struct {
		tag  int
		text string
	}{{x509read.TagDNS, "-beside-dns"}, {x509read.TagIP, "-beside-ip"}, {x509read.TagURI, "-beside-uri"}, {x509read.TagEmail, "-beside-email"}} {
		for _, g := range cert.SubjectAltName {
			if g.Tag == k.tag {
				return k.text
			}
		}
	}
	return "-beside-nothing"
}

// loosely names the way in which a dNSName that RFC 9525 does not take would
// cover a reference name without a final dot; "" where it would in none.
func loosely(presented, ref string) string {
	p := strings.ToLower(presented)
	if p == "" || ref == "" || len(p) > 253 {
		return ""
	}
	if !ascii(p) {
		if a, err := toASCII(strings.ToValidUTF8(p, "\uFFFD")); err == nil && matchDNS(a, ref) == matched {
			return "u-label"
		}
		return ""
	}
	if stripped, ok := strings.CutSuffix(p, "."); ok && stripped != "" {
		if stripped == ref || matchDNS(stripped, ref) == matched {
			return "dot-san"
		}
		return ""
	}
	if !strings.Contains(p, "*") {
		switch {
		case p == "."+domain(ref):
			return "leading-dot"
		case p != ref:
			return ""
		case numericEnd(p):
			return "numeric-tld"
		case strings.HasPrefix(p, "-") || strings.Contains(p, ".-") || strings.Contains(p, "-."):
			return "hyphen"
		}
		return "odd-letters"
	}
	return wildcardReading(p, ref)
}

// wildcardReading is loosely for a pattern with "*".
func wildcardReading(p, ref string) string {
	rest, whole := strings.CutPrefix(p, "*.")
	label, tail, _ := strings.Cut(p, ".")
	first, domain, dotted := strings.Cut(ref, ".")
	switch {
	case !glob(p, ref) && rest != ref:
		return ""
	case p == "*" && !dotted:
		return "wildcard-all-single"
	case p == "*":
		return "wildcard-all"
	case strings.Count(label, "*") > 1 && strings.Count(tail, "*") == 0:
		return "wildcard-two-label"
	case strings.Count(p, "*") > 1:
		return "wildcard-two"
	case whole && rest == ref:
		return "wildcard-bare"
	case whole && rest == domain && !strings.Contains(rest, "."):
		return "wildcard-tld"
	case whole && rest == domain && numericEnd(p):
		return "numeric-tld"
	case whole && rest == domain:
		return "wildcard-odd-letters"
	case !strings.Contains(label, "*") && strings.HasSuffix(p, ".*"):
		return "wildcard-last"
	case !strings.Contains(label, "*"):
		return "wildcard-inner"
	case !dotted || tail != domain || !glob(label, first):
		return "wildcard-deep"
	case strings.HasPrefix(label, "xn--"):
		return "wildcard-idna"
	}
	kind := "wildcard-middle"
	if strings.HasSuffix(label, "*") {
		kind = "wildcard-head"
	} else if strings.HasPrefix(label, "*") {
		kind = "wildcard-tail"
	}
	switch {
	case strings.HasPrefix(first, "xn--"):
		kind += "-over-idna"
	case len(first) < len(label):
		kind += "-nothing"
	}
	return kind
}

func domain(name string) string {
	_, rest, _ := strings.Cut(name, ".")
	return rest
}

func numericEnd(name string) bool {
	return strings.Trim(name[strings.LastIndexByte(name, '.')+1:], "0123456789") == ""
}

func sameAddress(text string, octets []byte) bool {
	ip, ok := parseIP(strings.TrimSpace(text))
	return ok && string(ip) == string(octets)
}

// mapped reports whether an iPAddress is the IPv4-mapped form of an IPv4 address, or the other way round.
func mapped(presented, octets []byte) bool {
	const prefix = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff"
	return len(presented) == 16 && string(presented) == prefix+string(octets) || len(presented) == 4 && prefix+string(presented) == string(octets)
}

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
		if g.Tag != x509read.TagDNS || matchDNS(g.Text(), j.name) != matched {
			continue
		}
		text := g.Text()
		all = append(all, text)
		rest, wild := strings.CutPrefix(text, "*.")
		if is, _ := publicSuffix(rest); wild && is {
			suffix = append(suffix, text)
		} else if !appleDNSName(text) {
			dropped = append(dropped, text)
		}
	}
	return all, dropped, suffix
}
