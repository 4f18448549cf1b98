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

// Memory remembers across targets what does not depend on them: signatures,
// issuers' keys, and certificates that are no leaves. It is bounded and safe for
// many goroutines. No answer depends on it.
type Memory struct {
	mu         sync.RWMutex
	signatures generations[sigKey, x509read.SignatureResult]
	certs      generations[[sha256.Size]byte, *known] // by their octets
}

// sigKey is the issuer's SubjectPublicKeyInfo and the whole child.
type sigKey struct{ spki, child [sha256.Size]byte }

// known is what is remembered of a certificate. But for cert and err, the lock of
// the memory is on it.
type known struct {
	cert      *x509read.Certificate
	err       error
	verifier  *x509read.Verifier // its key made ready; nil: nobody has asked yet
	described bool
	report    ItemReport // where described: but for the place in a case
	passed    []passed
	room      [1]passed // for passed: most certificates stand at one place
}

// passed are the rules of some books that find nothing in a certificate at a place.
type passed struct {
	place Place
	books books
	rules ruleSet
}

// maxPassed bounds passed: there are three places, and few evaluators with books of their own.
const maxPassed = 12

// maxKnown bounds certificates beside the limit: each takes some kilobytes, and all
// CAs of the public web are fewer.
const maxKnown = 1024

// NewMemory makes a memory that keeps at most 2×limit signatures, and as many
// certificates up to 2×maxKnown.
func NewMemory(limit int) *Memory {
	return &Memory{
		signatures: generations[sigKey, x509read.SignatureResult]{limit: limit},
		certs:      generations[[sha256.Size]byte, *known]{limit: min(limit, maxKnown)},
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
// certificate that is remembered is, too: its lists belong to many reports.
func (m *Memory) describe(it *Item) (r ItemReport) {
	if it.known == nil {
		r = itemReport(it.Cert)
	} else {
		r = m.described(it.known)
	}
	r.Index, r.Origin, r.File, r.Line = it.Index, it.Origin, it.Position.File, it.Position.Line
	return r
}

func (m *Memory) described(k *known) ItemReport {
	m.mu.RLock()
	r, ok := k.report, k.described
	m.mu.RUnlock()
	if ok {
		return r
	}
	r = itemReport(k.cert)
	m.mu.Lock()
	k.report, k.described = r, true
	m.mu.Unlock()
	return r
}

// signature answers from memory or verifies.
func (m *Memory) signature(child *x509read.Certificate, issuer *Item) x509read.SignatureResult {
	k := sigKey{issuer.Cert.PublicKey.SHA256, child.SHA256}
	var v *x509read.Verifier
	m.mu.RLock()
	r, ok := m.signatures.get(k)
	if issuer.known != nil {
		v = issuer.known.verifier
	}
	m.mu.RUnlock()
	if ok {
		return r
	}
	if v == nil {
		v = x509read.NewVerifier(&issuer.Cert.PublicKey)
	}
	r = v.Check(child)
	m.mu.Lock()
	m.signatures.put(k, r)
	if issuer.known != nil {
		issuer.known.verifier = v
	}
	m.mu.Unlock()
	return r
}

// read reads a certificate, or takes it from memory.
func (m *Memory) read(der []byte) *known {
	return m.certificate(sha256.Sum256(der), func() (*x509read.Certificate, error) { return x509read.Parse(der) })
}

// anchor is what is remembered of an anchor's certificate.
func (m *Memory) anchor(a *Anchor) *known {
	return m.certificate(a.SHA256, func() (*x509read.Certificate, error) { return a.Cert(), nil })
}

func (m *Memory) certificate(sum [sha256.Size]byte, read func() (*x509read.Certificate, error)) *known {
	m.mu.RLock()
	k, ok := m.certs.get(sum)
	m.mu.RUnlock()
	if ok {
		return k
	}
	k = new(known)
	k.cert, k.err = read()
	k.passed = k.room[:0]
	m.mu.Lock()
	m.certs.put(sum, k)
	m.mu.Unlock()
	return k
}

// recall says of every place of a case which rules of the books are known to
// find nothing there.
func (m *Memory) recall(c *Case, of books) {
	if c.books == of {
		return
	}
	c.books, c.quiet = of, ruleSet{}
	m.mu.RLock()
	defer m.mu.RUnlock()
	for i := range c.spots {
		s := &c.spots[i]
		s.passed, s.learnt = ruleSet{}, false
		if p := s.remembered(of); p != nil {
			s.passed = p.rules
		}
	}
}

// learn keeps what recall did not know.
func (m *Memory) learn(c *Case) {
	for i := range c.spots {
		s := &c.spots[i]
		if !s.learnt || s.place.Leaf || s.item.known == nil {
			continue
		}
		s.learnt = false
		m.mu.Lock()
		if p := s.remembered(c.books); p != nil {
			p.rules = s.passed
		} else if k := s.item.known; len(k.passed) < maxPassed {
			k.passed = append(k.passed, passed{s.place, c.books, s.passed})
		}
		m.mu.Unlock()
	}
}

// remembered is what is known of the certificate at its place; nil: nothing, or
// it is a leaf, which few others have.
func (s *spot) remembered(of books) *passed {
	if s.item.known == nil || s.place.Leaf {
		return nil
	}
	for i := range s.item.known.passed {
		if p := &s.item.known.passed[i]; p.place == s.place && p.books == of {
			return p
		}
	}
	return nil
}

// ruleSet is a set of rules by their number in the books of an evaluator; rules
// beyond its size are in none.
type ruleSet [6]uint64

func (s *ruleSet) has(n int) bool { return n>>6 < len(s) && s[n>>6]&(1<<(n&63)) != 0 }
func (s *ruleSet) add(n int) {
	if n>>6 < len(s) {
		s[n>>6] |= 1 << (n & 63)
	}
}
