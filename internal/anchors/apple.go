package anchors

import (
	_ "embed"
	"encoding/hex"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"github.com/chainspect/chainspect/pkg/chain"
)

//go:generate go run ./generate

// appleTable has a line for each root of Apple's store.
//
//go:embed apple-roots.tsv
var appleTable string

// appleMore is the DER, one after the other, of roots of Apple's store that
// Mozilla's bundle lacks. The generator takes them from Debian's
// ca-certificates and checks each against the table.
//
//go:embed apple-roots.der
var appleMore []byte

// The table's age; reports print it, since a root added later is not in it.
const appleVersion = "2025072000"

var appleDate = time.Date(2025, 7, 20, 0, 0, 0, 0, time.UTC)

// Root is a line of the table of Apple's store.
type Root struct {
	SHA256              [32]byte
	Name                string // common name, or the words the table has instead
	NotBefore, NotAfter time.Time
	Key                 string // "RSA-2048", "EC-384" …
	SignatureHash       string // "sha1", "sha256" …
	SPKI                [32]byte
}

// AppleTable is the table of the system class, by fingerprint; callers must not
// change it.
func AppleTable() map[[32]byte]Root { return appleRows() }

var appleRows = sync.OnceValue(func() map[[32]byte]Root {
	table := make(map[[32]byte]Root, 170)
	for line := range strings.Lines(appleTable) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) < 8 || f[4] != "system" {
			continue
		}
		r := Root{Name: f[1], Key: f[5], SignatureHash: f[6]}
		r.NotBefore, _ = time.Parse(time.RFC3339, f[2])
		r.NotAfter, _ = time.Parse(time.RFC3339, f[3])
		if !fingerprint(&r.SHA256, f[0]) || !fingerprint(&r.SPKI, f[7]) {
			continue
		}
		table[r.SHA256] = r
	}
	return table
})

// appleFingerprints is what start-up needs of the table.
var appleFingerprints = sync.OnceValue(func() map[[32]byte]bool {
	set := make(map[[32]byte]bool, 170)
	for line := range strings.Lines(appleTable) {
		var sum [32]byte
		hash, rest, _ := strings.Cut(line, "\t")
		if strings.Contains(rest, "\tsystem\t") && fingerprint(&sum, hash) {
			set[sum] = true
		}
	}
	return set
})

func fingerprint(into *[32]byte, text string) bool {
	if len(text) != 2*len(into) {
		return false
	}
	_, err := hex.Decode(into[:], []byte(text))
	return err == nil
}

var apple = sync.OnceValue(func() loaded {
	l := loaded{info: chain.StoreInfo{Name: "apple", Version: appleVersion, Date: appleDate}}
	known := appleFingerprints()
	take := func(der []byte) {
		a := chain.NewAnchor(der, chain.Builtin, "apple")
		if known[a.SHA256] {
			l.list = append(l.list, a)
		}
	}
	for root := range bundle.Roots() {
		take(root.Certificate)
	}
	for rest := appleMore; ; {
		der, after, ok := element(rest)
		if !ok {
			return l
		}
		take(der)
		rest = after
	}
})

// Apple returns the roots of Apple's store whose certificates are at hand:
// every root that issues for TLS. Those of the table that are missing are
// Apple's own and roots without any certificate for servers.
func Apple() (chain.StoreInfo, []*chain.Anchor) {
	l := apple()
	return l.info, l.list
}

// element cuts one DER element off the front.
func element(b []byte) (one, rest []byte, ok bool) {
	if len(b) < 2 {
		return nil, nil, false
	}
	n, head := int(b[1]), 2
	if n >= 0x80 {
		octets := n & 0x7f
		if octets == 0 || octets > 3 || len(b) < 2+octets {
			return nil, nil, false
		}
		n = 0
		for _, c := range b[2 : 2+octets] {
			n = n<<8 | int(c)
		}
		head += octets
	}
	if len(b) < head+n {
		return nil, nil, false
	}
	return b[:head+n], b[head+n:], true
}
