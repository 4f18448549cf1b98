package embedded

import (
	"crypto/sha256"
	"crypto/x509"
	_ "embed"
	"encoding/hex"
	"sort"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"github.com/chainspect/chainspect/internal/anchors/storeindex"
	"github.com/chainspect/chainspect/pkg/chain"
)

// mozillaVersion is that of the bundle which the tables are of; a test holds it
// against go.mod.
const mozillaVersion = "v0.0.0-20261030153154-30a33513ff6d"

// mozillaTable finds the roots of the bundle, and the one that the bundle leaves
// out; places count through the bundle, then through appleMore.
//
//go:embed mozilla-roots.idx
var mozillaTable storeindex.Table

// Mozilla returns the roots for TLS servers of Mozilla's store, as the Go
// project publishes them, and the one it leaves out, with what NSS imposes on it. NotAfter carries the store's "distrust after" dates.
func Mozilla() *chain.Anchors { return mozilla() }

var mozilla = sync.OnceValue(func() *chain.Anchors {
	info := chain.StoreInfo{Name: "mozilla", Version: mozillaVersion, Date: pseudoVersionDate(mozillaVersion)}
	return chain.NewStoreAnchors(info, newIndex(mozillaTable, mozillaAnchor))
})

func mozillaAnchor(place int) *chain.Anchor {
	n := 0
	for root := range bundle.Roots() {
		if n == place {
			a := chain.NewAnchor(root.Certificate, chain.Builtin, "mozilla")
			if root.Constraint != nil {
				a.NotAfter = firstRefused(root.Constraint)
			}
			return a
		}
		n++
	}
	a := chain.NewAnchor(source(place), chain.Builtin, "mozilla") // behind the bundle, which knows no constraint of names
	a.Below = imposed(a.SHA256)
	return a
}

// imposed are the names that NSS keeps a root to, in its code and not in a table.
func imposed(root [sha256.Size]byte) []string {
	const tubitak = "46edc3689046d53a453fb3104ab80dcaec658b2660ea1629dd7e867990648716"
	if hex.EncodeToString(root[:]) == tubitak {
		return []string{"tr"}
	}
	return nil
}

// firstRefused finds the first second at which a certificate that starts then
// is refused; the bundle gives a function where the store has a date.
func firstRefused(constraint func([]*x509.Certificate) error) time.Time {
	from := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	until := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	n := sort.Search(int(until-from), func(i int) bool {
		return constraint([]*x509.Certificate{{NotBefore: time.Unix(from+int64(i), 0)}}) != nil
	})
	if int64(n) == until-from {
		return time.Time{}
	}
	return time.Unix(from+int64(n), 0).UTC()
}

// pseudoVersionDate reads the time in v0.0.0-yyyymmddhhmmss-revision; zero if there is none.
func pseudoVersionDate(version string) time.Time {
	parts := strings.Split(version, "-")
	if len(parts) < 3 {
		return time.Time{}
	}
	stamp := parts[len(parts)-2]
	t, err := time.Parse("20060102150405", stamp[strings.LastIndex(stamp, ".")+1:])
	if err != nil {
		return time.Time{}
	}
	return t
}
