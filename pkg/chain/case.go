package chain

import (
	"encoding/hex"
	"math/bits"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// Origin says how an item came into the case.
type Origin string

// The origins of items, as reports print them.
const (
	OriginSent    Origin = "sent"    // by the server, in the handshake
	OriginFile    Origin = "file"    // in the file, directory or job that was inspected
	OriginGiven   Origin = "given"   // by the user beside the target (--with)
	OriginFetched Origin = "fetched" // from the network, with --fetch
	OriginStore   Origin = "store"   // an anchor
)

// An Item is one certificate of a case. Items sent come first, in the order
// sent, so that Index is their number; the others follow.
type Item struct {
	Index    int
	Origin   Origin
	Cert     *x509read.Certificate
	Err      error    // not nil: the outer structure cannot be walked; Cert has what could be read
	Position Position // where it stands in a file; zero for a handshake
	Repeats  int      // index of the earlier identical item, or -1
	Reissued bool     // a repair has changed it: it counts as signed by the issuer it names, and has no signature of its own
	Anchor   *Anchor  // not nil where this very certificate (or its name and key) is an anchor in force
	known    *known   // what is remembered of the certificate; nil for leaves, and for what a repair made up
	Shown    bool     // in the client identity that a server was shown, which is numbered apart
}

// Sent reports whether the item is part of the list being judged: sent by the
// server, or standing in the inspected file.
func (it *Item) Sent() bool { return it.Origin == OriginSent || it.Origin == OriginFile }

// SelfIssued reports whether subject and issuer are the same name by RFC 5280
// section 7.1.
func (it *Item) SelfIssued() bool { return it.Cert.Subject.Equal5280(it.Cert.Issuer) }

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

// Constrained reports whether a CA of the path is limited to certain names, as few are.
func (p *Path) Constrained() bool {
	return p.Anchor != nil && len(p.Anchor.Below) > 0 || slices.ContainsFunc(p.Items[1:], func(it *Item) bool { return it.Cert.NameConstraints != nil })
}

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

// Input is everything a judgement depends on. Repairs are functions on it.
type Input struct {
	Capture     *Capture
	Observation int // index into Capture.Observations: whose list is judged
	Question    Question
	Anchors     *Anchors
	Shown       bool // the list is a client identity that a server was shown
	// Reissued holds certificates a repair has changed, by the hex SHA-256 of the
	// blob they stand in for. Their signatures count as good.
	Reissued map[string]*x509read.Certificate
	// Stop is asked now and then: when it says true the time is over, and Evaluate
	// gives nil. nil: there is no end to it.
	Stop func() bool

	covers func(*Question, *x509read.Certificate) bool // Evaluator.Covers
}

// Case is an Input with its items read and its candidate paths built: what rules look at.
// It belongs to one goroutine.
type Case struct {
	Question    Question
	Capture     *Capture
	Observation *Observation
	Items       []*Item
	Paths       []*Path
	Anchors     *Anchors
	Budget      Budget
	GaveUp      string // which bound of the Budget was met: "items", "paths", "depth", "steps", "signatures"; "" none

	// DefaultTrust is the verdict of the default trust evaluation (levels x509
	// and name, without the anchors an app added itself). It is set before the
	// rules of levels ats and identity run.
	DefaultTrust Verdict
	// AppTrust is the same with the app's own anchors.
	AppTrust Verdict

	client      func() *Evaluator
	verdictOnly bool
	stop        func() bool // Input.Stop
	memory      *Memory
	books       books   // that the rules passed are counted in
	quiet       ruleSet // rules of them that found nothing under the question
	leaf        int     // index of the leaf
	spots       []spot
	steps       []step
	once        *memos // nil: nothing was computed
	always      *memos // kept when the case is asked at another time
}

// spot is an item at a place, with the paths it stands on.
type spot struct {
	item   *Item
	place  Place
	paths  pathSet
	passed ruleSet // rules about certificates that find nothing here
	learnt bool    // some of them are not in the memory yet
}

// step is a link with the paths it is part of.
type step struct {
	link  *Link
	paths pathSet
}

// Sent lists the items of the list being judged, in order.
func (c *Case) Sent() []*Item {
	n := 0
	for n < len(c.Items) && c.Items[n].Sent() {
		n++
	}
	return c.Items[:n]
}

// Leaf is the server's or client's own certificate, or nil where nothing was
// sent: item 0, but where the list begins with a CA's certificate and the leaf
// stands further down.
func (c *Case) Leaf() *Item {
	if len(c.Items) == 0 || !c.Items[c.leaf].Sent() {
		return nil
	}
	return c.Items[c.leaf]
}

// Handed is what the handshake brought beside the list that may hold timestamps of
// a leaf: those of its extension, and the staple of item 0.
func (c *Case) Handed(leaf *Item) (scts [][]byte, staple []byte) {
	if c.Observation == nil || leaf != c.Leaf() {
		return nil, nil
	}
	return c.Observation.SCTs, c.Observation.Staples[0]
}

// builtin reports whether a path ends at an anchor of the platform's own store.
func (c *Case) builtin() bool {
	for _, p := range c.Paths {
		if p.Builtin() {
			return true
		}
	}
	return false
}

// Once computes a value once per case and question: for algorithms several
// rules of a package share. key should be a value of an unexported type.
func Once[T any](c *Case, key any, f func() T) T {
	if c.once == nil {
		c.once = new(memos)
	}
	return once(c.once, key, f)
}

// OnceForAll is Once for values that do not depend on the question, such as the
// signature of a certificate timestamp: they stay when the case is asked again
// at another time.
func OnceForAll[T any](c *Case, key any, f func() T) T {
	if c.always == nil {
		c.always = new(memos)
	}
	return once(c.always, key, f)
}

// memos keeps values by their keys. Most cases have a handful, in which a list is
// searched sooner than a map is made.
type memos struct {
	few  []memo
	room [2]memo     // for few
	many map[any]any // beyond maxFew
}

type memo struct{ key, value any }

const maxFew = 8

func once[T any](m *memos, key any, f func() T) T {
	for i := range m.few {
		if m.few[i].key == key {
			return m.few[i].value.(T)
		}
	}
	if v, ok := m.many[key]; ok {
		return v.(T)
	}
	v := f()
	switch {
	case len(m.few) < maxFew: // f may have kept something, too
		if m.few == nil {
			m.few = m.room[:0]
		}
		m.few = append(m.few, memo{key, v})
	case m.many == nil:
		m.many = map[any]any{key: v}
	default:
		m.many[key] = v
	}
	return v
}

// VerifySignature checks one item's signature with another's key, from memory where it can.
func (c *Case) VerifySignature(child, issuer *Item) x509read.SignatureResult {
	if child.Reissued {
		return x509read.SignatureResult{Status: x509read.Verified}
	}
	return c.memory.signature(child.Cert, issuer)
}

// at is the same case, asked at another time.
func (c *Case) at(q Question) *Case {
	if c.always == nil {
		c.always = new(memos)
	}
	d := *c
	d.turn(q)
	return &d
}

// turn asks the case another question.
func (c *Case) turn(q Question) {
	c.Question = q
	c.once, c.quiet = nil, ruleSet{}
}

// VerdictOnly reports whether only the verdict is wanted, and the rule and the item
// that decide it, as at the dates to come: a hit needs no words then.
func (c *Case) VerdictOnly() bool { return c.verdictOnly }

// stopped reports whether the time for the case is over.
func (c *Case) stopped() bool { return c.stop != nil && c.stop() }

// pathSet is a set of path indices; Budget.Paths never exceeds its size.
type pathSet uint64

const maxPaths = 64

func (s *pathSet) add(i int)     { *s |= 1 << i }
func (s pathSet) has(i int) bool { return s&(1<<i) != 0 }
func (s pathSet) list() []int {
	out := make([]int, 0, bits.OnesCount64(uint64(s)))
	for ; s != 0; s &= s - 1 {
		out = append(out, bits.TrailingZeros64(uint64(s)))
	}
	return out
}

func blobKey(c *x509read.Certificate) string { return hex.EncodeToString(c.SHA256[:]) }
