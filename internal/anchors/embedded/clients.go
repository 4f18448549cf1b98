package embedded

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the tables
	"io"
	"sync"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/x509roots/fallback/bundle"

	"github.com/chainspect/chainspect/internal/anchors/storeindex"
	"github.com/chainspect/chainspect/pkg/chain"
)

// The tables of these stores: what is trusted there, with constraints or without.
var (
	//go:embed android-roots.idx
	androidTable storeindex.Table
	//go:embed chrome-roots.idx
	chromeTable storeindex.Table
	//go:embed java-roots.idx
	javaTable storeindex.Table
	//go:embed microsoft-roots.idx
	microsoftTable storeindex.Table
)

// Where each store's content is from, and of when.
var (
	androidInfo   = chain.StoreInfo{Name: "android", Version: "17.0.0_r1", Date: time.Date(2026, 6, 21, 0, 0, 0, 0, time.UTC)}
	chromeInfo    = chain.StoreInfo{Name: "chrome", Version: "40", Date: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}
	javaInfo      = chain.StoreInfo{Name: "java", Version: "27.0.1", Date: time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC)}
	microsoftInfo = chain.StoreInfo{Name: "microsoft", Version: "CCADB", Date: time.Date(2026, 7, 19, 0, 0, 0, 0, time.UTC)}
)

var (
	android   = sync.OnceValue(func() *chain.Anchors { return client(androidInfo, androidTable) })
	chrome    = sync.OnceValue(func() *chain.Anchors { return client(chromeInfo, chromeTable) })
	java      = sync.OnceValue(func() *chain.Anchors { return client(javaInfo, javaTable) })
	microsoft = sync.OnceValue(func() *chain.Anchors { return client(microsoftInfo, microsoftTable) })
)

func client(info chain.StoreInfo, table storeindex.Table) *chain.Anchors {
	return chain.NewStoreAnchors(info, newIndex(table, func(place int) *chain.Anchor {
		return chain.NewAnchor(source(place), chain.Builtin, info.Name)
	}))
}

// places are the certificates behind Mozilla's bundle: Apple's own, which lie
// open, and at last the others', which are unpacked when one of them is asked for.
var otherPlaces = sync.OnceValue(func() [][]byte {
	z, err := gzip.NewReader(bytes.NewReader(otherRoots()))
	if err != nil {
		return nil // a test reads every one
	}
	der, _ := io.ReadAll(z)
	return elements(der)
})

var applePlaces = sync.OnceValue(func() [][]byte { return elements(appleMore) })

func elements(der []byte) [][]byte {
	var out [][]byte
	for rest := cryptobyte.String(der); ; {
		var one cryptobyte.String
		if !rest.ReadAnyASN1Element(&one, nil) {
			return out
		}
		out = append(out, one)
	}
}

// source is the certificate at a place; nil past the last.
func source(place int) []byte {
	n := 0
	for root := range bundle.Roots() {
		if n == place {
			return root.Certificate
		}
		n++
	}
	place -= n
	if own := applePlaces(); place < len(own) {
		return own[place]
	} else if place -= len(own); place < len(otherPlaces()) {
		return otherPlaces()[place]
	}
	return nil
}
