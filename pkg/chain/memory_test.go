package chain

import (
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"os"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// TestMemoryIsBounded: whatever is judged, no more is kept than was agreed.
func TestMemoryIsBounded(t *testing.T) {
	for _, limit := range []int{8, 4 * maxKnown} {
		m := NewMemory(limit)
		for i := range uint32(10 * maxKnown) {
			k := m.read(binary.BigEndian.AppendUint32(nil, i))
			if again := m.read(binary.BigEndian.AppendUint32(nil, i)); k.err == nil || again != k {
				t.Fatalf("%d: four octets are a certificate, or are read twice (%v)", i, k.err)
			}
			k.cert.PublicKey.SHA256 = k.cert.SHA256
			m.signature(k.cert, &Item{Cert: k.cert, known: k})
		}
		for what, kept := range map[string]struct{ n, most int }{
			"signatures":   {len(m.signatures.young) + len(m.signatures.old), limit},
			"certificates": {len(m.certs.young) + len(m.certs.old), min(limit, maxKnown)},
		} {
			if kept.n <= kept.most/2 || kept.n > 2*kept.most {
				t.Errorf("limit %d: %d %s are kept, want at most %d", limit, kept.n, what, 2*kept.most)
			}
		}
	}
	m := NewMemory(8)
	one := &Item{Cert: new(x509read.Certificate), known: new(known)}
	for i := range 1000 {
		m.learn(&Case{books: books{new(*Rule), i}, spots: []spot{{item: one, learnt: true}}})
	}
	if n := len(one.known.passed); n != maxPassed {
		t.Errorf("the rules of %d books are remembered of one certificate, want those of %d", n, maxPassed)
	}
}

// TestMemoryOfPassedRules: what passed is known for the same certificate at the
// same place and under the same books, and nowhere else.
func TestMemoryOfPassedRules(t *testing.T) {
	one, other := new(known), new(known)
	at := func(k *known, place Place) *Case {
		return &Case{spots: []spot{{item: &Item{Cert: new(x509read.Certificate), known: k}, place: place}}}
	}
	m, same, others := NewMemory(8), books{new(*Rule), 1}, books{new(*Rule), 1}
	for _, rule := range []int{70, 72} { // what is learnt later is known, too
		for _, place := range []Place{{}, {Leaf: true}} {
			c := at(one, place)
			m.recall(c, same)
			c.spots[0].passed.add(rule)
			c.spots[0].learnt = true
			m.learn(c)
		}
	}
	for _, c := range []struct {
		name  string
		c     *Case
		books books
		want  bool
	}{
		{"the same", at(one, Place{}), same, true},
		{"as an anchor", at(one, Place{Anchor: true}), same, false},
		{"as a leaf", at(one, Place{Leaf: true}), same, false},
		{"another certificate", at(other, Place{}), same, false},
		{"made up by a repair", at(nil, Place{}), same, false},
		{"other books", at(one, Place{}), others, false},
	} {
		m.recall(c.c, c.books)
		if s := c.c.spots[0].passed; s.has(70) != c.want || s.has(72) != c.want || s.has(71) {
			t.Errorf("%s: rules 70 and 72 passed %v %v, want %v", c.name, s.has(70), s.has(72), c.want)
		}
	}
	var s ruleSet
	if s.add(1 << 20); s.has(1 << 20) {
		t.Error("a rule beyond the set is in it")
	}
}

// TestNoSignatureAfterTheEnd: where the time is over none is checked any more, for
// the keys of hostile certificates are made to take long.
func TestNoSignatureAfterTheEnd(t *testing.T) {
	rest, err := os.ReadFile("../../testdata/certs/example-good.pem")
	if err != nil {
		t.Fatal(err)
	}
	c := &Capture{Blobs: map[string][]byte{}, Observations: []Observation{{Transport: TransportFile}}}
	for block, rest := pem.Decode(rest); block != nil; block, rest = pem.Decode(rest) {
		key := BlobKey(block.Bytes)
		c.Blobs[key], c.Observations[0].Sent = block.Bytes, append(c.Observations[0].Sent, key)
	}
	for _, over := range []bool{false, true} {
		m := NewMemory(8)
		built := Build(Input{Capture: c, Anchors: NewAnchors(StoreInfo{Name: "none"}), Stop: func() bool { return over }}, DefaultBudget(), m)
		if n := len(m.signatures.young); (n == 0) != over || (built.GaveUp == "time") != over {
			t.Errorf("over: %t, and %d signatures were checked (gave up: %q)", over, n, built.GaveUp)
		}
	}
}

// TestEndBetweenRules: whichever rules a stage is of, whether the time is over is looked
// for before every eighth that is asked.
func TestEndBetweenRules(t *testing.T) {
	var book Book
	for i := range 64 {
		r := &Rule{ID: fmt.Sprintf("test-%d", i), Level: LevelX509, Check: PerList(func(*Case) []Hit { return nil })}
		if i%8 == 0 {
			r.Severity = Warning
		}
		book = append(book, r)
	}
	e := NewEvaluator(new(Profile), NewMemory(8), book)
	for s, want := range map[stage]int{{}: 8, {errors: true}: 7} {
		looks := 0
		e.ask(newJudgement(&Case{stop: func() bool { looks++; return false }}), s, nil)
		if looks != want {
			t.Errorf("%+v: it was looked for %d times, want %d", s, looks, want)
		}
	}
}
