package apple

import (
	_ "embed"
	"encoding/hex"
	"sort"
	"strings"
	"sync"
	"time"
)

//go:embed distrust.tsv
var distrustTable string

// distrust is one line of the table: what is refused below an issuer.
type distrust struct {
	name     string
	store    string // "in-store", "removed", "not-listed"
	rule     string // "issued-after", "issued-window", "allowed-purposes", "allowlist-only", "child-notBefore>="
	from     time.Time
	until    time.Time
	purposes string
}

// distrustLines are the lines of the table, sorted by the issuer's SHA-256; a
// line is read only when it is asked for, and hardly any ever is.
var distrustLines = sync.OnceValue(func() []string {
	lines := strings.Split(strings.TrimSuffix(distrustTable, "\n"), "\n")
	return lines[2:] // after what it is and the names of its columns
})

// removedNames are the common names of the roots that were removed from the store.
var removedNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, line := range distrustLines() {
		if f := strings.Split(line, "\t"); f[2] == "removed" {
			names[f[1]] = true
		}
	}
	return names
})

// distrusts lists what is refused below an issuer, by its certificate's SHA-256.
func distrusts(issuer [32]byte) []distrust {
	var key [64]byte
	hex.Encode(key[:], issuer[:])
	lines := distrustLines()
	at := sort.Search(len(lines), func(i int) bool { return lines[i] >= string(key[:]) })
	var list []distrust
	for ; at < len(lines) && strings.HasPrefix(lines[at], string(key[:])); at++ {
		f := strings.Split(lines[at], "\t")
		d := distrust{name: f[1], store: f[2], rule: f[3], purposes: f[5]}
		from, until, window := strings.Cut(f[4], "..")
		d.from = instant(from)
		if window {
			d.until = instant(until)
		}
		list = append(list, d)
	}
	return list
}

func instant(text string) time.Time {
	for _, layout := range [...]string{time.RFC3339, "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}
