package chain

import (
	"crypto/sha256"
	"sync"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// Budget bounds the work on one target, so that a hostile bag of certificates
// gives the same answer on a slow machine as on a fast one.
type Budget struct {
	Paths      int // candidate paths kept
	Signatures int // signature checks
	Steps      int // issuer candidates looked at
	Items      int // certificates read from one list
	Depth      int // items on one path
}

// DefaultBudget is enough for every honest bag by a wide margin.
func DefaultBudget() Budget {
	return Budget{Paths: 64, Signatures: 256, Steps: 8192, Items: 256, Depth: 24}
}

// Memory remembers across targets what does not depend on them: signatures, and
// of certificates that are no leaves what was read, what reports say, and which
// rules found nothing. It is bounded and safe for many goroutines. No answer
// depends on it.
type Memory struct {
	mu         sync.RWMutex
	signatures generations[sigKey, x509read.SignatureResult]
	certs      generations[[sha256.Size]byte, parsed]
	described  generations[*x509read.Certificate, ItemReport] // but for the place in a case
	passed     generations[passKey, ruleSet]
}

// sigKey is the issuer's SubjectPublicKeyInfo and the whole child.
type sigKey struct{ spki, child [sha256.Size]byte }

type parsed struct {
	cert *x509read.Certificate
	err  error
}

// passKey is a certificate at its place, as the rules of some books look at it.
type passKey struct {
	cert  *x509read.Certificate
	place Place
	books [sha256.Size]byte
}

// NewMemory makes a memory that keeps at most 2×limit entries of each kind.
func NewMemory(limit int) *Memory {
	return &Memory{
		signatures: generations[sigKey, x509read.SignatureResult]{limit: limit},
		certs:      generations[[sha256.Size]byte, parsed]{limit: limit},
		described:  generations[*x509read.Certificate, ItemReport]{limit: limit},
		passed:     generations[passKey, ruleSet]{limit: limit},
	}
}

// generations is a map that forgets: where the young generation is full it
// becomes the old one, and what was old is gone.
type generations[K comparable, V any] struct {
	limit      int
	young, old map[K]V
}

func (g *generations[K, V]) get(k K) (V, bool) {
	v, ok := g.young[k]
	if !ok {
		v, ok = g.old[k]
	}
	return v, ok
}

func (g *generations[K, V]) put(k K, v V) {
	if g.young == nil || len(g.young) >= g.limit {
		g.old, g.young = g.young, map[K]V{}
	}
	g.young[k] = v
}

// describe makes the report of an item but for its role. What is said of a
// certificate that is no leaf is remembered: its lists belong to many reports.
func (m *Memory) describe(it *Item) ItemReport {
	m.mu.RLock()
	r, ok := m.described.get(it.Cert)
	m.mu.RUnlock()
	if !ok {
		r = itemReport(it.Cert)
		if it.Index > 0 {
			m.mu.Lock()
			m.described.put(it.Cert, r)
			m.mu.Unlock()
		}
	}
	r.Index, r.Origin, r.File, r.Line = it.Index, it.Origin, it.Position.File, it.Position.Line
	return r
}

// signature answers from memory or verifies; fresh says that it was work.
func (m *Memory) signature(child *x509read.Certificate, issuer *x509read.Certificate) (r x509read.SignatureResult, fresh bool) {
	k := sigKey{issuer.PublicKey.SHA256, child.SHA256}
	m.mu.RLock()
	r, ok := m.signatures.get(k)
	m.mu.RUnlock()
	if ok {
		return r, false
	}
	r = x509read.CheckSignature(child, &issuer.PublicKey)
	m.mu.Lock()
	m.signatures.put(k, r)
	m.mu.Unlock()
	return r, true
}

// parse reads a certificate, or takes it from memory where shared says that it
// is worth keeping (everything but leaves).
func (m *Memory) parse(der []byte, shared bool) (*x509read.Certificate, error) {
	if !shared {
		return x509read.Parse(der)
	}
	k := sha256.Sum256(der)
	m.mu.RLock()
	p, ok := m.certs.get(k)
	m.mu.RUnlock()
	if ok {
		return p.cert, p.err
	}
	p.cert, p.err = x509read.Parse(der)
	m.mu.Lock()
	m.certs.put(k, p)
	m.mu.Unlock()
	return p.cert, p.err
}

// recall says of every place of a case which rules of the books are known to
// find nothing there.
func (m *Memory) recall(c *Case, books [sha256.Size]byte) {
	if c.books == books {
		return
	}
	c.books = books
	m.mu.RLock()
	for i := range c.spots {
		s := &c.spots[i]
		s.passed, s.learnt = ruleSet{}, false
		if s.shared() {
			s.passed, _ = m.passed.get(passKey{s.item.Cert, s.place, books})
		}
	}
	m.mu.RUnlock()
}

// learn keeps what recall did not know.
func (m *Memory) learn(c *Case) {
	for i := range c.spots {
		if s := &c.spots[i]; s.learnt && s.shared() {
			m.mu.Lock()
			m.passed.put(passKey{s.item.Cert, s.place, c.books}, s.passed)
			m.mu.Unlock()
		}
		c.spots[i].learnt = false
	}
}

// shared reports whether the certificate may stand in other cases, too: it is
// neither a leaf nor made up by a repair.
func (s *spot) shared() bool { return !s.place.Leaf && !s.item.Cert.Reissued }

// ruleSet is a set of rules by their number in the books of an evaluator; rules
// beyond its size are in none.
type ruleSet [8]uint64

func (s *ruleSet) has(n int) bool { return n>>6 < len(s) && s[n>>6]&(1<<(n&63)) != 0 }
func (s *ruleSet) add(n int) {
	if n>>6 < len(s) {
		s[n>>6] |= 1 << (n & 63)
	}
}
