package report

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
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
