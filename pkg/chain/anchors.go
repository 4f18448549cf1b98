package chain

import (
	"crypto/sha256"
	"fmt"
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
	Below       []string  // builtin constraint: DNS names at and below these alone; none: all
	DER         []byte
	reissued    bool // made up by a repair
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

// AnchorOf makes an anchor of a certificate that was read, which it keeps.
func AnchorOf(c *x509read.Certificate, kind AnchorKind, origin string) *Anchor {
	return &Anchor{Kind: kind, Origin: origin, DER: c.Raw, SHA256: c.SHA256, cert: c}
}

// Cert reads the certificate on first use; it is never nil.
func (a *Anchor) Cert() *x509read.Certificate {
	a.parse.Do(func() {
		if a.cert != nil {
			return
		}
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

// String names the store with its version and date: "apple 2025072000 of 2025-07-20".
func (s StoreInfo) String() string {
	text := s.Name
	if s.Version != "" {
		text += " " + s.Version
	}
	if !s.Date.IsZero() {
		text += " of " + s.Date.UTC().Format(time.DateOnly)
	}
	return text
}

// An Index is a trust store that finds its anchors without reading all of them
// first. All are of kind builtin, each is always the same pointer, and it is
// safe for use by many goroutines.
type Index interface {
	Len() int
	All() []*Anchor
	ByHash(sum [sha256.Size]byte) *Anchor // nil: not in the store
	BySubject(key string) []*Anchor       // by loose key (x509read.Name.Key)
}

// Anchors is the set of trusted anchors of an evaluation: a store and what was
// given beside it. It is safe for use by many goroutines once made.
type Anchors struct {
	Store  StoreInfo
	index  Index // nil: none
	given  []*Anchor
	kinds  [3]int // how many of each kind, by rank
	byHash map[[sha256.Size]byte]*Anchor

	byName     map[string][]*Anchor // of those given
	byNameOnce sync.Once
}

// NewAnchors makes a set of a list; where a certificate is given twice the
// stronger kind wins.
func NewAnchors(store StoreInfo, list ...*Anchor) *Anchors { return makeAnchors(store, nil, list) }

// NewStoreAnchors makes the set of a whole trust store.
func NewStoreAnchors(store StoreInfo, index Index) *Anchors { return makeAnchors(store, index, nil) }

func makeAnchors(store StoreInfo, index Index, given []*Anchor) *Anchors {
	s := &Anchors{Store: store, index: index, byHash: make(map[[sha256.Size]byte]*Anchor, len(given))}
	place := make(map[*Anchor]int, len(given))
	for _, a := range given {
		if index != nil && index.ByHash(a.SHA256) != nil {
			continue // builtin is the strongest
		}
		old, again := s.byHash[a.SHA256]
		switch {
		case !again:
			place[a] = len(s.given)
			s.given = append(s.given, a)
		case rank(a.Kind) < rank(old.Kind):
			place[a] = place[old]
			s.given[place[a]] = a
		default:
			continue
		}
		s.byHash[a.SHA256] = a
	}
	if index != nil {
		s.kinds[rank(Builtin)] = index.Len()
	}
	for _, a := range s.given {
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

// Len counts the anchors.
func (s *Anchors) Len() int { return s.kinds[0] + s.kinds[1] + s.kinds[2] }

// Count counts the anchors of one kind.
func (s *Anchors) Count(k AnchorKind) int { return s.kinds[rank(k)] }

// HasStore reports whether a trust store is part of the set.
func (s *Anchors) HasStore() bool { return s.index != nil }

// Given lists the anchors beside the store's own, in the order given.
func (s *Anchors) Given() []*Anchor { return s.given }

// All lists the anchors, the store's first. It reads the whole store.
func (s *Anchors) All() []*Anchor {
	if s.index == nil {
		return s.given
	}
	return append(s.index.All(), s.given...)
}

// ByHash finds the anchor with exactly this certificate.
func (s *Anchors) ByHash(sum [sha256.Size]byte) *Anchor {
	if s.index != nil {
		if a := s.index.ByHash(sum); a != nil {
			return a
		}
	}
	return s.byHash[sum]
}

// BySubject lists the anchors whose subject has this loose key
// (x509read.Name.Key), the store's first.
func (s *Anchors) BySubject(key string) []*Anchor {
	s.byNameOnce.Do(func() {
		s.byName = make(map[string][]*Anchor, len(s.given))
		for _, a := range s.given {
			s.byName[a.SubjectKey()] = append(s.byName[a.SubjectKey()], a)
		}
	})
	given := s.byName[key]
	if s.index == nil {
		return given
	}
	found := s.index.BySubject(key)
	if len(given) == 0 {
		return found
	}
	return append(found[:len(found):len(found)], given...)
}

// Without returns the set without the anchors of one kind.
func (s *Anchors) Without(k AnchorKind) *Anchors {
	index := s.index
	if k == Builtin {
		index = nil
	}
	var keep []*Anchor
	for _, a := range s.given {
		if a.Kind != k {
			keep = append(keep, a)
		}
	}
	return makeAnchors(s.Store, index, keep)
}

// With returns the set with further anchors.
func (s *Anchors) With(more ...*Anchor) *Anchors {
	return makeAnchors(s.Store, s.index, append(s.given[:len(s.given):len(s.given)], more...))
}

// replaced returns the set with one anchor instead of another.
func (s *Anchors) replaced(old, by *Anchor) *Anchors {
	list := append([]*Anchor(nil), s.All()...)
	for i := range list {
		if list[i] == old {
			list[i] = by
		}
	}
	return NewAnchors(s.Store, list...)
}

// maxAgeDays is how old a table may be before what rests on it says so.
const maxAgeDays = 180

// Aged goes behind the name of a table of a date where that is old at the time
// of the question: ", 243 days old"; "" where it is not, or where the table is of a later day.
func Aged(date, at time.Time) string {
	if days := int(at.Sub(date) / (24 * time.Hour)); !date.IsZero() && days > maxAgeDays {
		return fmt.Sprintf(", %d days old", days)
	}
	return ""
}
