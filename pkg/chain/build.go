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
	if budget.Paths > maxPaths {
		budget.Paths = maxPaths
	}
	c := &Case{Question: in.Question, Capture: in.Capture, Anchors: in.Anchors, Budget: budget, memory: memory, stop: in.Stop}
	if in.Observation < len(in.Capture.Observations) {
		c.Observation = &in.Capture.Observations[in.Observation]
	}
	b := &builder{c: c, reissued: in.Reissued, compare: in.covers, shown: in.Shown, budget: budget}
	b.items, b.links, b.found, b.likely = b.room.items[:0], b.room.links[:0], b.room.found[:0], b.room.likely[:0]
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

type builder struct {
	c        *Case
	reissued map[string]*x509read.Certificate            // Input.Reissued
	compare  func(*Question, *x509read.Certificate) bool // Evaluator.Covers
	shown    bool                                        // Input.Shown
	budget   Budget
	items    []*Item // the path that is being built, leaf first
	links    []*Link // between them
	found    []*Link // issuers yet to be followed, of every item of the path
	likely   []*Item // of candidates
	fresh    []Item  // made at once and not used yet
	steps    int
	checks   int

	room struct { // for the lists above, which are mostly short
		items, likely [6]*Item
		links, found  [6]*Link
	}
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
	n := min(len(obs.Sent), b.budget.Items) + 1 // an anchor comes beside what was sent
	b.c.Items, b.fresh = make([]*Item, 0, n), make([]Item, 0, n)
	for i, key := range obs.Sent {
		if len(b.c.Items) >= b.budget.Items {
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
	if len(b.items) >= b.budget.Depth {
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
		if len(b.c.Paths) >= b.budget.Paths {
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
	if len(b.c.Paths) >= b.budget.Paths {
		b.c.GaveUp = "paths"
		return
	}
	p := &Path{Items: slices.Clone(b.items), Links: b.inherit(slices.Clone(b.links)), End: end}
	if end == Anchored {
		p.Anchor = p.Last().Anchor
	}
	b.c.Paths = append(b.c.Paths, p)
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
	if len(c.Paths) == 0 {
		return
	}
	c.spots, c.steps = make([]spot, 0, len(c.Paths[0].Items)), make([]step, 0, len(c.Paths[0].Links))
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

// leaf finds the server's (or client's) own certificate among the items sent
// and returns its index: item 0, unless that is plainly a CA's and a better one
// stands behind it. Everything else is then judged as if the list were in order;
// a rule of package basic says that it is not.
func (b *builder) leaf() int {
	first := b.c.Leaf()
	if first == nil || first.Err != nil || !first.Cert.IsCA() || b.keyed() || b.covers(first) {
		return 0
	}
	var ends []*Item
	for _, it := range b.c.Sent() {
		if it.Err != nil || it.Repeats >= 0 || it.Cert.IsCA() || b.issued(it) {
			continue
		}
		if b.covers(it) {
			return it.Index
		}
		ends = append(ends, it)
	}
	if len(ends) == 1 && !namesHost(first.Cert) {
		return ends[0].Index
	}
	return 0
}

// keyed reports whether a private key says that item 0 is the leaf: it signed the
// handshake, or the list is an identity file's, which is read by its keys.
func (b *builder) keyed() bool {
	o := b.c.Observation
	return o.Outcome.KeyProof == ProofVerified || o.Transport != TransportTLS && b.c.Capture.Identity != nil
}

// covers reports whether a certificate covers the reference name, where there is
// one and somebody to compare it.
func (b *builder) covers(it *Item) bool {
	q := &b.c.Question
	return b.compare != nil && q.Name != "" && q.NameKind != NameNone && b.compare(q, it.Cert)
}

// issued reports whether another item sent names this one as its issuer.
func (b *builder) issued(it *Item) bool {
	key := it.Cert.Subject.Key()
	for _, x := range b.c.Sent() {
		if x.Err == nil && x != it && x.Repeats != it.Index && x.Cert.Issuer.Key() == key {
			return true
		}
	}
	return false
}

// namesHost reports whether a certificate is made out to a host, as a CA's is not.
func namesHost(c *x509read.Certificate) bool {
	for _, n := range c.SubjectAltName {
		if n.Tag == x509read.TagDNS || n.Tag == x509read.TagIP {
			return true
		}
	}
	return false
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
		if b.steps > b.budget.Steps {
			b.c.GaveUp = "steps"
			break
		}
		if it == child || b.repeats(it) {
			onPath = onPath || it != child
			continue
		}
		l := &Link{Child: child, Issuer: it, IssuerIsAnchor: it.Anchor != nil}
		if child.Reissued {
			l.Signature = x509read.SignatureResult{Status: x509read.Verified}
		} else {
			if b.checks >= b.budget.Signatures {
				b.c.GaveUp = "signatures"
				break
			}
			b.checks++ // counted even when remembered: the answer must not depend on the memory
			l.Signature = b.c.memory.signature(child.Cert, it.Cert)
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
	if b.checks >= b.budget.Signatures {
		b.c.GaveUp = "signatures"
		return false
	}
	b.checks++
	r := b.c.memory.signature(c, c)
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
		if l.Signature.Status == x509read.NotCheckable && key != &l.Issuer.Cert.PublicKey && b.checks < b.budget.Signatures {
			b.checks++
			l.Signature = x509read.CheckSignature(l.Child.Cert, key)
		}
		out[i], above = &l, key
	}
	return out
}
