package x509read

import "net/url"

// altName reads subjectAltName or issuerAltName (RFC 5280 sections 4.2.1.6, 4.2.1.7).
func (p *parser) altName(s span) []GeneralName {
	e, ok := p.only(s, idSequence, FaultAltNameSyntax)
	if !ok {
		return nil
	}
	names, ok := p.generalNames(e.span())
	if !ok {
		p.fault(FaultAltNameSyntax, e.off, "the list of names breaks off")
		return nil
	}
	if len(names) == 0 {
		p.fault(FaultAltNameEmpty, e.off, "the extension has no name")
	}
	for _, g := range names {
		if g.Tag != TagURI || len(g.Value) == 0 {
			continue
		}
		if u, err := url.Parse(g.Text()); err != nil || u.Scheme == "" {
			p.fault(FaultGeneralNameURI, e.off, "%q is no absolute URI", clip(g.Value))
		}
	}
	return names
}

// nameConstraints reads RFC 5280 section 4.2.1.10.
func (p *parser) nameConstraints(ext Extension, s span) {
	e, ok := p.only(s, idSequence, FaultNameConstraintsSyntax)
	if !ok {
		return
	}
	n := &NameConstraints{Critical: ext.Critical}
	inner := e.span()
	lists := 0
	for i, to := range []*[]Subtree{&n.Permitted, &n.Excluded} {
		list, ok := p.expect(&inner, idContextCons|byte(i))
		if !ok {
			continue
		}
		lists++
		if list.length() == 0 {
			p.fault(FaultNameConstraintsEmpty, list.off, "a list of subtrees is empty")
		}
		if *to, ok = p.subtrees(list.span()); !ok {
			return
		}
	}
	if !inner.empty() {
		p.fault(FaultNameConstraintsSyntax, inner.pos, "an element with the identifier octet 0x%02x does not belong here", p.peek(inner))
		return
	}
	if lists == 0 {
		p.fault(FaultNameConstraintsEmpty, e.off, "neither permitted nor excluded subtrees are there")
	}
	p.c.NameConstraints = n
}

// subtrees reads GeneralSubtrees: base, minimum [0] DEFAULT 0, maximum [1].
func (p *parser) subtrees(s span) ([]Subtree, bool) {
	trees := make([]Subtree, 0, p.count(s))
	for !s.empty() {
		e, ok := p.expect(&s, idSequence)
		inner := e.span()
		base, ok2 := p.next(&inner)
		if !ok || !ok2 {
			p.fault(FaultNameConstraintsSyntax, s.pos, "a subtree is not a SEQUENCE with a base")
			return nil, false
		}
		tree := Subtree{Base: p.generalName(base, true), Maximum: -1}
		if minimum, ok := p.expect(&inner, idContext); ok {
			if tree.Minimum, ok = p.integer(minimum); !ok {
				p.fault(FaultNameConstraintsSyntax, minimum.off, "minimum is not a non-negative INTEGER")
				return nil, false
			}
			if tree.Minimum != 0 {
				p.fault(FaultSubtreeMinimum, minimum.off, "minimum is %d, 0 is wanted", tree.Minimum)
			} else {
				p.fault(FaultSubtreeMinimumEncoded, minimum.off, "minimum 0 is the default and must not be written out")
			}
		}
		if maximum, ok := p.expect(&inner, idContext|1); ok {
			if tree.Maximum, ok = p.integer(maximum); !ok {
				p.fault(FaultNameConstraintsSyntax, maximum.off, "maximum is not a non-negative INTEGER")
				return nil, false
			}
			p.fault(FaultSubtreeMaximum, maximum.off, "maximum is %d, it has to be absent", tree.Maximum)
		}
		if !inner.empty() {
			p.fault(FaultNameConstraintsSyntax, inner.pos, "%d octets follow where the subtree should end", inner.end-inner.pos)
			return nil, false
		}
		trees = append(trees, tree)
	}
	return trees, true
}
