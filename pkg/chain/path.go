package chain

import (
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
