package embedded

import (
	_ "embed"
	"sync"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/x509roots/fallback/bundle"

	"github.com/chainspect/chainspect/internal/anchors/storeindex"
	"github.com/chainspect/chainspect/pkg/chain"
)

//go:generate go run ../generate

// appleMore is the DER, one after the other, of roots of Apple's store that
// Mozilla's bundle lacks. The generator takes them from Debian's
// ca-certificates and checks each against apple-roots.tsv.
//
//go:embed apple-roots.der
var appleMore []byte

// appleTable finds the roots of the store: places count through Mozilla's
// bundle, then through appleMore.
//
//go:embed apple-roots.idx
var appleTable storeindex.Table

// The table's age; reports print it, since a root added later is not in it.
const appleVersion = "2025072000"

var appleDate = time.Date(2025, 7, 20, 0, 0, 0, 0, time.UTC)

// Apple returns the roots of Apple's store whose certificates are at hand:
// every root that issues for TLS. Those of apple-roots.tsv that are missing are
// Apple's own and roots without any certificate for servers.
func Apple() *chain.Anchors { return apple() }

var apple = sync.OnceValue(func() *chain.Anchors {
	info := chain.StoreInfo{Name: "apple", Version: appleVersion, Date: appleDate}
	return chain.NewStoreAnchors(info, newIndex(appleTable, func(place int) *chain.Anchor {
		return chain.NewAnchor(appleSource(place), chain.Builtin, "apple")
	}))
})

// appleSource is the certificate at a place; nil past the last.
func appleSource(place int) []byte {
	n := 0
	for root := range bundle.Roots() {
		if n == place {
			return root.Certificate
		}
		n++
	}
	for rest := cryptobyte.String(appleMore); ; n++ {
		var one cryptobyte.String
		if !rest.ReadAnyASN1Element(&one, nil) || n == place {
			return one
		}
	}
}
