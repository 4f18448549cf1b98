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
	low := normal(text)
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
			switch {
			case !code(low, strings.ToLower(c)):
			case c[0] == '-': // Apple's numbers say more than most sentences around them
				best = max(best, 120+len(c))
			default:
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
		if h.score < 100 && hits[0].score >= 100 && allDigits(h.e, low) {
			continue // a bare number beside a sentence that is known says nothing of its own
		}
		out = append(out, h.e)
	}
	return out
}

// normal is a text in lower case, in one line, with plain signs, and without
// the prefix of OpenSSL's symbols.
func normal(text string) string {
	low := strings.ToLower(strings.Join(strings.Fields(text), " "))
	return strings.NewReplacer("−", "-", "–", "-", "’", "'", "‘", "'", "“", "\"", "”", "\"", "x509_v_err_", "").Replace(low)
}

// code finds a code in a text. A number without a sign is one only where the
// text is nothing else, or calls it an error: "error 20", "num=20", "alert 48",
// "(60)"; 10 in 10.0.0.1 is none.
func code(low, c string) bool {
	if strings.Trim(c, "0123456789") != "" {
		return word(low, c)
	}
	if low == c {
		return true
	}
	for _, before := range []string{"error ", "error: ", "errno ", "num=", "alert ", "alert number ", "code ", "code: ", "code=", "curl: (", "(alert "} {
		if i := strings.Index(low, before+c); i >= 0 {
			if end := i + len(before) + len(c); end == len(low) || !wordByte(low[end]) && low[end] != '.' {
				return true
			}
		}
	}
	return false
}

// allDigits reports whether only bare numbers of an entry fit a text.
func allDigits(e Entry, low string) bool {
	for _, c := range e.Codes {
		if strings.Trim(c, "0123456789") != "" && code(low, strings.ToLower(c)) {
			return false
		}
	}
	return true
}

// RulesOf returns the rules the users' own words in a text lead to.
func RulesOf(text string) []string {
	low := normal(text)
	var out []string
	for _, w := range UsersWords() {
		for _, term := range w.Terms {
			if word(low, term) || len(term) > 6 && strings.Contains(low, term) {
				out = append(out, w.Rules...)
				break
			}
		}
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
