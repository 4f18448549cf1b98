package embedded

import (
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

func (x *index) row(i int) *chain.Anchor {
	if a := x.made[i].Load(); a != nil {
		return a
	}
	x.made[i].CompareAndSwap(nil, x.at(x.table.Place(i)))
	return x.made[i].Load()
}

func (x *index) Len() int { return x.table.Len() }

func (x *index) All() []*chain.Anchor {
	list := make([]*chain.Anchor, x.Len())
	for i := range list {
		list[i] = x.row(i)
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
		if a := x.row(i); a.SubjectKey() == key {
			list = append(list, a)
		}
	}
	return list
}
