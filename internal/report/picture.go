package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// picture is the drawing of a chain: each certificate once, each issuer link
// once, the leaf at the bottom and whoever ends the chain of trust on top. What
// no path uses stands apart below.
type picture struct {
	Width, Height int
	Wide          bool // there is more than one column
	Nodes         []node
	Links         []link
	Apart         *label // the line above what no path uses
}

type node struct {
	Item              int // its index; negative for a certificate that is missing
	Class, Title      string
	X, Y, W, H, Round int
	Lines             []label
}

type label struct {
	Class, Text string
	X, Y        int
}

// link is an edge; its path turns between the rows only, so that it passes
// beside the boxes and never under one.
type link struct {
	Class, Title, Path string
	points             [][2]int
}

// Sizes in CSS pixels. A text of 12 pixels takes about 7 a character, a bold one
// of 14 about 9.
const (
	gapX, gapY = 24, 34
	lineH      = 17
	laneW      = 20  // what an edge takes of a row that it passes
	pictureW   = 680 // what a printed page has room for
	strangersN = 8   // certificates on no path that are drawn; the others are counted
)

// missing is the place of the certificate nobody sent, among the graph's nodes.
const missing = -1

// graph is the union of a report's paths. Its nodes are item indices; a
// certificate that is there twice is one node. Bends, which lead an edge past a
// row, are numbered downwards from below missing.
type graph struct {
	nodes  []int
	edges  []edge
	layer  map[int]int // rows above the leaf
	rows   [][]int     // by layer, from the left
	strand []int       // items on no path
}

type edge struct {
	child, issuer int
	bends         []int // one in each row between the two, upwards
	back          bool  // it closes a circle: the issuer stands below
}

// draw makes the picture; nil where there is nothing to draw.
func draw(r *chain.Report, rule func(string) *chain.Rule) *picture {
	g := unite(r)
	if len(g.nodes) == 0 {
		return nil
	}
	g.rank()
	g.bend()
	g.order()
	b := faults(r, rule)
	widest, lanes := 1, 0
	for _, row := range g.rows {
		boxes := 0
		for _, n := range row {
			if n >= missing {
				boxes++
			}
		}
		widest, lanes = max(widest, boxes), max(lanes, len(row)-boxes)
	}
	widest = max(widest, min(len(g.strand), 3))
	w := min(320, max(200, (pictureW-lanes*(laneW+gapX)-(widest-1)*gapX)/widest))
	p := &picture{Wide: widest+lanes > 1}
	heights := make([]int, len(g.rows))
	boxes := map[int]node{}
	for i, row := range g.rows {
		total := -gapX
		for _, n := range row {
			total += gapX + g.width(n, w)
			if n >= missing {
				boxes[n] = box(r, n, w, b)
				heights[i] = max(heights[i], boxes[n].H)
			}
		}
		p.Width = max(p.Width, total+4)
	}
	at := map[int]spot{}
	y := 2
	for i := len(g.rows) - 1; i >= 0; i-- {
		x := 2 - gapX
		for _, n := range g.rows[i] {
			x += gapX + g.width(n, w)
		}
		x = (p.Width - x) / 2
		for _, n := range g.rows[i] {
			s := spot{centre: x + g.width(n, w)/2, row: y, top: y, bottom: y + heights[i]}
			if d, ok := boxes[n]; ok {
				d.at(x, y+heights[i]-d.H)
				s.top = d.Y
				p.Nodes = append(p.Nodes, d)
			}
			at[n] = s
			x += g.width(n, w) + gapX
		}
		y += heights[i] + gapY
	}
	slices.Reverse(p.Nodes)
	for _, e := range g.edges {
		p.Links = append(p.Links, e.route(r, b, at))
	}
	p.Height = y - gapY + 2
	p.apart(r, g, b, w)
	return p
}

func (g *graph) width(n, box int) int {
	if n < missing {
		return laneW
	}
	return box
}

// unite makes the graph of a report's paths.
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
	known := map[int]bool{}
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
			if !known[n] {
				known[n] = true
				g.nodes = append(g.nodes, n)
			}
			if depth == 0 || steps[depth-1] == n {
				continue
			}
			if !slices.ContainsFunc(g.edges, func(e edge) bool { return e.child == steps[depth-1] && e.issuer == n }) {
				g.edges = append(g.edges, edge{child: steps[depth-1], issuer: n})
			}
		}
	}
	for i := range r.Items {
		if n := id(r.Items[i].Index); !known[n] && (listed(&r.Items[i]) || r.Items[i].Origin == chain.OriginGiven) {
			known[n] = true
			g.strand = append(g.strand, n)
		}
	}
	return g
}

// rank gives each node its row: the longest way up from the leaf, along the
// edges that close no circle.
func (g *graph) rank() {
	const open, done = 1, 2
	state := map[int]int{}
	var up []int // issuers after their children, reversed
	var visit func(n int)
	visit = func(n int) {
		state[n] = open
		for i := range g.edges {
			e := &g.edges[i]
			if e.child != n {
				continue
			}
			switch state[e.issuer] {
			case open:
				e.back = true
			case done:
			default:
				visit(e.issuer)
			}
		}
		state[n] = done
		up = append(up, n)
	}
	for _, n := range g.nodes {
		if state[n] == 0 {
			visit(n)
		}
	}
	for _, n := range slices.Backward(up) {
		for _, e := range g.edges {
			if e.child == n && !e.back {
				g.layer[e.issuer] = max(g.layer[e.issuer], g.layer[n]+1)
			}
		}
	}
	for _, n := range g.nodes {
		for len(g.rows) <= g.layer[n] {
			g.rows = append(g.rows, nil)
		}
		g.rows[g.layer[n]] = append(g.rows[g.layer[n]], n)
	}
}

// bend gives an edge that passes rows a place of its own in each of them.
func (g *graph) bend() {
	next := missing - 1
	for i := range g.edges {
		e := &g.edges[i]
		low, high := e.ends(g)
		for l := low + 1; l < high; l++ {
			g.rows[l] = append(g.rows[l], next)
			e.bends = append(e.bends, next)
			next--
		}
	}
}

// ends are the rows of an edge, the lower one first.
func (e *edge) ends(g *graph) (low, high int) {
	low, high = g.layer[e.child], g.layer[e.issuer]
	return min(low, high), max(low, high)
}

// steps is an edge from its lower end upwards.
func (e *edge) steps() []int {
	low, high := e.child, e.issuer
	if e.back {
		low, high = high, low
	}
	return append(append([]int{low}, e.bends...), high)
}

// order sorts each row by where its neighbours below stand, so that edges cross
// seldom.
func (g *graph) order() {
	for i := 1; i < len(g.rows); i++ {
		place := map[int]float64{}
		for x, n := range g.rows[i-1] {
			place[n] = float64(x) - float64(len(g.rows[i-1]))/2
		}
		weight := map[int]float64{}
		for _, n := range g.rows[i] {
			sum, count := 0.0, 0.0
			for k := range g.edges {
				s := g.edges[k].steps()
				if at := slices.Index(s, n); at > 0 {
					sum, count = sum+place[s[at-1]], count+1
				}
			}
			weight[n] = sum / max(count, 1)
		}
		slices.SortStableFunc(g.rows[i], func(a, b int) int { return cmp.Compare(weight[a], weight[b]) })
	}
}

// spot is where a node or a bend stands, and the top of its row.
type spot struct{ centre, row, top, bottom int }

// route leads an edge from box to box: straight lines in the gaps between rows,
// upright ones beside the boxes of a row.
func (e *edge) route(r *chain.Report, b broken, at map[int]spot) link {
	l := link{Title: "issued by"}
	s := e.steps()
	for i, n := range s {
		if i > 0 {
			l.points = append(l.points, [2]int{at[n].centre, at[n].bottom})
		}
		if i < len(s)-1 { // up to the row's own top first: a neighbour may be higher
			l.points = append(l.points, [2]int{at[n].centre, at[n].top}, [2]int{at[n].centre, at[n].row})
		}
	}
	if e.back { // beside the edge that goes up
		for i := range l.points {
			l.points[i][0] += 14
		}
	}
	for i, p := range l.points {
		l.Path += string("ML"[min(i, 1)]) + itoa(p[0]) + " " + itoa(p[1])
	}
	if why := b.links[[2]int{e.child, e.issuer}]; len(why) > 0 {
		l.Class, l.Title = "broken", strings.Join(why, ", ")
	}
	if e.issuer == missing {
		l.Class, l.Title = "broken", absent(r)+chainEnds
	}
	return l
}

// apart draws the certificates that no path uses below the others.
func (p *picture) apart(r *chain.Report, g *graph, b broken, w int) {
	shown := g.strand[:min(len(g.strand), strangersN)]
	if len(shown) == 0 {
		return
	}
	text := "on no path"
	if rest := len(g.strand) - len(shown); rest > 0 {
		text += " (and " + itoa(rest) + " more)"
	}
	p.Apart = &label{Text: text, X: 2, Y: p.Height + 30}
	perRow := max(1, (max(p.Width, pictureW)+gapX)/(w+gapX))
	y := p.Height + 40
	for from := 0; from < len(shown); from += perRow {
		high := 0
		for i, n := range shown[from:min(from+perRow, len(shown))] {
			d := box(r, n, w, b)
			d.at(2+i*(w+gapX), y)
			p.Nodes = append(p.Nodes, d)
			p.Width, high = max(p.Width, d.X+d.W+2), max(high, d.H)
		}
		y += high + 12
	}
	p.Height = y
}

// box makes the node of an item, or of the missing certificate.
func box(r *chain.Report, n, w int, b broken) node {
	d := node{Item: n, W: w, Round: 4}
	var role, name string
	if it := itemAt(r, &n); it != nil {
		anchor := isAnchor(r, n)
		role, name = it.Role+", "+itemState(r, it, anchor), shortName(it)
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
		role, d.Title, d.Class = absent(r)+chainEnds, name, "absent missing"
	}
	rules := slices.Clone(b.items[n])
	for e, why := range b.links {
		for _, id := range why {
			if e[0] == n && !slices.Contains(rules, "↑ "+id) { // about the link upwards
				rules = append(rules, "↑ "+id)
			}
		}
	}
	slices.Sort(rules)
	if len(b.items[n]) > 0 {
		d.Class += " broken"
	}
	d.Class = strings.TrimSpace(d.Class)
	d.Lines = []label{{"small", shorten(role, (w-24)/7), 12, lineH + 2}, {"name", shorten(name, (w-24)/9), 12, 2*lineH + 4}}
	for i, id := range rules {
		d.Lines = append(d.Lines, label{"reason", shorten(id, (w-24)/7), 12, (3+i)*lineH + 4})
	}
	d.H = (2+len(rules))*lineH + 14
	return d
}

// at moves a node that stands at the origin.
func (d *node) at(x, y int) {
	d.X, d.Y = x, y
	for i := range d.Lines {
		d.Lines[i].X += x
		d.Lines[i].Y += y
	}
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
	items map[int][]string
	links map[[2]int][]string
}

// faults reads off the findings what is broken. A finding of a rule about links
// is drawn on the links from its item, any other on the item. Notes count where
// they are errors that a good path avoids: every path they lie on is bad.
func faults(r *chain.Report, rule func(string) *chain.Rule) broken {
	b := broken{map[int][]string{}, map[[2]int][]string{}}
	for _, f := range worstFirst(r.Findings) {
		if f.Item == nil || f.List == "identity" || f.Status != chain.Broken || f.Severity == chain.Warning {
			continue
		}
		if f.Severity == chain.Note && (len(f.Paths) == 0 || strings.HasPrefix(f.Rule, "lint-") || !allBad(r, f.Paths)) {
			continue
		}
		if _, ok := rule(f.Rule).Check.(chain.PerLink); ok && b.spoilLinks(r, f) {
			continue
		}
		if !slices.Contains(b.items[*f.Item], f.Rule) {
			b.items[*f.Item] = append(b.items[*f.Item], f.Rule)
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
				if e := [2]int{items[i], items[i+1]}; !slices.Contains(b.links[e], f.Rule) {
					b.links[e] = append(b.links[e], f.Rule)
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
