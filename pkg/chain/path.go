package chain

import (
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// PathEnd says why a candidate path ends where it ends.
type PathEnd string

// The ends of paths.
const (
	Anchored   PathEnd = "anchored"    // at a trusted anchor
	NoIssuer   PathEnd = "no_issuer"   // nothing here has the name its last item wants
	SelfSigned PathEnd = "self_signed" // at a self-signed certificate that is no anchor
	Loop       PathEnd = "loop"        // every issuer found is on the path already
	GaveUp     PathEnd = "gave_up"     // a bound of the Budget was met
)

// A Path is one candidate way from item 0 upwards.
type Path struct {
	Index  int     // its place in Case.Paths, the best candidates first
	Items  []*Item // leaf first; the last one is the anchor when End is Anchored
	Links  []*Link // Links[i] is between Items[i] and Items[i+1]
	End    PathEnd
	Anchor *Anchor // not nil when End is Anchored
}

// Last is the item the path ends at.
func (p *Path) Last() *Item { return p.Items[len(p.Items)-1] }

// Leaf is the certificate the path begins with.
func (p *Path) Leaf() *Item { return p.Items[0] }

// Builtin reports whether the path ends at an anchor of the platform's own store.
func (p *Path) Builtin() bool { return p.Anchor != nil && p.Anchor.Kind == Builtin }

// AnchoredLeaf reports whether the leaf itself is the trusted anchor.
func (p *Path) AnchoredLeaf() bool { return p.Anchor != nil && len(p.Items) == 1 }

// A Link is a step of a path: the issuer is said to have issued the child.
type Link struct {
	Child, Issuer  *Item
	IssuerIsAnchor bool
	Signature      x509read.SignatureResult
}

// maxAddresses is how many addresses of issuers a client looks at: trustd takes
// fewer than ten (SecTrustServer.c).
const maxAddresses = 10

// Addresses lists where the certificates of a path say that issuers can be had
// (caIssuers) and nobody has asked yet: http only, for a fetch over TLS would
// itself need a chain to evaluate.
func (c *Case) Addresses(p *Path) []string {
	var list []string
	for _, it := range p.Items {
		for _, d := range it.Cert.AuthorityInfo {
			url := string(d.Location.Value)
			if d.Method != x509read.OIDAccessCAIssuers || d.Location.Tag != x509read.TagURI || len(url) < 8 || !strings.EqualFold(url[:7], "http://") ||
				len(list) == maxAddresses-1 || slices.Contains(list, url) || c.fetched(url) {
				continue
			}
			list = append(list, url)
		}
	}
	return list
}

// fetched reports whether the evidence has an answer of an address, or that none came.
func (c *Case) fetched(url string) bool {
	return slices.ContainsFunc(c.Capture.Evidence, func(e Evidence) bool { return e.Origin == string(OriginFetched) && e.Source == url })
}
