package embedded

import (
	"crypto/sha256"
	"sync"
	"sync/atomic"

	"github.com/chainspect/chainspect/internal/anchors/storeindex"
	"github.com/chainspect/chainspect/pkg/chain"
)

// index is an embedded store behind its table: an anchor is made when it is
// first asked for.
type index struct {
	table storeindex.Table
	at    func(place int) *chain.Anchor
	made  []atomic.Pointer[chain.Anchor] // by row
}

func newIndex(table storeindex.Table, at func(place int) *chain.Anchor) *index {
	return &index{table: table, at: at, made: make([]atomic.Pointer[chain.Anchor], table.Len())}
}

// row is the anchor of a row; nil: it is gone. A program that has this one as a
// library may link another bundle of Mozilla's roots than the table is of, with other
// places: no root is ever taken for another.
func (x *index) row(i int) *chain.Anchor {
	if a := x.made[i].Load(); a != nil {
		return a
	}
	sum := x.table.Sum(i)
	a := x.at(x.table.Place(i))
	if a.SHA256 != sum {
		place, ok := places()[sum]
		if !ok {
			return nil
		}
		a = x.at(place)
	}
	x.made[i].CompareAndSwap(nil, a)
	return x.made[i].Load()
}

// places are those of all certificates that are linked in, by their SHA-256.
var places = sync.OnceValue(func() map[[sha256.Size]byte]int {
	all := map[[sha256.Size]byte]int{}
	for place := 0; ; place++ {
		der := source(place)
		if der == nil {
			return all
		}
		all[sha256.Sum256(der)] = place
	}
})

func (x *index) Len() int { return x.table.Len() }

func (x *index) All() []*chain.Anchor {
	list := make([]*chain.Anchor, 0, x.Len())
	for i := range x.Len() {
		if a := x.row(i); a != nil {
			list = append(list, a)
		}
	}
	return list
}

func (x *index) ByHash(sum [32]byte) *chain.Anchor {
	if i, ok := x.table.ByHash(sum); ok {
		return x.row(i)
	}
	return nil
}

func (x *index) BySubject(key string) []*chain.Anchor {
	var list []*chain.Anchor
	for _, i := range x.table.BySubject(key) {
		if a := x.row(i); a != nil && a.SubjectKey() == key {
			list = append(list, a)
		}
	}
	return list
}
