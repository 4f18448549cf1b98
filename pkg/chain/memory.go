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

// Memory remembers signatures and parsed certificates across paths and
// targets. It is bounded and safe for many goroutines; a remembered signature
// is keyed by the issuer's SubjectPublicKeyInfo and the whole child.
type Memory struct {
	mu         sync.RWMutex
	limit      int
	young, old map[sigKey]x509read.SignatureResult
	certsYoung map[[sha256.Size]byte]parsed
	certsOld   map[[sha256.Size]byte]parsed
	described  map[*x509read.Certificate]ItemReport // but for their place in a case
}

type sigKey struct{ spki, child [sha256.Size]byte }

type parsed struct {
	cert *x509read.Certificate
	err  error
}

// NewMemory makes a memory that keeps at most about 2×limit signatures and as
// many certificates.
func NewMemory(limit int) *Memory {
	return &Memory{limit: limit,
		young: map[sigKey]x509read.SignatureResult{}, certsYoung: map[[sha256.Size]byte]parsed{},
		described: map[*x509read.Certificate]ItemReport{}}
}

// describe makes the report of an item but for its role. What is said of a
// certificate that is no leaf is remembered: its lists belong to many reports.
func (m *Memory) describe(it *Item) ItemReport {
	m.mu.RLock()
	r, ok := m.described[it.Cert]
	m.mu.RUnlock()
	if !ok {
		r = itemReport(it.Cert)
		if it.Index > 0 {
			m.mu.Lock()
			if len(m.described) >= m.limit {
				clear(m.described)
			}
			m.described[it.Cert] = r
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
	r, ok := m.young[k]
	if !ok {
		r, ok = m.old[k]
	}
	m.mu.RUnlock()
	if ok {
		return r, false
	}
	r = x509read.CheckSignature(child, &issuer.PublicKey)
	m.mu.Lock()
	if len(m.young) >= m.limit {
		m.old, m.young = m.young, make(map[sigKey]x509read.SignatureResult, m.limit)
	}
	m.young[k] = r
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
	p, ok := m.certsYoung[k]
	if !ok {
		p, ok = m.certsOld[k]
	}
	m.mu.RUnlock()
	if ok {
		return p.cert, p.err
	}
	p.cert, p.err = x509read.Parse(der)
	m.mu.Lock()
	if len(m.certsYoung) >= m.limit {
		m.certsOld, m.certsYoung = m.certsYoung, make(map[[sha256.Size]byte]parsed, m.limit)
	}
	m.certsYoung[k] = p
	m.mu.Unlock()
	return p.cert, p.err
}
