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

// distrustLines are the lines of the table, sorted by the issuer's SHA-256; a
// line is read only when it is asked for, and hardly any ever is.
var distrustLines = sync.OnceValue(func() string {
	lines := strings.SplitN(distrustTable, "\n", 3)
	return lines[2] // after what it is and the names of its columns
})

// distrustFrom is the part of the lines that begins with the first that is not below a key.
func distrustFrom(key string) string {
	lines := distrustLines()
	low, high := 0, len(lines) // both where lines begin
	for low < high {
		begin := low + strings.LastIndexByte(lines[low:(low+high)/2], '\n') + 1
		end := begin + strings.IndexByte(lines[begin:], '\n') + 1
		if lines[begin:end] < key {
			low = end
		} else {
			high = begin
		}
	}
	return lines[low:]
}

// removedNames are the common names of the roots that were removed from the store.
var removedNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for line := range strings.Lines(distrustLines()) {
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
	var list []distrust
	for line := range strings.Lines(distrustFrom(string(key[:]))) {
		if !strings.HasPrefix(line, string(key[:])) {
			break
		}
		f := strings.Split(line, "\t")
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
