package hostname

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// cause is why a reference name is not covered: each has its own rule, so that
// one fault is one error.
type cause int

const (
	covered cause = iota
	causeMismatch
	causeNoSAN
	causeCNOnly
	causeIPAsDNS
	causeWildcard
	causeIDNA
	causeMalformed
)

// judgement is the answer for item 0 and the reference name.
type judgement struct {
	kind  chain.NameKind
	name  string // the reference name in comparable form
	typed string // as it was typed
	octet []byte // of an IP address
	cert  *x509read.Certificate
	valid bool // it can be compared
	cause cause
	by    string // the presented name that covers it, or that comes so near that it is the cause
	why   string // why that one does not count
}

type judgementKey struct{}

// judge compares the names once per case; nil where there is no reference name
// or no item 0.
func judge(c *chain.Case) *judgement {
	return chain.OnceForAll(c, judgementKey{}, func() *judgement { return newJudgement(c) })
}

func newJudgement(c *chain.Case) *judgement {
	leaf := c.Leaf()
	if leaf == nil || c.Question.Name == "" || c.Question.NameKind == chain.NameNone {
		return nil
	}
	return compare(&c.Question, leaf.Cert)
}

// Covers reports whether a certificate covers the question's reference name.
func Covers(q *chain.Question, cert *x509read.Certificate) bool {
	return compare(q, cert).cause == covered
}

func compare(q *chain.Question, cert *x509read.Certificate) *judgement {
	j := &judgement{kind: q.NameKind, name: q.Name, typed: q.Typed, valid: true, cert: cert}
	j.compare(cert)
	return j
}

func (j *judgement) compare(cert *x509read.Certificate) {
	switch j.kind {
	case chain.NameEmail:
		_, _, j.valid = splitMailbox(j.name)
		j.search(cert, func(g x509read.GeneralName) bool {
			m, ok := mailbox(g)
			return ok && matchMailbox(m, j.name)
		})
		return
	case chain.NameURI:
		_, j.valid = foldURI(j.name)
		j.search(cert, func(g x509read.GeneralName) bool {
			return g.Tag == x509read.TagURI && matchURI(g.Text(), j.name)
		})
		return
	}
	if ip, ok := parseIP(strings.Trim(j.name, "[]")); ok {
		j.kind, j.octet, j.name = chain.NameIP, ip, ipText(ip)
		j.search(cert, func(g x509read.GeneralName) bool { return g.Tag == x509read.TagIP && matchIP(g.Value, ip) })
		j.nearIP(cert)
		return
	}
	if name, err := toASCII(j.name); err == nil {
		j.name = name
	}
	j.valid = j.kind == chain.NameDNS && validReference(j.name)
	j.search(cert, func(g x509read.GeneralName) bool {
		return j.valid && g.Tag == x509read.TagDNS && matchDNS(g.Text(), j.name) == matched
	})
	j.nearDNS(cert)
}

// search looks for a name that covers the reference name.
func (j *judgement) search(cert *x509read.Certificate, match func(x509read.GeneralName) bool) {
	for _, g := range cert.SubjectAltName {
		if match(g) {
			j.cause, j.by = covered, nameText(g)
			return
		}
	}
	j.cause = causeMismatch
	if cert.SubjectAltName == nil {
		j.cause = causeNoSAN
	}
}

// nearIP finds an address written where it does not count.
func (j *judgement) nearIP(cert *x509read.Certificate) {
	if j.cause == covered {
		return
	}
	same := func(text string) bool {
		ip, ok := parseIP(strings.TrimSpace(text))
		return ok && string(ip) == string(j.octet)
	}
	for _, g := range cert.SubjectAltName {
		if (g.Tag == x509read.TagDNS || g.Tag == x509read.TagURI) && same(g.Text()) {
			j.cause, j.by, j.why = causeIPAsDNS, quote(g.Text()), g.Kind()
			return
		}
	}
	j.nearCN(cert, same)
}

func (j *judgement) nearCN(cert *x509read.Certificate, same func(string) bool) {
	for _, cn := range cert.Subject.All(x509read.OIDCommonName) {
		if same(cn) {
			j.cause, j.by = causeCNOnly, quote(cn)
			return
		}
	}
}

// nearDNS finds the name that would cover the reference name but for one fault:
// of several wildcards the one that spells out most of it.
func (j *judgement) nearDNS(cert *x509read.Certificate) {
	if j.cause == covered || !j.valid {
		return
	}
	spelt := -1
	for _, g := range cert.SubjectAltName {
		if g.Tag != x509read.TagDNS {
			continue
		}
		text := g.Text()
		if why := malformed(text, j.name); why != "" {
			j.cause, j.by, j.why = causeMalformed, quote(text), why
			return
		}
		if !ascii(text) {
			if a, err := toASCII(strings.ToValidUTF8(text, "\uFFFD")); err == nil && matchDNS(a, j.name) == matched {
				j.cause, j.by, j.why = causeIDNA, quote(text), a
				return
			}
		}
		if why := wildcardFault(text, j.name); why != "" && len(text)-strings.Count(text, "*") > spelt {
			spelt = len(text) - strings.Count(text, "*")
			j.cause, j.by, j.why = causeWildcard, quote(text), why
		}
	}
	if j.cause == causeWildcard {
		return
	}
	j.nearCN(cert, func(cn string) bool {
		a, err := toASCII(cn)
		return err == nil && matchDNS(a, j.name) == matched
	})
}

// wildcardFault says why a pattern with "*" that looks as if it covered the name
// does not; "" when it does not look so.
func wildcardFault(pattern, name string) string {
	if len(pattern) > 253 || strings.Count(pattern, "*") == 0 || strings.Count(pattern, "*") > 8 {
		return ""
	}
	pattern = strings.TrimSuffix(strings.ToLower(pattern), ".")
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	rest, whole := strings.CutPrefix(pattern, "*.")
	switch {
	case whole && rest == name:
		return fmt.Sprintf("the wildcard stands for exactly one label, %s has none in its place", name)
	case !glob(pattern, name) || matchDNS(pattern, name) == matched: // matched: the fault is another one, such as a final dot
		return ""
	case pattern == "*":
		return "a wildcard alone would cover every name"
	case whole && !strings.Contains(rest, "*") && !strings.Contains(rest, "."):
		return fmt.Sprintf("a wildcard directly under the top-level domain %s is not allowed", rest)
	case strings.Count(pattern, "*") > 1:
		return fmt.Sprintf("it has %d wildcards, one is allowed", strings.Count(pattern, "*"))
	case whole:
		n := strings.Count(name, ".") - strings.Count(rest, ".")
		return fmt.Sprintf("the wildcard stands for exactly one label, %s has %d in its place", name, n)
	}
	star := strings.IndexByte(pattern, '*')
	first := strings.IndexByte(pattern, '.')
	if first >= 0 && star > first {
		return "the wildcard is not in the left-most label"
	}
	return "the wildcard is a part of a label, it has to be the whole left-most label"
}

// glob reports whether "*" standing for any characters makes the pattern the name.
func glob(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(name, parts[0]) {
		return false
	}
	name = name[len(parts[0]):]
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name = name[i+len(part):]
	}
	return len(name) >= len(parts[last]) && strings.HasSuffix(name, parts[last])
}

// quote returns a name as it stands where it is printable, else escaped.
func quote(s string) string {
	if len(s) > 255 {
		s = s[:255] + "…"
	}
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return strconv.QuoteToASCII(s)
		}
	}
	if s == "" {
		return `""`
	}
	return s
}

// Applies says whether the names can be compared: not where none covers the
// reference name and not all of them could be read.
func Applies(c *chain.Case) (bool, string) {
	if j := judge(c); j != nil && j.cause != covered && unreadable(c.Leaf()) {
		return false, "the names of item 0 could not be read"
	}
	return true, ""
}

// Reason says what level name rests on where it passes: "*.example.com covers
// www.example.com"; "" where nothing covers the name.
func Reason(c *chain.Case) string {
	j := judge(c)
	if j == nil || j.cause != covered {
		return ""
	}
	if strings.EqualFold(j.by, j.name) {
		return j.by + " is in subjectAltName"
	}
	return j.by + " covers " + quote(j.name)
}
