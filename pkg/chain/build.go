package chain

import "slices"

// Build reads the items of an observation and finds every candidate path from
// the leaf over what was sent, what was given beside it and the anchors. Issuers
// are proposed by the loosest comparison of names (and by key identifier where
// no name fits); link rules judge them afterwards. Nothing here depends on the
// time or the profile.
func Build(in Input, budget Budget, memory *Memory) *Case {
	if budget.Paths > maxPaths {
		budget.Paths = maxPaths
	}
	c := &Case{Question: in.Question, Capture: in.Capture, Anchors: in.Anchors, Budget: budget, memory: memory, stop: in.Stop}
	if in.Observation < len(in.Capture.Observations) {
		c.Observation = &in.Capture.Observations[in.Observation]
	}
	b := &builder{c: c, in: in, budget: budget, byName: map[string][]*Item{}, stored: map[*Anchor]*Item{}, readable: map[[32]byte]int{}}
	b.readItems()
	c.leaf = b.leaf()
	if leaf := c.Leaf(); leaf != nil {
		b.extend([]*Item{leaf}, nil)
	}
	b.rank()
	c.index()
	return c
}

type builder struct {
	c        *Case
	in       Input
	budget   Budget
	byName   map[string][]*Item // usable issuers by loose subject key
	readable map[[32]byte]int   // hash -> index of the first item with it
	stored   map[*Anchor]*Item
	steps    int
	checks   int
}

func (b *builder) readItems() {
	obs := b.c.Observation
	if obs == nil {
		return
	}
	origin := OriginSent
	if obs.Transport.Given() {
		origin = OriginFile
	}
	for i, key := range obs.Sent {
		if len(b.c.Items) >= b.budget.Items {
			b.c.GaveUp = "items"
			break
		}
		it := b.read(key, b.in.Capture.Blobs[key], origin, i > 0)
		if i < len(obs.Positions) {
			it.Position = obs.Positions[i]
		}
	}
	for _, e := range b.in.Capture.Evidence {
		if e.Kind != EvidenceCert || e.Error != "" || len(b.c.Items) >= b.budget.Items {
			continue
		}
		origin := OriginGiven
		if e.Origin == string(OriginFetched) {
			origin = OriginFetched
		}
		it := b.read("", e.Data, origin, true)
		it.Position.File = e.Source
		if it.Repeats >= 0 { // beside a copy that was sent it adds nothing
			b.c.Items = b.c.Items[:len(b.c.Items)-1]
		}
	}
}

func (b *builder) read(key string, der []byte, origin Origin, shared bool) *Item {
	it := &Item{Index: len(b.c.Items), Origin: origin, Repeats: -1}
	if cert := b.in.Reissued[key]; cert != nil && key != "" {
		it.Cert = cert
	} else {
		it.Cert, it.Err = b.c.memory.parse(der, shared)
	}
	b.c.Items = append(b.c.Items, it)
	if first, ok := b.readable[it.Cert.SHA256]; ok {
		it.Repeats = first
		return it
	}
	b.readable[it.Cert.SHA256] = it.Index
	it.Anchor = b.in.Anchors.ByHash(it.Cert.SHA256)
	if it.Err == nil {
		k := it.Cert.Subject.Key()
		b.byName[k] = append(b.byName[k], it)
	}
	return it
}

// anchorItem makes the item of an anchor that was not sent.
func (b *builder) anchorItem(a *Anchor) *Item {
	if it, ok := b.stored[a]; ok {
		return it
	}
	if i, ok := b.readable[a.SHA256]; ok {
		return b.c.Items[i]
	}
	it := &Item{Index: len(b.c.Items), Origin: OriginStore, Cert: a.Cert(), Repeats: -1, Anchor: a, Position: Position{File: a.Origin}}
	b.c.Items = append(b.c.Items, it)
	b.stored[a] = it
	return it
}

// extend walks upwards from the last item, depth first.
func (b *builder) extend(items []*Item, links []*Link) {
	last := items[len(items)-1]
	selfIssued := last.Err == nil && last.Cert.Issuer.Key() == last.Cert.Subject.Key()
	if last.Anchor != nil {
		b.emit(items, links, Anchored)
		if selfIssued { // an anchor's own signature proves nothing and is not checked
			return
		}
	} else if selfIssued && b.selfSigned(last) {
		b.emit(items, links, SelfSigned)
		return
	}
	if len(items) >= b.budget.Depth {
		b.giveUp(items, links, "depth")
		return
	}
	found, onPath := b.issuers(items)
	for _, l := range found {
		if b.c.stopped() {
			b.giveUp(items, links, "time")
			return
		}
		if len(b.c.Paths) >= b.budget.Paths {
			b.giveUp(nil, nil, "paths")
			return
		}
		// Full slice expressions: siblings must not write into each other's arrays.
		b.extend(append(items[:len(items):len(items)], l.Issuer), append(links[:len(links):len(links)], l))
	}
	if len(found) > 0 || last.Anchor != nil {
		return
	}
	switch {
	case b.c.GaveUp != "":
		b.giveUp(items, links, b.c.GaveUp)
	case onPath:
		b.emit(items, links, Loop)
	default:
		b.emit(items, links, NoIssuer)
	}
}

func (b *builder) emit(items []*Item, links []*Link, end PathEnd) {
	if len(b.c.Paths) >= b.budget.Paths {
		b.c.GaveUp = "paths"
		return
	}
	p := &Path{Items: items, Links: b.inherit(links), End: end}
	if end == Anchored {
		p.Anchor = p.Last().Anchor
	}
	b.c.Paths = append(b.c.Paths, p)
}

func (b *builder) giveUp(items []*Item, links []*Link, bound string) {
	b.c.GaveUp = bound
	if items != nil {
		b.emit(items, links, GaveUp)
	}
}

// rank puts complete paths first and keeps the order of discovery otherwise.
func (b *builder) rank() {
	order := [...]PathEnd{Anchored, SelfSigned, NoIssuer, Loop, GaveUp}
	slices.SortStableFunc(b.c.Paths, func(x, y *Path) int {
		return slices.Index(order[:], x.End) - slices.Index(order[:], y.End)
	})
	for i, p := range b.c.Paths {
		p.Index = i
	}
}

// index lists the distinct places and links, so that a rule is asked once for each.
func (c *Case) index() {
	for _, p := range c.Paths {
		for i, it := range p.Items {
			pl := Place{Leaf: i == 0, Anchor: p.End == Anchored && i == len(p.Items)-1}
			c.addSpot(it, pl, p.Index)
		}
		for _, l := range p.Links {
			c.addStep(l, p.Index)
		}
	}
}

func (c *Case) addSpot(it *Item, pl Place, path int) {
	for i := range c.spots {
		if c.spots[i].item == it && c.spots[i].place == pl {
			c.spots[i].paths.add(path)
			return
		}
	}
	s := spot{item: it, place: pl}
	s.paths.add(path)
	c.spots = append(c.spots, s)
}

func (c *Case) addStep(l *Link, path int) {
	for i := range c.steps {
		if x := c.steps[i].link; x.Child == l.Child && x.Issuer == l.Issuer && x.Signature == l.Signature {
			c.steps[i].paths.add(path)
			return
		}
	}
	s := step{link: l}
	s.paths.add(path)
	c.steps = append(c.steps, s)
}
