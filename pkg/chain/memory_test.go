package chain

import (
	"encoding/binary"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// TestMemoryIsBounded: whatever is judged, no more is kept than was agreed.
func TestMemoryIsBounded(t *testing.T) {
	const limit = 8
	m := NewMemory(limit)
	for i := range uint32(1000) {
		cert, err := m.parse(binary.BigEndian.AppendUint32(nil, i), true)
		if again, _ := m.parse(binary.BigEndian.AppendUint32(nil, i), true); err == nil || again != cert {
			t.Fatalf("%d: four octets are a certificate, or are read twice (%v)", i, err)
		}
		m.signature(cert, cert)
		m.describe(&Item{Index: 1, Cert: cert})
		c := &Case{spots: []spot{{item: &Item{Cert: cert}}, {item: &Item{Cert: cert}, place: Place{Leaf: true}}}}
		for k := range c.spots {
			c.spots[k].passed.add(int(i % 600))
			c.spots[k].learnt = true
		}
		m.learn(c)
	}
	for what, n := range map[string]int{
		"signatures":   len(m.signatures.young) + len(m.signatures.old),
		"certificates": len(m.certs.young) + len(m.certs.old),
		"descriptions": len(m.described.young) + len(m.described.old),
		"rules passed": len(m.passed.young) + len(m.passed.old),
	} {
		if n <= limit/2 || n > 2*limit {
			t.Errorf("%d %s are kept, want at most %d", n, what, 2*limit)
		}
	}
}

// TestMemoryOfPassedRules: what passed is known for the same certificate at the
// same place and under the same books, and nowhere else.
func TestMemoryOfPassedRules(t *testing.T) {
	one, other := new(x509read.Certificate), new(x509read.Certificate)
	at := func(cert *x509read.Certificate, place Place) *Case {
		return &Case{spots: []spot{{item: &Item{Cert: cert}, place: place}}}
	}
	m, books := NewMemory(8), [32]byte{1}
	for _, place := range []Place{{}, {Leaf: true}} {
		c := at(one, place)
		m.recall(c, books)
		c.spots[0].passed.add(70)
		c.spots[0].learnt = true
		m.learn(c)
	}
	for _, c := range []struct {
		name  string
		c     *Case
		books [32]byte
		want  bool
	}{
		{"the same", at(one, Place{}), books, true},
		{"as an anchor", at(one, Place{Anchor: true}), books, false},
		{"as a leaf", at(one, Place{Leaf: true}), books, false},
		{"another certificate", at(other, Place{}), books, false},
		{"other books", at(one, Place{}), [32]byte{2}, false},
	} {
		m.recall(c.c, c.books)
		if got := c.c.spots[0].passed.has(70); got != c.want || c.c.spots[0].passed.has(71) {
			t.Errorf("%s: rule 70 passed %v, want %v", c.name, got, c.want)
		}
	}
	var s ruleSet
	if s.add(1 << 20); s.has(1 << 20) {
		t.Error("a rule beyond the set is in it")
	}
}
