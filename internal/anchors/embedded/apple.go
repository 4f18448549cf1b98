package embedded

import (
	_ "embed"
	"sync"
	"time"

	"github.com/chainspect/chainspect/internal/anchors/storeindex"
	"github.com/chainspect/chainspect/pkg/chain"
)

// appleMore is the DER, one after the other, of roots of Apple's store that
// Mozilla's bundle lacks.
//
//go:embed apple-roots.der
var appleMore []byte

// appleTable finds the roots of the store: places count through Mozilla's
// bundle, then through appleMore, then through otherRoots.
//
//go:embed apple-roots.idx
var appleTable storeindex.Table

// The table's age; reports print it, since a root added later is not in it.
const appleVersion = "2025072000"

var appleDate = time.Date(2025, 7, 20, 0, 0, 0, 0, time.UTC)

// Apple returns the roots of Apple's store, Apple's own among them.
func Apple() *chain.Anchors { return apple() }

var apple = sync.OnceValue(func() *chain.Anchors {
	return client(chain.StoreInfo{Name: "apple", Version: appleVersion, Date: appleDate}, appleTable)
})
