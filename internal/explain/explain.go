// Package explain answers "what does this mean?": for a rule, an error code, or
// pasted error text. It is a table with sources.
package explain

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Entry is one error, sentence or term.
type Entry struct {
	Title   string
	Codes   []string // symbols and numbers, matched as whole words: "-9802", "ERR_CERT_DATE_INVALID"; a number without a sign has its kind before it: "verify 20", "alert 42", "curl 60", "http 495"
	Phrases []string // lower-case parts of sentences; any one matches; "…" stands for some words between
	Loose   []string // phrases of other subjects as well: they count alone, or where the rest speaks of certificates
	Words   []string // terms that count only where they are all that is asked about
	Says    string   // what it says
	Not     string   // what it does not say
	Rules   []string // rules that can cause it
	Next    string   // the command to run next
	Source  string
	Speaker bool // its phrases tell which side speaks, and so what the reason beside them means
	Vague   bool // it counts only where the text gives no reason
}

// Match is an entry that fits a text.
type Match struct {
	Entry
	Code     string // the symbol or number of the entry that was found; "": a sentence was
	score    int
	from, to int // where in the text; equal: by a number
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

// Titled reports whether the title says the code that was found, if one was.
func (m *Match) Titled() bool {
	if m.Code == "" {
		return true
	}
	_, number, numeric := strings.Cut(m.Code, " ")
	if !numeric {
		number = m.Code
	}
	return word(normal(m.Title), strings.ToLower(number)) >= 0
}

// Find returns the entries that fit a text, the best first; a longer phrase
// beats a shorter one, and one that is part of it says nothing of its own.
func Find(text string) []Match {
	low := normal(text)
	alerts := sightings(low)
	var hits []Match
	for _, e := range Table() {
		if m := e.match(low, alerts); m.score > 0 {
			hits = append(hits, m)
		}
	}
	sort.SliceStable(hits, func(i, j int) bool { return hits[i].score > hits[j].score })
	var out []Match
	for _, h := range hits {
		if hits[0].score >= speaker && h.score < speaker || hits[0].score >= symbol && h.score < symbol {
			break // beside what is known for sure it says nothing of its own
		}
		part := func(better Match) bool { return h.from < h.to && better.from <= h.from && h.to <= better.to }
		if h.Vague && h.Code == "" && hits[0].Code != "" || slices.ContainsFunc(out, part) {
			continue
		}
		out = append(out, h)
	}
	return out
}

// match finds the best of an entry's phrases and codes in a text; score 0: none.
func (e *Entry) match(low string, alerts []sighting) Match {
	best := Match{Entry: *e}
	better := func(m Match) {
		if m.Entry = *e; m.score > best.score {
			best = m
		}
	}
	for i, p := range slices.Concat(e.Phrases, e.Loose) {
		from, to, found := find(low, p)
		switch {
		case !found || i >= len(e.Phrases) && !onSubject(low, from, to):
		case e.Speaker:
			better(Match{score: speaker + len(p), from: from, to: to})
		default:
			better(Match{score: phrase + len(p), from: from, to: to})
		}
	}
	for _, term := range e.Words {
		if asked(low) == term {
			better(Match{score: phrase + len(term), from: 0, to: len(low)})
		}
	}
	for _, code := range e.Codes {
		kind, number, numeric := strings.Cut(code, " ")
		if numeric {
			for _, s := range alerts {
				if kind == "alert" && strconv.Itoa(int(s.alert)) == number {
					m := Match{Code: code, score: phrase + s.to - s.from, from: s.from, to: s.to}
					if low[:s.from]+low[s.to:] != "" && !strings.HasSuffix(low[:s.to], number) {
						m.Code = "" // it was named, not numbered
					}
					better(m)
				}
			}
			if numbered(low, kind, number) {
				better(Match{Code: code, score: weak})
			}
			continue
		}
		c := strings.ToLower(code)
		at := word(low, c)
		switch {
		case at < 0 || c[0] == '-' && len(c) <= len("-1200") && !strings.HasPrefix(c, "-98") && !reported(low, at, at+len(c)):
		case c[0] == '-':
			better(Match{Code: code, score: signed + len(c), from: at, to: at + len(c)})
		default:
			better(Match{Code: code, score: symbol + len(c), from: at, to: at + len(c)})
		}
	}
	if e.Vague {
		best.score /= 10
	}
	return best
}
