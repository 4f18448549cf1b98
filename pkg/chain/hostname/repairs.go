package hostname

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// The bounds on what is compared and shown of a list of names, which may be
// hostile: it may hold tens of thousands.
const (
	maxCompared = 128
	maxShown    = 12
)

// coveredNames lists what a certificate covers of one kind, or of every kind
// where it has none of it; shortened.
func coveredNames(cert *x509read.Certificate, kind chain.NameKind) string {
	tag := tagOf(kind)
	var listed []string
	total := 0
	for _, plainOnly := range []bool{true, false} {
		for _, g := range cert.SubjectAltName {
			if plainOnly && g.Tag != tag {
				continue
			}
			if total++; total <= maxShown {
				text := nameText(g)
				if !plainOnly {
					text = g.Kind() + " " + text
				}
				listed = append(listed, text)
			}
		}
		if total > 0 {
			break
		}
	}
	if total > maxShown {
		listed = append(listed, fmt.Sprintf("and %d more", total-maxShown))
	}
	return strings.Join(listed, ", ")
}

func tagOf(kind chain.NameKind) int {
	switch kind {
	case chain.NameIP:
		return x509read.TagIP
	case chain.NameEmail:
		return x509read.TagEmail
	case chain.NameURI:
		return x509read.TagURI
	}
	return x509read.TagDNS
}

// nearest returns the name of the reference name's kind that is most like it: of
// the same registrable domain first, then with most labels in common from the
// right, then by edit distance. It returns "" where none is like it at all.
func nearest(cert *x509read.Certificate, kind chain.NameKind, name string) string {
	best, bestScore := "", 0
	domain, _ := registrableDomain(name)
	n := 0
	for _, g := range cert.SubjectAltName {
		if g.Tag != tagOf(kind) || g.Tag == x509read.TagIP || len(g.Value) > 253 || g.Tag == x509read.TagDNS && !validPresented(g.Text()) {
			continue // a name that nobody can ask for is no help
		}
		if n++; n > maxCompared {
			break
		}
		text := strings.ToLower(g.Text())
		distance := editDistance(text, name)
		score := 0
		if d, ok := registrableDomain(strings.TrimPrefix(text, "*.")); ok && d == domain {
			score = 1_000_000 + 10_000*commonLabels(text, name)
		} else if distance > 2+max(len(text), len(name))/4 {
			continue
		}
		if score += 1000 - distance; best == "" || score > bestScore {
			best, bestScore = quote(g.Text()), score
		}
	}
	return best
}

func commonLabels(a, b string) (n int) {
	la, lb := strings.Split(a, "."), strings.Split(b, ".")
	for n < len(la) && n < len(lb) && la[len(la)-1-n] == lb[len(lb)-1-n] {
		n++
	}
	return n
}

// editDistance is Levenshtein's, in octets; both are at most 253 long.
func editDistance(a, b string) int {
	if len(b) > 253 {
		b = b[:253]
	}
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

// withName is the repair "have item 0 issued again with the reference name in
// subjectAltName"; nil where the reference name cannot stand there. Names that
// spoil the others on some platform are left out.
func (j *judgement) withName(leaf *chain.Item) chain.Repair {
	g := x509read.GeneralName{Tag: tagOf(j.kind), Value: []byte(j.name)}
	if j.kind == chain.NameIP {
		g.Value = j.octet
	}
	if !j.valid {
		return nil
	}
	return chain.RepairReissue(leaf, func(c *x509read.Certificate) {
		names := slices.DeleteFunc(slices.Clone(c.SubjectAltName), func(g x509read.GeneralName) bool {
			return g.Tag == x509read.TagDNS && !validPresented(g.Text()) ||
				g.Tag == x509read.TagIP && len(g.Value) != 4 && len(g.Value) != 16
		})
		if j.kind == chain.NameURI { // a SPIFFE certificate has one URI
			names = slices.DeleteFunc(names, func(g x509read.GeneralName) bool { return g.Tag == x509read.TagURI })
		}
		c.SubjectAltName = append(names, g)
	})
}

// hit is the finding every rule of this package makes of a judgement.
func (j *judgement) hit(leaf *chain.Item, message, got string, advice ...chain.Advice) []chain.Hit {
	h := chain.Hit{Item: leaf, Named: true, Message: message, Kinds: j.readings(leaf.Cert), Advice: advice, Evidence: []chain.Evid{{Field: "subjectAltName", Got: got, Want: j.want()}}}
	h.Try(j.withName(leaf), "")
	return []chain.Hit{h}
}

// want names the entry that would cover the reference name.
func (j *judgement) want() string {
	return x509read.GeneralName{Tag: tagOf(j.kind)}.Kind() + " " + quote(j.name)
}

// opensslSAN is the entry in the notation of openssl's subjectAltName.
func (j *judgement) opensslSAN() string {
	prefix := map[chain.NameKind]string{chain.NameIP: "IP:", chain.NameEmail: "email:", chain.NameURI: "URI:"}[j.kind]
	if prefix == "" {
		prefix = "DNS:"
	}
	return prefix + quote(j.name)
}

// addName is the advice to have the name added.
func (j *judgement) addName() chain.Advice {
	if !j.valid {
		return chain.Advice{Who: "whoever runs this check", Text: "ask for a name that exists: use --name with a host name, an IP address, a mailbox or a URI"}
	}
	return chain.Advice{Who: "server administrator", Text: "have item 0 issued again with " + j.opensslSAN() + " in subjectAltName",
		Issue: &chain.Issuing{With: []string{"subjectAltName=" + strings.Join(append(j.keptNames(), j.opensslSAN()), ",")}}}
}

// maxKept bounds the names a command repeats.
const maxKept = 20

// keptNames are the names of item 0 that a certificate issued again keeps: those
// that a client can ask for.
func (j *judgement) keptNames() []string {
	var names []string
	for _, g := range j.cert.SubjectAltName {
		if g.Tag == x509read.TagDNS && validPresented(g.Text()) && len(names) < maxKept {
			names = append(names, "DNS:"+g.Text())
		}
	}
	return names
}
