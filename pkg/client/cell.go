package client

import (
	"strings"

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
type Table struct {
	Name  string
	Cells []Cell
}

// find returns the cell for a hit of one kind: the most specific one.
func (t *Table) find(rule, kind, place string) *Cell {
	var best *Cell
	weight := 0
	for i := range t.Cells {
		c := &t.Cells[i]
		if w := c.matches(rule, kind, place); w > weight {
			best, weight = c, w
		}
	}
	return best
}

// matches weighs how closely a cell fits; 0: not at all.
func (c *Cell) matches(rule, kind, place string) int {
	on, at, placed := strings.Cut(c.On, "@")
	id, k, kinded := strings.Cut(on, "/")
	w := fits(id, rule)
	if w == 0 || placed && at != place && (at != "leaf" || place != "alone") {
		return 0
	}
	if kinded {
		v := fits(k, kind)
		if v == 0 {
			return 0
		}
		w += 4 * v
	}
	if placed {
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
