// Package ctlog reads the timestamps that CT logs sign, and lists of the logs: those
// of Apple, Chrome and Mozilla that are built in, and newer ones in the JSON form
// that Apple and Chrome publish.
package ctlog

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Log is one log of a list.
type Log struct {
	Operator, Name string
	Tiled          bool   // static-CT; otherwise RFC 6962
	State          string // "usable", "qualified", "readonly", "retired", "pending", "rejected"
	Since          time.Time
	From, Until    time.Time // shard by the leaf's notAfter, [From, Until); zero: not sharded
	Key            []byte    // SubjectPublicKeyInfo
	Compiled       string    // Chrome alone: what version 156 has compiled in: "approved", "disqualified@TIME", "" absent
}

// A List is a list of logs and how old it is.
type List struct {
	Origin  string // whose it is, or the file it was read from
	Version string // as its maker counts; "" where that is not known
	Date    time.Time
	Dated   bool // by itself: Date is not that of its last change
	Logs    map[[sha256.Size]byte]*Log
}

// String names the list with its version and date: "Apple's list 511 of 2026-03-31".
func (l *List) String() string {
	text := l.Origin
	if l.Version != "" {
		text += " " + l.Version
	}
	if !l.Date.IsZero() {
		text += " of " + l.Date.UTC().Format(time.DateOnly)
	}
	return text
}

// Approved reports whether the list's client takes SCTs of the log today.
func (l *Log) Approved() bool {
	return l.State == "usable" || l.State == "qualified" || l.Compiled == "approved"
}

// Newer reports whether l is a later edition of the same list than other: by
// their versions where both are counted, else by their dates.
func (l *List) Newer(other *List) bool {
	a, okA := counted(l.Version)
	b, okB := counted(other.Version)
	if okA && okB {
		return slices.Compare(a, b) > 0
	}
	return l.Date.After(other.Date)
}

// counted reads a version: "511", "89.25".
func counted(version string) (parts []int, ok bool) {
	for part := range strings.SplitSeq(version, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, false
		}
		parts = append(parts, n)
	}
	return parts, true
}

//go:embed apple.tsv
var appleTable string

//go:embed chrome.tsv
var chromeTable string

//go:embed mozilla.tsv
var mozillaTable string

// The built-in lists, each read on first use.
var (
	apple   = sync.OnceValue(func() *List { return table(appleTable) })
	chrome  = sync.OnceValue(func() *List { return table(chromeTable) })
	mozilla = sync.OnceValue(func() *List { return table(mozillaTable) })
)

// Apple is the built-in list of the logs that Apple platforms know.
func Apple() *List { return apple() }

// Chrome is the built-in list of the logs that Chrome knows.
func Chrome() *List { return chrome() }

// Mozilla is the built-in list of the logs that Firefox knows.
func Mozilla() *List { return mozilla() }

// table reads a built-in list: a heading with origin, version and date, then a
// log a line.
func table(text string) *List {
	heading, rows, _ := strings.Cut(text, "\n")
	h := strings.Split(heading, "\t")
	l := &List{Origin: h[0], Version: h[1], Date: instant(h[2]), Logs: map[[sha256.Size]byte]*Log{}}
	for line := range strings.Lines(rows) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		// A test reads every row.
		_ = l.add(f[0], f[8], &Log{Operator: f[1], Name: f[2], Tiled: f[3] != "rfc6962", State: f[4],
			Since: instant(f[5]), From: instant(f[6]), Until: instant(f[7]), Compiled: f[9]})
	}
	return l
}

// add takes a log whose ID is the hash of its key (RFC 6962 section 3.2).
func (l *List) add(id, key string, log *Log) error {
	raw, err := base64.StdEncoding.DecodeString(id)
	spki, err2 := base64.StdEncoding.DecodeString(key)
	switch {
	case err != nil || len(raw) != sha256.Size:
		return errors.New("log_id is no Base64 of 32 octets")
	case err2 != nil:
		return errors.New("key is no Base64")
	}
	sum := sha256.Sum256(spki)
	if !bytes.Equal(raw, sum[:]) {
		return errors.New("log_id is not the SHA-256 of key")
	}
	log.Key = spki
	l.Logs[sum] = log
	return nil
}

// document is the JSON form (version 3 of the schema).
type document struct {
	Version   text   `json:"version"`
	Timestamp string `json:"log_list_timestamp"`
	Operators []struct {
		Name  string  `json:"name"`
		Logs  []entry `json:"logs"`
		Tiled []entry `json:"tiled_logs"`
	} `json:"operators"`
}

type entry struct {
	Description string `json:"description"`
	ID          string `json:"log_id"`
	Key         string `json:"key"`
	State       map[string]struct {
		Timestamp string `json:"timestamp"`
	} `json:"state"`
	Interval struct {
		From  string `json:"start_inclusive"`
		Until string `json:"end_exclusive"`
	} `json:"temporal_interval"`
}

// text is a string or a number: Apple counts with numbers, Chrome with strings.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	*t = text(strings.Trim(string(b), `"`))
	return nil
}

// Parse reads a list in the JSON form; the error says that it is none.
func Parse(data []byte, origin string) (*List, error) {
	var doc document
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, errors.New("it is no JSON in the form of Apple's and Chrome's lists")
	}
	l := &List{Origin: origin, Version: string(doc.Version), Logs: map[[sha256.Size]byte]*Log{}}
	for _, op := range doc.Operators {
		for i, entries := range [...][]entry{op.Logs, op.Tiled} {
			for _, e := range entries {
				log := &Log{Operator: op.Name, Name: e.Description, Tiled: i == 1, From: instant(e.Interval.From), Until: instant(e.Interval.Until)}
				for state, s := range e.State {
					log.State, log.Since = state, instant(s.Timestamp)
				}
				if err := l.add(e.ID, e.Key, log); err != nil {
					return nil, fmt.Errorf("log %q of %q: %w", e.Description, op.Name, err)
				}
				if log.Since.After(l.Date) { // a list without a date is as old as its last change
					l.Date = log.Since
				}
			}
		}
	}
	if len(l.Logs) == 0 {
		return nil, errors.New("no log in it")
	}
	if t := instant(doc.Timestamp); !t.IsZero() {
		l.Date, l.Dated = t, true
	}
	return l, nil
}

func instant(text string) time.Time {
	t, _ := time.Parse(time.RFC3339, text)
	return t
}
