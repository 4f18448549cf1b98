package basic

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// constrainedName is one name of a certificate that name constraints apply to.
type constrainedName struct {
	tag     int
	text    string
	general *x509read.GeneralName // of subjectAltName; nil: from the subject
	key     string                // what is compared of a directoryName (its key) and of a URI (its host), made once
	decodes bool                  // there is a key
}

// subtree is a subtree of a CA, with the key of its directoryName: there may be
// thousands to compare, and keys are made once.
type subtree struct {
	x509read.Subtree
	key     string
	decodes bool
}

// constraints are the name constraints of a CA.
type constraints struct{ permitted, excluded []subtree }

func constraintsOf(nc *x509read.NameConstraints) constraints {
	return constraints{subtreesOf(nc.Permitted), subtreesOf(nc.Excluded)}
}

func subtreesOf(list []x509read.Subtree) []subtree {
	out := make([]subtree, len(list))
	for i := range list {
		out[i].Subtree = list[i]
		if name := list[i].Base.Name; name != nil {
			out[i].key, out[i].decodes = name.Key5280()
		}
	}
	return out
}

func (n constrainedName) kind() string {
	return "the " + x509read.GeneralName{Tag: n.tag}.Kind()
}

// constrainedNames lists the names of a certificate (RFC 5280 section
// 4.2.1.10): subjectAltName, the subject as directoryName, its emailAddress as
// rfc822Name. With commonNames, where subjectAltName has no dNSName, a common
// name that is written like a host name counts as one, as clients that still
// read it would take it (OpenSSL NAME_CONSTRAINTS_check_CN).
func constrainedNames(c *x509read.Certificate, commonNames bool) []constrainedName {
	names := make([]constrainedName, 0, len(c.SubjectAltName)+2)
	for i := range c.SubjectAltName {
		g := &c.SubjectAltName[i]
		commonNames = commonNames && g.Tag != x509read.TagDNS
		names = append(names, alternativeName(g))
	}
	if !c.Subject.Empty() {
		n := constrainedName{tag: x509read.TagDirectoryName, text: c.Subject.String()}
		n.key, n.decodes = c.Subject.Key5280()
		names = append(names, n)
	}
	for _, mail := range c.Subject.EmailAddresses() {
		names = append(names, constrainedName{tag: x509read.TagEmail, text: mail})
	}
	if commonNames {
		for _, cn := range c.Subject.All(x509read.OIDCommonName) {
			if likeHostName(cn) {
				names = append(names, constrainedName{tag: x509read.TagDNS, text: cn})
			}
		}
	}
	return names
}

// alternativeName is a name of subjectAltName.
func alternativeName(g *x509read.GeneralName) constrainedName {
	n := constrainedName{tag: g.Tag, text: g.Text(), general: g}
	switch g.Tag {
	case x509read.TagDirectoryName:
		if g.Name != nil {
			n.text = g.Name.String()
			n.key, n.decodes = g.Name.Key5280()
		}
	case x509read.TagIP:
		if a, ok := netip.AddrFromSlice(g.Value); ok {
			n.text = a.String()
		} else {
			n.text = fmt.Sprintf("%x", g.Value)
		}
	case x509read.TagURI:
		n.key, n.decodes = uriHost(n.text)
	case x509read.TagOtherName:
		n.text = g.OtherName.Name()
	}
	return n
}

func likeHostName(s string) bool {
	if !strings.Contains(s, ".") || len(s) > 253 {
		return false
	}
	for _, l := range strings.Split(s, ".") {
		if l == "" || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for i := 0; i < len(l); i++ {
			c := l[i]
			if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
				return false
			}
		}
	}
	return true
}

// constraintBreach says which name breaks a constraint, in which words, and what was wanted.
type constraintBreach struct {
	name   constrainedName
	format string
	want   string
	wild   bool // a wildcard covers names that are excluded, and others
	span   bool // minimum and maximum alone are in the way
	dot    bool // the constraint ends in a dot, which no name does
}

// breach compares names with the subtrees of one CA: each must lie in no
// excluded subtree, and where there is a permitted one of its kind, in one of those.
func (c constraints) breach(names []constrainedName) *constraintBreach {
	for i := range names {
		n := &names[i]
		for k := range c.excluded {
			s := &c.excluded[k]
			if s.Base.Tag != n.tag || !sameType(s.Base, n) {
				continue
			}
			switch within(s, n, true) {
			case matched:
				return &constraintBreach{name: *n, format: "%s %q of {item} is excluded by %s", want: "outside of " + subtreeText(s.Base), wild: within(s, n, false) != matched}
			case undecidable:
				return incomparable(s, n, outside)
			}
		}
		asked, ok := 0, false
		var first *subtree
		for k := range c.permitted {
			s := &c.permitted[k]
			if s.Base.Tag != n.tag || !sameType(s.Base, n) {
				continue
			}
			if asked++; asked == 1 {
				first = s
			}
			switch within(s, n, false) {
			case matched:
				ok = true
			case undecidable:
				return incomparable(s, n, matched)
			}
			if ok {
				break
			}
		}
		if asked > 0 && !ok {
			want := subtreeText(first.Base)
			if asked > 1 {
				want += fmt.Sprintf(" (or one of %d more)", asked-1)
			}
			return &constraintBreach{name: *n, format: "%s %q of {item} is not permitted by %s", want: "within " + want}
		}
	}
	return nil
}

// incomparable is the breach of a name that cannot be compared; good is the answer
// with which it would be none.
func incomparable(s *subtree, n *constrainedName, good fit) *constraintBreach {
	plain := *s
	plain.Minimum, plain.Maximum = 0, -1
	got := within(&plain, n, good == outside)
	return &constraintBreach{name: *n, format: "%s %q of {item} cannot be compared with the constraints of %s", want: "a name that can be compared with " + subtreeText(s.Base), span: got == good, dot: got == undecidable && strings.HasSuffix(s.Base.Text(), ".")}
}

// sameType keeps otherNames of different types apart: a constraint on one that
// no name has asks nothing.
func sameType(base x509read.GeneralName, n *constrainedName) bool {
	return base.Tag != x509read.TagOtherName || n.general != nil && n.general.OtherName == base.OtherName
}

func subtreeText(base x509read.GeneralName) string {
	switch base.Tag {
	case x509read.TagDirectoryName:
		if base.Name != nil {
			return base.Name.String()
		}
	case x509read.TagIP:
		if n := len(base.Value); n == 8 || n == 32 {
			if a, ok := netip.AddrFromSlice(base.Value[:n/2]); ok {
				ones := 0
				for _, b := range base.Value[n/2:] {
					for ; b&0x80 != 0; b <<= 1 {
						ones++
					}
				}
				return fmt.Sprintf("%s/%d", a, ones)
			}
		}
		return fmt.Sprintf("%x", base.Value)
	case x509read.TagOtherName:
		return base.OtherName.Name()
	}
	if len(base.Value) == 0 {
		return "every " + base.Kind()
	}
	return fmt.Sprintf("%q", base.Text())
}

// fit is the answer to "does the name lie in the subtree?".
type fit int

const (
	outside fit = iota
	matched
	undecidable // name or constraint is malformed, or of a kind nobody can compare
)

// within compares one name with one subtree of the same kind (RFC 5280 section
// 4.2.1.10). excluded: a wildcard is caught where one name it covers is.
func within(s *subtree, n *constrainedName, excluded bool) fit {
	if s.Minimum != 0 || s.Maximum >= 0 {
		return undecidable
	}
	base := s.Base.Text()
	switch n.tag {
	case x509read.TagDNS:
		return hostWithin(base, n.text, excluded)
	case x509read.TagEmail:
		return mailWithin(base, n.text)
	case x509read.TagURI:
		return uriWithin(base, n)
	case x509read.TagIP:
		return addressWithin(s.Base.Value, n.general.Value)
	case x509read.TagDirectoryName:
		switch {
		case !n.decodes || !s.decodes:
			return undecidable
		case strings.HasPrefix(n.key, s.key):
			return matched
		}
		return outside
	}
	return undecidable
}

// hostWithin: adding labels on the left keeps a name within; a leading period
// wants at least one label more. ASCII case does not count.
func hostWithin(base, name string, excluded bool) fit {
	if base == "" {
		return matched
	}
	wildcard := strings.HasPrefix(name, "*.")
	plain := name
	if wildcard {
		plain = name[2:]
	}
	if !likeLabels(plain) || !likeLabels(strings.TrimPrefix(base, ".")) || strings.Contains(base, "*") {
		return undecidable // a wildcard has no meaning in a constraint
	}
	if hasDomain(name, base) {
		return matched
	}
	// *.example.com covers one label before example.com: it meets an excluded
	// subtree that begins there.
	if wildcard && excluded && !strings.HasPrefix(base, ".") {
		if dot := strings.IndexByte(base, '.'); dot > 0 && strings.EqualFold(base[dot+1:], plain) {
			return matched
		}
	}
	return outside
}

// hasDomain reports whether name is base or a name below it; only below it
// where base begins with a period.
func hasDomain(name, base string) bool {
	if len(name) < len(base) || !strings.EqualFold(name[len(name)-len(base):], base) {
		return false
	}
	if base[0] == '.' {
		return len(name) > len(base)
	}
	return len(name) == len(base) || name[len(name)-len(base)-1] == '.'
}

// likeLabels reports whether a name is labels of letters, digits, hyphens and
// underscores with dots between them (RFC 1034 section 3.5; underscores as they
// are in use).
func likeLabels(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	last := byte('.')
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
		case c == '.' && last != '.':
		default:
			return false
		}
		last = c
	}
	return last != '.'
}

// mailWithin: "user@host" is one mailbox, "host" all mailboxes on it, ".domain"
// those on every host below it. The local part is compared as it stands.
func mailWithin(base, mail string) fit {
	at := strings.LastIndexByte(mail, '@')
	if at <= 0 || !likeLabels(mail[at+1:]) || !localPart(mail[:at]) {
		return undecidable
	}
	local, host := mail[:at], mail[at+1:]
	if base == "" {
		return matched
	}
	ok := false
	if i := strings.LastIndexByte(base, '@'); i >= 0 {
		if i == 0 || !likeLabels(base[i+1:]) || !localPart(base[:i]) {
			return undecidable
		}
		ok = base[:i] == local && strings.EqualFold(base[i+1:], host)
	} else if !likeLabels(strings.TrimPrefix(base, ".")) {
		return undecidable
	} else if base[0] == '.' {
		ok = hasDomain(host, base)
	} else {
		ok = strings.EqualFold(host, base)
	}
	if ok {
		return matched
	}
	return outside
}

// localPart accepts a dot-atom or a quoted string (RFC 2821 section 4.1.2).
func localPart(s string) bool {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return true
	}
	if s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("()<>[]:;@\\,\"", c) >= 0 {
			return false
		}
	}
	return true
}

// uriWithin compares the host of a URI: a name alone is that host, one with a
// leading period every host below it. A URI without a host name, or with an
// address in its place, must be refused.
func uriWithin(base string, n *constrainedName) fit {
	host := n.key
	switch {
	case !n.decodes:
		return undecidable
	case base == "":
		return matched
	case !likeLabels(strings.TrimPrefix(base, ".")):
		return undecidable
	case base[0] == '.' && hasDomain(host, base), strings.EqualFold(host, base):
		return matched
	}
	return outside
}

// uriHost cuts the host name out of a URI (RFC 3986 section 3.2). What that
// section has no place for is refused: browsers end the authority at a backslash
// and others do not.
func uriHost(uri string) (string, bool) {
	i := strings.Index(uri, "://")
	if i <= 0 {
		return "", false
	}
	host := uri[i+3:]
	if end := strings.IndexAny(host, "/?#"); end >= 0 {
		host = host[:end]
	}
	if strings.ContainsFunc(host, outsideURI) {
		return "", false
	}
	if _, after, ok := strings.Cut(host, "@"); ok {
		host = after
	}
	if strings.HasPrefix(host, "[") {
		return "", false
	}
	if colon := strings.LastIndexByte(host, ':'); colon >= 0 {
		host = host[:colon]
	}
	if !likeLabels(host) {
		return "", false
	}
	if last := host[strings.LastIndexByte(host, '.')+1:]; last == "" || last[0] >= '0' && last[0] <= '9' {
		return "", false // an address, or no name at all
	}
	return host, true
}

// outsideURI reports whether a URI cannot have the character (RFC 3986 appendix A).
func outsideURI(c rune) bool {
	return c <= ' ' || c >= 0x7f || strings.ContainsRune("\"<>\\^`{|}", c)
}

func addressWithin(base, address []byte) fit {
	n := len(address)
	if n != 4 && n != 16 || len(base) != 8 && len(base) != 32 {
		return undecidable
	}
	if len(base) != 2*n {
		return outside
	}
	for i, b := range address {
		if mask := base[n+i]; b&mask != base[i]&mask {
			return outside
		}
	}
	return matched
}
