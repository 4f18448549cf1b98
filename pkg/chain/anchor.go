package chain

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// AnchorKind decides most of Apple's exemptions.
type AnchorKind string

// The kinds of trusted anchors, strongest first: the same certificate given
// twice is builtin before installed before app.
const (
	Builtin   AnchorKind = "builtin"   // in the platform's own store (apple: SYS)
	Installed AnchorKind = "installed" // added by the user or an administrator (apple: USER)
	App       AnchorKind = "app"       // added by the app's own code (apple: APP)
)

// An Anchor is a certificate, or a name and a key, that the evaluating side
// trusts by itself. A leaf or an intermediate can be one.
type Anchor struct {
	Kind        AnchorKind
	Origin      string    // the store's name, or file and payload it came from
	NotAfter    time.Time // builtin constraint: leaves issued (notBefore) at or after this are refused; zero: none
	DER         []byte
	SHA256      [sha256.Size]byte
	parse       sync.Once
	cert        *x509read.Certificate
	subjectKey  string
	subjectOnce sync.Once
}

// NewAnchor makes an anchor of a certificate's DER without parsing it yet.
func NewAnchor(der []byte, kind AnchorKind, origin string) *Anchor {
	return &Anchor{Kind: kind, Origin: origin, DER: der, SHA256: sha256.Sum256(der)}
}

// Cert reads the certificate on first use; it is never nil.
func (a *Anchor) Cert() *x509read.Certificate {
	a.parse.Do(func() {
		c, _ := x509read.Parse(a.DER)
		if c == nil {
			c = &x509read.Certificate{Raw: a.DER, SHA256: a.SHA256}
		}
		a.cert = c
	})
	return a.cert
}

// SubjectKey is the loose comparison key of the anchor's subject.
func (a *Anchor) SubjectKey() string {
	a.subjectOnce.Do(func() {
		if raw, ok := x509read.SubjectRaw(a.DER); ok {
			a.subjectKey = x509read.NameKey(raw)
		}
	})
	return a.subjectKey
}

// StoreInfo names a trust store and how old it is.
type StoreInfo struct {
	Name    string    // "apple", "mozilla", "system", "none"
	Version string    // as the store's maker counts
	Date    time.Time // of its content; zero when unknown
}

// Anchors is the set of trusted anchors of an evaluation: a store and what the
// user added. It is safe for use by many goroutines once made.
type Anchors struct {
	Store     StoreInfo
	list      []*Anchor
	kinds     [3]int // how many of each kind, by rank
	byHash    map[[sha256.Size]byte]*Anchor
	byName    map[string][]*Anchor
	indexOnce sync.Once
}

// NewAnchors makes a set; where a certificate is given twice the stronger kind wins.
func NewAnchors(store StoreInfo, list ...*Anchor) *Anchors {
	s := &Anchors{Store: store, list: make([]*Anchor, 0, len(list)), byHash: make(map[[sha256.Size]byte]*Anchor, len(list))}
	for _, a := range list {
		if old, ok := s.byHash[a.SHA256]; ok {
			if rank(a.Kind) < rank(old.Kind) {
				for i := range s.list {
					if s.list[i] == old {
						s.list[i] = a
					}
				}
				s.byHash[a.SHA256] = a
			}
			continue
		}
		s.byHash[a.SHA256] = a
		s.list = append(s.list, a)
	}
	for _, a := range s.list {
		s.kinds[rank(a.Kind)]++
	}
	return s
}

func rank(k AnchorKind) int {
	switch k {
	case Builtin:
		return 0
	case Installed:
		return 1
	}
	return 2
}

// All lists the anchors in the order given.
func (s *Anchors) All() []*Anchor { return s.list }

// Count counts the anchors of one kind.
func (s *Anchors) Count(k AnchorKind) int {
	return s.kinds[rank(k)]
}

// ByHash finds the anchor with exactly this certificate.
func (s *Anchors) ByHash(sum [sha256.Size]byte) *Anchor { return s.byHash[sum] }

// BySubject lists the anchors whose subject has this loose key (x509read.Name.Key).
func (s *Anchors) BySubject(key string) []*Anchor {
	s.indexOnce.Do(func() {
		s.byName = make(map[string][]*Anchor, len(s.list))
		for _, a := range s.list {
			s.byName[a.SubjectKey()] = append(s.byName[a.SubjectKey()], a)
		}
	})
	return s.byName[key]
}

// Without returns the set without the anchors of one kind.
func (s *Anchors) Without(k AnchorKind) *Anchors {
	var keep []*Anchor
	for _, a := range s.list {
		if a.Kind != k {
			keep = append(keep, a)
		}
	}
	return NewAnchors(s.Store, keep...)
}

// With returns the set with further anchors.
func (s *Anchors) With(more ...*Anchor) *Anchors {
	return NewAnchors(s.Store, append(append([]*Anchor(nil), s.list...), more...)...)
}
