package client

import (
	"slices"
	"strings"
)

// A Habit is what clients make of one kind of what a rule finds.
type Habit struct {
	Kind             string // "" of a rule without kinds
	Refuses, Accepts []string
}

// Habits says who minds what a rule finds, kind by kind; kinds that all take alike
// are left out.
func Habits(rule string) []Habit {
	kinds := []string{""}
	for _, k := range all() {
		for _, t := range k.Tables {
			for _, c := range t.Cells() {
				p := c.pattern()
				if fits(p.rule, rule) > 0 && p.kind != "" && !strings.HasSuffix(p.kind, "*") && p.kind != "none" && !slices.Contains(kinds, p.kind) {
					kinds = append(kinds, p.kind)
				}
			}
		}
	}
	slices.Sort(kinds)
	var out []Habit
	for _, kind := range kinds {
		h := Habit{Kind: kind}
		for _, k := range all() {
			cell := k.cell(rule, kind, "ca")
			if leaf := k.cell(rule, kind, "leaf"); leaf != nil && (cell == nil || leaf.Says == Refuses) {
				cell = leaf
			}
			if cell == nil || cell.Says == Limits {
				continue
			}
			list := &h.Accepts
			if cell.Says == Refuses {
				list = &h.Refuses
			}
			*list = append(*list, k.Label)
		}
		if len(h.Refuses) > 0 && len(h.Accepts) > 0 {
			out = append(out, h)
		}
	}
	return out
}

// Fetching lists the clients that fetch an issuer that is not sent, where a
// certificate says over http where it is.
func Fetching() []string {
	var out []string
	for _, k := range all() {
		if k.Fetches {
			out = append(out, k.Label)
		}
	}
	return out
}
