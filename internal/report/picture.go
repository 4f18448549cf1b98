package report

import (
	"slices"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// picture is the drawing of a chain: each certificate once, each issuer link
// once, the leaf at the bottom and whoever ends the chain of trust on top.
type picture struct {
	Width, Height int
	Nodes         []node
	Links         []link
}

type node struct {
	Class, Title      string
	X, Y, W, H, Round int
	Lines             []label
}

type label struct {
	Class, Text string
	X, Y        int
}

type link struct {
	Class, Title, Label    string
	X1, Y1, X2, Y2, LX, LY int
}

// Sizes in CSS pixels.
const (
	nodeW, nodeH = 220, 70
	gapX, gapY   = 30, 54
	nodeText     = 29 // characters of a name that fit into a node
)

// missing is the place of the certificate nobody sent, among the graph's nodes.
const missing = -1

// graph is the union of a report's paths. The nodes are item indices; a
// certificate that is there twice is one node.
type graph struct {
	layer map[int]int // distance from the leaf, the longest one
	order []int
	edges [][2]int // child, issuer
}

// draw makes the picture; nil where there is nothing to draw.
func draw(r *chain.Report, rule func(string) *chain.Rule) *picture {
	g := unite(r)
	if len(g.order) == 0 {
		return nil
	}
	rows := make([][]int, slices.Max(values(g.layer))+1)
	for _, n := range g.order {
		rows[g.layer[n]] = append(rows[g.layer[n]], n)
	}
	widest := 0
	for _, row := range rows {
		widest = max(widest, len(row))
	}
	p := &picture{Width: widest*(nodeW+gapX) - gapX + 4, Height: len(rows)*(nodeH+gapY) - gapY + 4}
	b := faults(r, rule)
	at := map[int][2]int{}
	for depth, row := range rows {
		x := (p.Width - (len(row)*(nodeW+gapX) - gapX)) / 2
		y := 2 + (len(rows)-1-depth)*(nodeH+gapY)
		for _, n := range row {
			at[n] = [2]int{x, y}
			p.Nodes = append(p.Nodes, place(r, n, x, y, b.items[n]))
			x += nodeW + gapX
		}
	}
	for _, e := range g.edges {
		child, issuer := at[e[0]], at[e[1]]
		l := link{X1: child[0] + nodeW/2, Y1: child[1], X2: issuer[0] + nodeW/2, Y2: issuer[1] + nodeH, Title: "issued by"}
		if l.Y1 <= l.Y2 { // an issuer on the same row: a circle
			l.Y1, l.Y2 = child[1]+nodeH/2, issuer[1]+nodeH/2
		}
		l.LX, l.LY = (l.X1+l.X2)/2+6, (l.Y1+l.Y2)/2+4
		if why := b.links[e]; why != "" {
			l.Class, l.Title, l.Label = "broken", why, why
		}
		if e[1] == missing {
			l.Class, l.Title, l.Label = "broken", absent(r)+chainEnds, absent(r)+chainEnds
		}
		p.Width = max(p.Width, l.LX+7*columns(shorten(l.Label, 60)))
		p.Links = append(p.Links, l)
	}
	return p
}

func values(m map[int]int) []int {
	var v []int
	for _, x := range m {
		v = append(v, x)
	}
	return v
}

// unite makes the graph of a report's paths; items on no path are left out.
func unite(r *chain.Report) *graph {
	g := &graph{layer: map[int]int{}}
	same := map[string]int{}
	id := func(i int) int {
		it := itemAt(r, &i)
		if it == nil || it.SHA256 == "" {
			return i
		}
		if first, ok := same[it.SHA256]; ok {
			return first
		}
		same[it.SHA256] = i
		return i
	}
	_, role := missingIssuer(r)
	ends := role != ""
	seen := map[[2]int]bool{}
	for _, path := range r.Paths {
		steps := make([]int, 0, len(path.Items)+1)
		for _, i := range path.Items {
			if itemAt(r, &i) != nil {
				steps = append(steps, id(i))
			}
		}
		if ends && path.End == chain.NoIssuer && len(steps) > 0 {
			steps = append(steps, missing)
			ends = false
		}
		for depth, n := range steps {
			was, known := g.layer[n]
			if !known {
				g.order = append(g.order, n)
			}
			g.layer[n] = max(was, depth)
			if depth > 0 {
				if e := [2]int{steps[depth-1], n}; !seen[e] && e[0] != e[1] {
					seen[e] = true
					g.edges = append(g.edges, e)
				}
			}
		}
	}
	return g
}

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

// validity is the drawing of the certificates' validity periods.
type validity struct {
	Width, Height, Bottom int
	Bars                  []bar
	Marks                 []mark
}

type bar struct {
	Class, Label, Title string
	X, Y, W, TextY      int
}

type mark struct {
	Class, Text, Anchor string
	X, TextY            int
}

// Sizes in CSS pixels: the names' column and the bars'.
const (
	namesW, barsW, barH = 190, 510, 24
)

// drawValidity draws the periods around item 0's own and the time judged; longer
// ones run out of the picture, which would otherwise show a root's decades and
// a dot. Nil where no date can be read.
func drawValidity(r *chain.Report) *validity {
	now := r.EvaluatedAt
	lo, hi := now, now
	var first *chain.ItemReport
	for i := range r.Items {
		if _, _, ok := period(&r.Items[i]); ok {
			first = &r.Items[i]
			break
		}
	}
	if first == nil || now.IsZero() {
		return nil
	}
	from, until, _ := period(first)
	if from.Before(lo) {
		lo = from
	}
	if until.After(hi) {
		hi = until
	}
	if x509read.NoExpiry(until) { // as if for a decade: the bar runs out of the picture
		hi = now.AddDate(10, 0, 0)
	}
	margin := chain.Between(lo, hi)/8 + 3600
	lo, hi = time.Unix(lo.Unix()-int64(margin), 0), time.Unix(hi.Unix()+int64(margin), 0)
	x := func(t time.Time) int {
		if t.Before(lo) {
			return namesW
		}
		if t.After(hi) {
			return namesW + barsW
		}
		return namesW + int(barsW*float64(chain.Between(lo, t))/float64(chain.Between(lo, hi)))
	}
	v := &validity{Width: namesW + barsW + 4}
	y := 24
	for i := range r.Items {
		it := &r.Items[i]
		from, until, ok := period(it)
		if !ok {
			continue
		}
		b := bar{Label: shorten(shortName(it), 26), X: x(from), Y: y, W: max(x(until)-x(from), 2), TextY: y + 10,
			Title: shortName(it) + ": " + instant(from) + " to " + instant(until) + noExpiry(it.NotAfter)}
		switch {
		case now.After(until):
			b.Class = "over"
			b.Label = shorten(shortName(it), 17) + " (expired)"
		case now.Before(from):
			b.Class = "later"
			b.Label = shorten(shortName(it), 16) + " (not yet)"
		}
		v.Bars = append(v.Bars, b)
		y += barH
	}
	v.Bottom = y
	v.Height = y + 18
	v.mark("now", instant(now), x(now), 12)
	if g := r.GoodUntil; g != nil {
		v.mark("end", "good until "+g.Time.UTC().Format(time.DateOnly), x(g.Time), y+12)
	}
	return v
}

// mark draws an instant; its text stays inside the picture.
func (v *validity) mark(class, text string, x, textY int) {
	m := mark{Class: class, Text: text, X: x, TextY: textY, Anchor: "middle"}
	if x > v.Width-80 {
		m.Anchor = "end"
	}
	v.Marks = append(v.Marks, m)
}

// period reads a certificate's dates.
func period(it *chain.ItemReport) (from, until time.Time, ok bool) {
	from, err1 := time.Parse(time.RFC3339, it.NotBefore)
	until, err2 := time.Parse(time.RFC3339, it.NotAfter)
	return from, until, err1 == nil && err2 == nil && !until.Before(from)
}
