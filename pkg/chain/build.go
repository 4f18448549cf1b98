package chain

import (
	"bytes"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// Build reads the items of an observation and finds every candidate path from
// the leaf over what was sent, what was given beside it and the anchors. Issuers
// are proposed by the loosest comparison of names (and by key identifier where
// no name fits); link rules judge them afterwards. Nothing here depends on the
// time or the profile.
func Build(in Input, budget Budget, memory *Memory) *Case {
	budget.Paths = min(budget.Paths, maxPaths)
	b := &builder{reissued: in.Reissued, compare: in.covers, shown: in.Shown,
		c: Case{Question: in.Question, Capture: in.Capture, Anchors: in.Anchors, Budget: budget, memory: memory, stop: in.Stop}}
	c, room := &b.c, &b.room
	if in.Observation < len(in.Capture.Observations) {
		c.Observation = &in.Capture.Observations[in.Observation]
	}
	c.Items, c.Paths, c.spots, c.steps = room.all[:0], room.paths[:0], room.spots[:0], room.steps[:0]
	b.items, b.links, b.found, b.likely = room.items[:0], room.links[:0], room.found[:0], room.likely[:0]
	b.fresh, b.freshLinks = room.fresh[:0], room.freshLinks[:0]
	b.readItems()
	c.leaf = b.leaf()
	if leaf := c.Leaf(); leaf != nil {
		b.items = append(b.items, leaf)
		b.extend()
	}
	b.rank()
	c.index()
	return c
}

// builder builds a case. Case and builder are one allocation, with room for what
// most cases hold; longer lists are allocated by themselves.
type builder struct {
	c          Case
	reissued   map[string]*x509read.Certificate            // Input.Reissued
	compare    func(*Question, *x509read.Certificate) bool // Evaluator.Covers
	shown      bool                                        // Input.Shown
	items      []*Item                                     // the path that is being built, leaf first
	links      []*Link                                     // between them
	found      []*Link                                     // issuers yet to be followed, of every item of the path
	likely     []*Item                                     // of candidates
	fresh      []Item                                      // made at once; those up to the length are used
	freshLinks []Link                                      // as fresh
	steps      int
	checks     int

	room struct { // for a leaf, an intermediate and a root
		all, items, likely [3]*Item
		links, found       [2]*Link
		fresh              [3]Item
		freshLinks         [2]Link
		path               pathRoom
		paths              [1]*Path
		spots              [3]spot
		steps              [2]step
	}
}

// pathRoom is a path and its lists.
type pathRoom struct {
	Path
	items [3]*Item
	links [2]*Link
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
	if n := min(len(obs.Sent), b.c.Budget.Items) + 1; n > cap(b.fresh) { // an anchor comes beside what was sent
		b.c.Items, b.fresh = make([]*Item, 0, n), make([]Item, 0, n)
	}
	for i, key := range obs.Sent {
		if len(b.c.Items) >= b.c.Budget.Items {
			b.c.GaveUp = "items"
			break
		}
		it := b.read(key, b.c.Capture.Blobs[key], origin, i > 0)
		it.Shown = b.shown
		if i < len(obs.Positions) {
			it.Position = obs.Positions[i]
		}
	}
	for _, e := range b.c.Capture.Evidence {
		if e.Kind != EvidenceCert || e.Error != "" || len(b.c.Items) >= b.c.Budget.Items {
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

// item adds one to the case.
func (b *builder) item(it Item) *Item {
	if len(b.fresh) == cap(b.fresh) {
		b.fresh = make([]Item, 0, 4)
	}
	it.Index = len(b.c.Items)
	b.fresh = append(b.fresh, it)
	p := &b.fresh[len(b.fresh)-1]
	b.c.Items = append(b.c.Items, p)
	return p
}

func (b *builder) read(key string, der []byte, origin Origin, shared bool) *Item {
	it := Item{Origin: origin, Repeats: -1}
	switch cert := b.reissued[key]; {
	case cert != nil && key != "":
		it.Cert, it.Reissued = cert, true
	case shared:
		it.known = b.c.memory.read(der)
		it.Cert, it.Err = it.known.cert, it.known.err
	default:
		it.Cert, it.Err = x509read.Parse(der)
	}
	if first := b.sameAs(it.Cert); first != nil {
		it.Repeats = first.Index
	} else {
		it.Anchor = b.c.Anchors.ByHash(it.Cert.SHA256)
	}
	return b.item(it)
}

// sameAs is the first item with the same octets; nil: there is none.
func (b *builder) sameAs(cert *x509read.Certificate) *Item {
	for _, it := range b.c.Items {
		if it.Cert.SHA256 == cert.SHA256 {
			return it
		}
	}
	return nil
}

// anchorItem is the item of an anchor, which may have been sent along.
func (b *builder) anchorItem(a *Anchor) *Item {
	for _, it := range b.c.Items {
		if it.Anchor == a || it.Cert.SHA256 == a.SHA256 {
			return it
		}
	}
	it := Item{Origin: OriginStore, Cert: a.Cert(), Repeats: -1, Reissued: a.reissued, Anchor: a, Position: Position{File: a.Origin}}
	if !it.Reissued {
		it.known = b.c.memory.anchor(a)
	}
	return b.item(it)
}

// extend walks upwards from the last item, depth first.
func (b *builder) extend() {
	last := b.items[len(b.items)-1]
	selfIssued := last.Err == nil && last.Cert.Issuer.Key() == last.Cert.Subject.Key()
	if last.Anchor != nil {
		b.emit(Anchored)
		if selfIssued { // an anchor's own signature proves nothing and is not checked
			return
		}
	} else if selfIssued && b.selfSigned(last) {
		b.emit(SelfSigned)
		return
	}
	if len(b.items) >= b.c.Budget.Depth {
		b.giveUp("depth")
		return
	}
	before := len(b.found)
	onPath := b.issuers()
	after := len(b.found)
	for i := before; i < after; i++ {
		if b.c.stopped() {
			b.giveUp("time")
			return
		}
		if len(b.c.Paths) >= b.c.Budget.Paths {
			b.c.GaveUp = "paths"
			return
		}
		l := b.found[i]
		b.items, b.links = append(b.items, l.Issuer), append(b.links, l)
		b.extend()
		b.items, b.links = b.items[:len(b.items)-1], b.links[:len(b.links)-1]
	}
	b.found = b.found[:before]
	if after > before || last.Anchor != nil {
		return
	}
	switch {
	case b.c.GaveUp != "":
		b.giveUp(b.c.GaveUp)
	case onPath:
		b.emit(Loop)
	default:
		b.emit(NoIssuer)
	}
}

func (b *builder) emit(end PathEnd) {
	if len(b.c.Paths) >= b.c.Budget.Paths {
		b.c.GaveUp = "paths"
		return
	}
	p := &b.room.path
	if len(b.c.Paths) > 0 {
		p = new(pathRoom)
	}
	p.Path = Path{Items: append(p.items[:0], b.items...), Links: b.inherit(append(p.links[:0], b.links...)), End: end}
	if end == Anchored {
		p.Anchor = p.Last().Anchor
	}
	b.c.Paths = append(b.c.Paths, &p.Path)
}

func (b *builder) giveUp(bound string) {
	b.c.GaveUp = bound
	b.emit(GaveUp)
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

// candidates proposes issuers for an item, the most likely first.
func (b *builder) candidates(child *Item) []*Item {
	key, out := child.Cert.Issuer.Key(), b.likely[:0]
	for _, a := range b.c.Anchors.BySubject(key) {
		out = append(out, b.anchorItem(a))
	}
	for _, it := range b.c.Items {
		if it.Origin != OriginStore && it.Repeats < 0 && it.Err == nil && it.Cert.Subject.Key() == key && (it.Anchor == nil || !slices.Contains(out, it)) {
			out = append(out, it)
		}
	}
	aki := child.Cert.AuthorityKeyID
	if len(out) == 0 && aki != nil && len(aki.KeyID) > 0 {
		for _, it := range b.c.Items {
			if it.Repeats < 0 && it.Err == nil && it != child && bytes.Equal(it.Cert.SubjectKeyID, aki.KeyID) {
				out = append(out, it)
			}
		}
	}
	if len(out) > 1 {
		slices.SortStableFunc(out, func(x, y *Item) int { return b.score(child, y) - b.score(child, x) })
	}
	b.likely = out
	return out
}

// score orders candidates: the right key identifier, a trusted anchor, a
// validity period that holds now, as RFC 4158 section 3.5 advises.
func (b *builder) score(child, issuer *Item) int {
	s := 0
	if aki := child.Cert.AuthorityKeyID; aki != nil && len(aki.KeyID) > 0 && len(issuer.Cert.SubjectKeyID) > 0 {
		if bytes.Equal(aki.KeyID, issuer.Cert.SubjectKeyID) {
			s += 8
		} else {
			s -= 8
		}
	}
	if issuer.Anchor != nil {
		s += 4
	}
	if t := b.c.Question.Time; !t.Before(issuer.Cert.NotBefore) && !t.After(issuer.Cert.NotAfter) {
		s += 2
	}
	if issuer.Cert.IsCA() {
		s++
	}
	return s
}

// issuers checks the signatures of the candidates for the last item and appends
// links to b.found: those that verify are the issuers; where none does, the most
// likely candidate stands for all, so that the report can say what is wrong with
// it. onPath: a candidate is on the path already.
func (b *builder) issuers() (onPath bool) {
	child, before := b.items[len(b.items)-1], len(b.found)
	var doubtful *Link
	for _, it := range b.candidates(child) {
		b.steps++
		if b.steps > b.c.Budget.Steps {
			b.c.GaveUp = "steps"
			break
		}
		if it == child || b.repeats(it) {
			onPath = onPath || it != child
			continue
		}
		l := b.link(child, it)
		if child.Reissued {
			l.Signature = x509read.SignatureResult{Status: x509read.Verified}
		} else {
			if b.checks >= b.c.Budget.Signatures {
				b.c.GaveUp = "signatures"
				break
			}
			if b.c.stopped() { // an issuer's key may be made to take long
				b.c.GaveUp = "time"
				break
			}
			b.checks++ // counted even when remembered: the answer must not depend on the memory
			l.Signature = b.c.memory.signature(child.Cert, it)
		}
		if l.Signature.Status == x509read.Verified {
			b.found = append(b.found, l)
		} else if doubtful == nil {
			doubtful = l
		}
	}
	if len(b.found) == before && doubtful != nil {
		b.found = append(b.found, doubtful)
	}
	return onPath
}

// link makes one.
func (b *builder) link(child, issuer *Item) *Link {
	if len(b.freshLinks) == cap(b.freshLinks) {
		b.freshLinks = make([]Link, 0, 4)
	}
	b.freshLinks = append(b.freshLinks, Link{Child: child, Issuer: issuer, IssuerIsAnchor: issuer.Anchor != nil})
	return &b.freshLinks[len(b.freshLinks)-1]
}

// repeats reports whether the path has the item already, or one that is the
// same CA under another certificate (RFC 4158 section 2.4.2: subject, key and
// subjectAltName alike).
func (b *builder) repeats(it *Item) bool {
	for _, x := range b.items {
		if x == it || x.SameCA(it) && sameNames(x.Cert.SubjectAltName, it.Cert.SubjectAltName) {
			return true
		}
	}
	return false
}

func sameNames(a, b []x509read.GeneralName) bool {
	return slices.EqualFunc(a, b, func(x, y x509read.GeneralName) bool { return x.Tag == y.Tag && bytes.Equal(x.Value, y.Value) })
}

// selfSigned reports whether an item that names itself as its issuer ends the path:
// its signature is its own, or nobody can check it.
func (b *builder) selfSigned(it *Item) bool {
	c := it.Cert
	if it.Reissued {
		return true
	}
	if c.AuthorityKeyID.OtherKey(c.SubjectKeyID) {
		return false
	}
	if b.checks >= b.c.Budget.Signatures {
		b.c.GaveUp = "signatures"
		return false
	}
	b.checks++
	r := b.c.memory.signature(c, it)
	if r.Status == x509read.NotCheckable {
		return true // nobody else can have issued a certificate of its own name that we know of
	}
	return r.Status == x509read.Verified
}

// inherit checks again, from the top of a finished path, the signatures under
// DSA keys that take their parameters from the certificate above (RFC 5280
// section 6.1.4 (d) to (f)): which those are is known only with the path.
func (b *builder) inherit(links []*Link) []*Link {
	waiting := false
	for _, l := range links {
		waiting = waiting || l.Signature.Status == x509read.NotCheckable && l.Issuer.Cert.HasFault(x509read.FaultDSAInherited)
	}
	if !waiting {
		return links
	}
	out := make([]*Link, len(links))
	var above *x509read.PublicKey
	for i := len(links) - 1; i >= 0; i-- {
		l := *links[i]
		key := l.Issuer.Cert.PublicKey.Inherit(above)
		if l.Signature.Status == x509read.NotCheckable && key != &l.Issuer.Cert.PublicKey && b.checks < b.c.Budget.Signatures {
			b.checks++
			l.Signature = x509read.CheckSignature(l.Child.Cert, key)
		}
		out[i], above = &l, key
	}
	return out
}
