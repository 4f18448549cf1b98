package report

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// place makes the node of an item, or of the missing certificate, at x and y.
func place(r *chain.Report, n, x, y int, why string) node {
	d := node{X: x, Y: y, W: nodeW, H: nodeH, Round: 4}
	var role, name, state string
	if it := itemAt(r, &n); it != nil {
		anchor := isAnchor(r, n)
		role, name, state = it.Role, shortName(it), itemState(r, it, anchor)
		if listed(it) {
			role = itemLabel(it) + ", " + role
		} else {
			d.Class = "absent"
		}
		if anchor {
			d.Class += " anchor"
			d.Round = 16
		}
		d.Title = it.Subject + ", issued by " + it.Issuer
	} else {
		name, _ = missingIssuer(r)
		role, state, d.Title, d.Class = "missing", absent(r), name, "absent missing"
	}
	if why != "" {
		d.Class += " broken"
	}
	d.Class = strings.TrimSpace(d.Class)
	d.Lines = []label{
		{"small", shorten(role, nodeText+4), x + 12, y + 18},
		{"name", shorten(name, nodeText), x + 12, y + 36},
	}
	if why != "" {
		d.Lines = append(d.Lines, label{"reason", shorten(why, nodeText+4), x + 12, y + 50})
	}
	d.Lines = append(d.Lines, label{"small", shorten(state, nodeText+4), x + 12, y + 63})
	return d
}

// shorten cuts a text to n columns; the whole stands in the title and the table.
func shorten(s string, n int) string {
	s = schemeless(printable(s))
	if columns(s) <= n {
		return s
	}
	used := 0
	for i, r := range s {
		if used += runeWidth(r); used > n-1 {
			return s[:i] + "…"
		}
	}
	return s
}

// isAnchor reports whether a path ends at the item.
func isAnchor(r *chain.Report, n int) bool {
	for _, p := range r.Paths {
		if p.Anchor != nil && *p.Anchor == n {
			return true
		}
	}
	return false
}

// broken says which items and which links are drawn in red, and why.
type broken struct {
	items map[int]string
	links map[[2]int]string
}

// faults reads off the findings what is broken. A finding of a rule about links
// is drawn on the links from its item, any other on the item. Notes count where
// they are errors that a good path avoids: every path they lie on is bad.
func faults(r *chain.Report, rule func(string) *chain.Rule) broken {
	b := broken{map[int]string{}, map[[2]int]string{}}
	for _, f := range worstFirst(r.Findings) {
		if f.Item == nil || f.Status != chain.Broken || f.Severity == chain.Warning {
			continue
		}
		if f.Severity == chain.Note && (len(f.Paths) == 0 || strings.HasPrefix(f.Rule, "lint-") || !allBad(r, f.Paths)) {
			continue
		}
		if _, ok := rule(f.Rule).Check.(chain.PerLink); ok && b.spoilLinks(r, f) {
			continue
		}
		if b.items[*f.Item] == "" {
			b.items[*f.Item] = f.Rule
		}
	}
	return b
}

// spoilLinks marks the links from the finding's item on the finding's paths.
func (b broken) spoilLinks(r *chain.Report, f *chain.Finding) bool {
	found := false
	for _, n := range f.Paths {
		if n < 0 || n >= len(r.Paths) {
			continue
		}
		items := r.Paths[n].Items
		for i := 0; i+1 < len(items); i++ {
			if items[i] == *f.Item {
				if e := [2]int{items[i], items[i+1]}; b.links[e] == "" {
					b.links[e] = f.Rule
				}
				found = true
			}
		}
	}
	return found
}

// allBad reports whether none of the paths is trusted, while another one is.
func allBad(r *chain.Report, paths []int) bool {
	good := false
	for _, p := range r.Paths {
		good = good || p.Verdict == chain.Trusted
	}
	for _, n := range paths {
		if n < 0 || n >= len(r.Paths) || r.Paths[n].Verdict == chain.Trusted {
			return false
		}
	}
	return good
}
