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

// distrustLines finds the lines of the table by the issuer's SHA-256; a line is
// read only when it is asked for, and hardly any ever is.
var distrustLines = sync.OnceValue(func() map[[32]byte][]string {
	table := make(map[[32]byte][]string, 100)
	for line := range strings.Lines(distrustTable) {
		var sum [32]byte
		if issuer, rest, ok := strings.Cut(line, "\t"); ok && len(issuer) == 2*len(sum) {
			if _, err := hex.Decode(sum[:], []byte(issuer)); err == nil {
				table[sum] = append(table[sum], strings.TrimSuffix(rest, "\n"))
			}
		}
	}
	return table
})

// removedNames are the common names of the roots that were removed from the store.
var removedNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for line := range strings.Lines(distrustTable) {
		if f := strings.Split(line, "\t"); len(f) > 2 && f[2] == "removed" {
			names[f[1]] = true
		}
	}
	return names
})

// distrusts lists what is refused below an issuer, by its certificate's SHA-256.
func distrusts(issuer [32]byte) []distrust {
	lines := distrustLines()[issuer]
	if len(lines) == 0 {
		return nil
	}
	list := make([]distrust, 0, len(lines))
	for _, line := range lines {
		f := strings.Split(line, "\t")
		if len(f) < 6 {
			continue
		}
		d := distrust{name: f[0], store: f[1], rule: f[2], purposes: f[4]}
		from, until, window := strings.Cut(f[3], "..")
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
