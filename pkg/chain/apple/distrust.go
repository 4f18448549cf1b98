package apple

import (
	_ "embed"
	"encoding/hex"
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

// distrusts reads the table on first use, by the issuer's SHA-256.
var distrusts = sync.OnceValue(func() map[[32]byte][]distrust {
	table := map[[32]byte][]distrust{}
	for line := range strings.Lines(distrustTable) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		var sum [32]byte
		if len(f) < 7 || len(f[0]) != 64 {
			continue
		}
		if _, err := hex.Decode(sum[:], []byte(f[0])); err != nil {
			continue
		}
		d := distrust{name: f[1], store: f[2], rule: f[3], purposes: f[5]}
		from, until, window := strings.Cut(f[4], "..")
		d.from = instant(from)
		if window {
			d.until = instant(until)
		}
		table[sum] = append(table[sum], d)
	}
	return table
})

func instant(text string) time.Time {
	for _, layout := range [...]string{time.RFC3339, "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}
