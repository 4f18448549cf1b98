// Package explain answers "what does this mean?": for a rule, an error code, or
// pasted error text. It is a table with sources.
package explain

import (
	"sort"
	"strings"
)

// Entry is one error, sentence or term.
type Entry struct {
	Title   string
	Codes   []string // exact numbers or symbols, matched as whole words: "-9802", "ERR_CERT_DATE_INVALID"
	Phrases []string // lower-case parts of sentences; any one matches
	Says    string   // what it says
	Not     string   // what it does not say
	Rules   []string // rules that can cause it
	Next    string   // the command to run next
	Source  string
}

// Find returns the entries that fit a text, the best first: a matching phrase
// beats a code, a longer one a shorter one.
func Find(text string) []Entry {
	low := strings.ToLower(strings.Join(strings.Fields(text), " "))
	low = strings.NewReplacer("−", "-", "’", "'", "“", "\"", "”", "\"").Replace(low)
	type hit struct {
		e     Entry
		score int
	}
	var hits []hit
	for _, e := range Table() {
		best := 0
		for _, p := range e.Phrases {
			if strings.Contains(low, p) {
				best = max(best, 100+len(p))
			}
		}
		for _, c := range e.Codes {
			if word(low, strings.ToLower(c)) {
				best = max(best, 50+len(c))
			}
		}
		if best > 0 {
			hits = append(hits, hit{e, best})
		}
	}
	sort.SliceStable(hits, func(i, j int) bool { return hits[i].score > hits[j].score })
	var out []Entry
	for _, h := range hits {
		out = append(out, h.e)
	}
	return out
}

// word reports whether w stands in s with no letter, digit or sign beside it,
// so that 20 is not found in 2026, nor 9802 in -9802's neighbours.
func word(s, w string) bool {
	for at := 0; ; {
		i := strings.Index(s[at:], w)
		if i < 0 {
			return false
		}
		i += at
		before := i == 0 || !wordByte(s[i-1])
		after := i+len(w) == len(s) || !wordByte(s[i+len(w)])
		if before && after {
			return true
		}
		at = i + 1
	}
}

func wordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_' || b == '-'
}
