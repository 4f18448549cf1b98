package apple

import (
	"bytes"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// constraints is what the CAs above a certificate have said together.
type constraints struct {
	permitted, excluded []x509read.GeneralName
	cas                 []string // who said it
	comparisons         int
	all                 *int // of the case
}

type comparisonsKey struct{}

// spent reports whether the comparisons are used up; names then count as outside.
func (n *constraints) spent() bool {
	return n.comparisons > maxComparisons || *n.all > 4*maxComparisons
}

func (n *constraints) any() bool { return len(n.permitted)+len(n.excluded) > 0 }

// add takes a CA's constraints in. Permitted DNS and directory names replace a
// wider one and give way to a narrower one; everything else adds up (apple: N-07).
func (n *constraints) add(it *chain.Item, nc *x509read.NameConstraints) {
	n.cas = append(n.cas, it.Named())
	for _, s := range nc.Excluded {
		n.excluded = append(n.excluded, s.Base)
	}
	// The new trees are compared with what stood before, not with one another.
	before := len(n.permitted)
	for _, s := range nc.Permitted {
		if !n.narrow(s.Base, before) {
			n.permitted = append(n.permitted, s.Base)
		}
	}
}

func (n *constraints) narrow(tree x509read.GeneralName, before int) bool {
	if tree.Tag != x509read.TagDNS && tree.Tag != x509read.TagDirectoryName {
		return false
	}
	for i := range n.permitted[:before] {
		old := n.permitted[i]
		if old.Tag != tree.Tag {
			continue
		}
		if n.covers(old, tree) {
			n.permitted[i] = tree
			return true
		}
		if n.covers(tree, old) {
			return true
		}
	}
	return false
}

// judge holds the names of a certificate against the constraints. The common
// name is not among them (apple: N-04).
func (n *constraints) judge(it *chain.Item) (chain.Hit, bool) {
	for _, name := range namesOf(it.Cert) {
		if want := n.breach(name); want != "" {
			h := n.outside(it, name, want)
			h.Try(chain.RepairReissue(it, func(cert *x509read.Certificate) {
				cert.SubjectAltName = slices.DeleteFunc(slices.Clone(cert.SubjectAltName), func(g x509read.GeneralName) bool { return n.breach(g) != "" })
			}), "")
			return h, true
		}
	}
	return chain.Hit{}, false
}

// breach says what a name would have to be; "" where the constraints allow it.
func (n *constraints) breach(name x509read.GeneralName) string {
	for _, x := range n.excluded {
		if n.covers(x, name) {
			return "excluded: " + nameText(x)
		}
	}
	limited := ""
	for _, x := range n.permitted {
		if x.Tag != name.Tag {
			continue
		}
		if n.covers(x, name) {
			limited = ""
			break
		}
		limited = "inside " + nameText(x)
	}
	if limited == "" && n.spent() {
		return "fewer names and constraints than can be compared"
	}
	return limited
}

func (n *constraints) outside(it *chain.Item, name x509read.GeneralName, want string) chain.Hit {
	return chain.Hit{Item: it, Message: fmt.Sprintf("the name %s of {item} breaks the name constraints of %s (%s)", nameText(name), strings.Join(n.cas, " and "), want),
		Evidence: []chain.Evid{{Field: "subjectAltName", Got: nameText(name), Want: want}}}
}

func nameText(name x509read.GeneralName) string {
	switch {
	case name.Tag == x509read.TagDirectoryName && name.Name != nil:
		return "directoryName " + name.Name.String()
	case name.Tag == x509read.TagIP:
		if a, ok := netip.AddrFromSlice(name.Value); ok {
			return "iPAddress " + a.String()
		}
		return "iPAddress subtree"
	}
	return name.Kind() + " " + strings.ToValidUTF8(name.Text(), "\uFFFD")
}

// namesOf lists subject, subjectAltName and the e-mail addresses in the subject.
func namesOf(c *x509read.Certificate) []x509read.GeneralName {
	var list []x509read.GeneralName
	if !c.Subject.Empty() {
		subject := c.Subject
		list = append(list, x509read.GeneralName{Tag: x509read.TagDirectoryName, Value: c.Subject.Raw, Name: &subject})
	}
	for _, address := range c.Subject.EmailAddresses() {
		list = append(list, x509read.GeneralName{Tag: x509read.TagEmail, Value: []byte(address)})
	}
	return append(list, c.SubjectAltName...)
}

// covers reports whether a constraint holds for a name (or for another
// constraint of its type).
func (n *constraints) covers(tree, name x509read.GeneralName) bool {
	n.comparisons++
	*n.all++
	if tree.Tag != name.Tag || n.spent() {
		return false
	}
	switch tree.Tag {
	case x509read.TagDNS:
		return dnsWithin(tree.Text(), name.Text())
	case x509read.TagDirectoryName:
		t, s := nameContent(tree), nameContent(name)
		return len(s) > len(t) && bytes.HasPrefix(s, t) // strictly longer (apple: N-05)
	case x509read.TagEmail:
		return mailWithin(tree.Text(), name.Text())
	case x509read.TagURI:
		u, err := url.Parse(name.Text())
		return err == nil && u.Hostname() != "" && hostWithin(tree.Text(), u.Hostname())
	case x509read.TagIP:
		half := len(tree.Value) / 2
		if half != 4 && half != 16 || len(tree.Value) != 2*half || len(name.Value) != half {
			return false
		}
		for i, b := range name.Value {
			if (b^tree.Value[i])&tree.Value[half+i] != 0 {
				return false
			}
		}
		return true
	}
	return false
}

// dnsWithin is a suffix test at a label's boundary; with a leading dot the dot
// belongs to the suffix, and an empty constraint matches nothing (apple: N-02).
func dnsWithin(tree, name string) bool {
	if tree == "" || len(name) < len(tree) || !strings.EqualFold(name[len(name)-len(tree):], tree) {
		return false
	}
	return len(name) == len(tree) || tree[0] == '.' || name[len(name)-len(tree)-1] == '.'
}

func hostWithin(tree, host string) bool {
	if strings.HasPrefix(tree, ".") {
		return dnsWithin(tree, host)
	}
	return tree != "" && strings.EqualFold(tree, host)
}

func mailWithin(tree, address string) bool {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return false
	}
	if i := strings.LastIndexByte(tree, '@'); i >= 0 {
		return tree[:i] == address[:at] && strings.EqualFold(tree[i:], address[at:])
	}
	return hostWithin(tree, address[at+1:])
}

// nameContent is the content of the SEQUENCE of a directoryName, however the
// reader handed it over.
func nameContent(g x509read.GeneralName) []byte {
	raw := g.Value
	if g.Name != nil {
		raw = g.Name.Raw
	}
	s := cryptobyte.String(raw)
	var content cryptobyte.String
	if s.ReadASN1(&content, asn1.SEQUENCE) {
		return content
	}
	return raw
}
