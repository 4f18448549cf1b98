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
	Codes   []string // symbols and numbers, matched as whole words: "-9802", "ERR_CERT_DATE_INVALID"; a number without a sign has its kind before it: "verify 20", "alert 42", "curl 60", "http 495"
	Phrases []string // lower-case parts of sentences; any one matches; "…" stands for some words between
	Says    string   // what it says
	Not     string   // what it does not say
	Rules   []string // rules that can cause it
	Next    string   // the command to run next
	Source  string
	Speaker bool // its phrases tell which side speaks, and so what the reason beside them means
	Vague   bool // it counts only where the text gives no reason
}

// The scores of what fits: who speaks, then a sentence, then a symbol, then a
// number. Apple's numbers say more than most sentences around them.
const (
	speaker = 1000
	signed  = 120
	phrase  = 100
	symbol  = 50
	weak    = 20
)

// Find returns the entries that fit a text, the best first; a longer phrase
// beats a shorter one.
func Find(text string) []Entry {
	low := normal(text)
	type hit struct {
		e     Entry
		score int
	}
	var hits []hit
	for _, e := range Table() {
		if best := e.score(low); best > 0 {
			hits = append(hits, hit{e, best})
		}
	}
	sort.SliceStable(hits, func(i, j int) bool { return hits[i].score > hits[j].score })
	var out []Entry
	for _, h := range hits {
		if hits[0].score >= speaker && h.score < speaker || hits[0].score >= symbol && h.score < symbol {
			break // beside what is known for sure it says nothing of its own
		}
		out = append(out, h.e)
	}
	return out
}

func (e *Entry) score(low string) int {
	best := 0
	for _, p := range e.Phrases {
		if !says(low, p) {
			continue
		}
		if e.Speaker {
			return speaker + len(p)
		}
		best = max(best, phrase+len(p))
	}
	for _, c := range e.Codes {
		kind, number, numeric := strings.Cut(c, " ")
		c = strings.ToLower(c)
		switch {
		case numeric && numbered(low, kind, number):
			best = max(best, weak)
		case numeric || !word(low, c):
		case c[0] == '-':
			best = max(best, signed+len(c))
		default:
			best = max(best, symbol+len(c))
		}
	}
	if e.Vague {
		best = min(best, weak)
	}
	return best
}

// normal is a text in lower case, in one line, with plain signs, and without
// the prefix of OpenSSL's symbols.
func normal(text string) string {
	low := strings.ToLower(strings.Join(strings.Fields(text), " "))
	return strings.NewReplacer("−", "-", "–", "-", "’", "'", "‘", "'", "“", "\"", "”", "\"", "x509_v_err_", "").Replace(low)
}

// spread is how far the parts of one phrase may lie apart.
const spread = 200

// says finds a phrase, its parts in order and each between word boundaries.
func says(low, p string) bool {
	first, rest, more := strings.Cut(p, "…")
	for at := 0; ; {
		i := strings.Index(low[at:], first)
		if i < 0 {
			return false
		}
		i += at
		end := i + len(first)
		if bounded(low, i, end) && (!more || says(low[end:min(end+spread, len(low))], rest)) {
			return true
		}
		at = i + 1
	}
}

// bounded reports whether no word is cut at either end; a plural is the same word.
func bounded(s string, from, to int) bool {
	if from > 0 && letter(s[from]) && letter(s[from-1]) {
		return false
	}
	if to < len(s) && s[to] == 's' && letter(s[to-1]) {
		to++
	}
	return to == len(s) || !letter(s[to-1]) || !letter(s[to])
}

func letter(b byte) bool { return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' }

// numbered finds a number where the text is nothing else, or calls it a code of
// the kind: "error 20 at 0 depth", "num=20", "alert number 48", "curl: (60)"; 10
// in 10.0.0.1 is none.
func numbered(low, kind, number string) bool {
	if low == number {
		return true
	}
	for _, b := range namesOf(kind) {
		for at := 0; ; {
			i := strings.Index(low[at:], b+number)
			if i < 0 {
				break
			}
			i += at
			at = i + len(b) + len(number)
			if bounded(low, i, at) && ends(low[at:], b == "error ") {
				return true
			}
		}
	}
	return false
}

// namesOf lists how texts introduce a number of a kind.
func namesOf(kind string) []string {
	switch kind {
	case "alert":
		return []string{"alert ", "alert number ", "alert: ", "alert code "}
	case "curl":
		return []string{"curl: (", "curl error ", "curl error: ", "curl exit code ", "error "}
	case "http":
		return []string{"http ", "http/1.1 ", "http/1.0 ", "http/2 ", "status ", "status code ", "error "}
	}
	return []string{"num=", "return code: ", "return code ", "verify error ", "verify error: ", "verify error: (", "verification: error (", "error "}
}

// ends reports whether a number ends before rest, and the word "error" before it
// was meant as the name of a code: "error 10 bottles" is none.
func ends(rest string, strict bool) bool {
	switch {
	case rest == "":
		return true
	case wordByte(rest[0]) || rest[0] == '.' && len(rest) > 1 && letter(rest[1]):
		return false
	case rest[0] == ' ' && strict:
		return strings.HasPrefix(rest, " at ") || strings.HasPrefix(rest, " (")
	}
	return true
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

func wordByte(b byte) bool { return letter(b) || b == '_' || b == '-' }
