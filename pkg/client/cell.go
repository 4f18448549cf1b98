package client

import (
	"strings"
	"sync"

	"github.com/chainspect/chainspect/pkg/chain"
)

// A Cell says what a client makes of one thing a rule can find.
type Cell struct {
	// On names it: a rule, "rule/kind" for one kind of its hits, "rule@place" for one
	// place ("leaf", "ca", "anchor", "alone" where item 0 is the anchor), or "rule/kind@place". A final * stands for any end.
	On       string
	Says     Answer
	Min, Max int    // limits of the client, for hits that measure: what is below Min or above Max is refused; 0: no limit
	From     Source // how it is known
}

// Answer is what a client does about something that was found.
type Answer string

// The answers.
const (
	Accepts Answer = "accepts"
	Refuses Answer = "refuses"
	Limits  Answer = "limits" // Min and Max say
)

// A Source is where a cell comes from.
type Source struct {
	Confidence Confidence
	Text       string
}

// Confidence says how well a cell is known, the best first.
type Confidence string

// Measured is the day on which what was seen was seen.
const Measured = "2026-11-29"

// The confidences.
const (
	Run      Confidence = "run"      // the client was seen to do it
	Code     Confidence = "source"   // read in its source
	Document Confidence = "document" // written by its makers
	Memory   Confidence = "memory"   // known, not verified
)

func rank(c Confidence) int {
	for i, x := range []Confidence{Run, Code, Document, Memory} {
		if x == c {
			return i
		}
	}
	return len(c)
}

// A Table is cells that belong together: a library's, or what an application sets.
// Its rows are made when a hit is first looked for: they would cost every start of the
// program more than all else.
type Table struct {
	Name   string
	known  Confidence // of the table as a whole
	source func() []row

	once  sync.Once
	cells []Cell
	rules map[string][]pattern // cells by the rule they are about
	stars map[string][]pattern // those about several, by their book
}

// Cells lists what the table says, in its order.
func (t *Table) Cells() []Cell {
	t.once.Do(t.read)
	return t.cells
}

func (t *Table) read() {
	rows := t.source()
	for i := range rows {
		t.cells = append(t.cells, rows[i].cells()...)
	}
	t.rules, t.stars = map[string][]pattern{}, map[string][]pattern{}
	for i := range t.cells {
		if p := t.cells[i].pattern(); strings.HasSuffix(p.rule, "*") {
			t.stars[book(p.rule)] = append(t.stars[book(p.rule)], p)
		} else {
			t.rules[p.rule] = append(t.rules[p.rule], p)
		}
	}
}

// A pattern is a cell, its On taken apart.
type pattern struct {
	rule, kind, place string // "" of the last two: any
	cell              *Cell
}

// pattern takes a cell apart.
func (c *Cell) pattern() pattern {
	on, place, _ := strings.Cut(c.On, "@")
	rule, kind, _ := strings.Cut(on, "/")
	return pattern{rule, kind, place, c}
}

// find returns the cell for a hit of one kind: the most specific one.
func (t *Table) find(rule, kind, place string) *Cell {
	t.once.Do(t.read)
	var best *Cell
	weight := 0
	for _, list := range [...][]pattern{t.rules[rule], t.starred(rule)} {
		for i := range list {
			if w := list[i].matches(rule, kind, place); w > weight {
				best, weight = list[i].cell, w
			}
		}
	}
	return best
}

// starred are the cells that may be about a rule among several.
func (t *Table) starred(rule string) []pattern {
	if len(t.stars) == 0 {
		return nil
	}
	return t.stars[book(rule)]
}

// book is the prefix of a rule's ID, or of a pattern for several rules, which are of one book.
func book(rule string) string {
	prefix, _, _ := strings.Cut(rule, "-")
	return prefix
}

// matches weighs how closely a pattern fits; 0: not at all.
func (p *pattern) matches(rule, kind, place string) int {
	if p.place != "" && p.place != place && (p.place != "leaf" || place != "alone") {
		return 0
	}
	w := fits(p.rule, rule)
	if w == 0 {
		return 0
	}
	if p.kind != "" {
		v := fits(p.kind, kind)
		if v == 0 {
			return 0
		}
		w += 4 * v
	}
	if p.place != "" {
		w++
	}
	return w
}

// fits weighs a pattern that may end in *: 4 for the very word.
func fits(pattern, word string) int {
	if prefix, star := strings.CutSuffix(pattern, "*"); star {
		if strings.HasPrefix(word, prefix) {
			return 2
		}
		return 0
	}
	if pattern != word {
		return 0
	}
	return 4
}

// refuses reports whether the client refuses a hit the cell is about.
func (c *Cell) refuses(h *chain.Hit) bool {
	switch c.Says {
	case Refuses:
		return true
	case Limits:
		return h.Measure < c.Min || c.Max > 0 && h.Measure > c.Max
	}
	return false
}
