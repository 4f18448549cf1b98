package x509read

// distributionPoints reads cRLDistributionPoints or freshestCRL (RFC 5280
// sections 4.2.1.13, 4.2.1.15); nil when it does not decode.
func (p *parser) distributionPoints(s span) []DistributionPoint {
	e, ok := p.only(s, idSequence, FaultDistributionSyntax)
	if !ok {
		return nil
	}
	inner := e.span()
	points := make([]DistributionPoint, 0, p.count(inner))
	for !inner.empty() {
		one, ok := p.expect(&inner, idSequence)
		if !ok {
			p.fault(FaultDistributionSyntax, inner.pos, "a distribution point is not a SEQUENCE")
			return nil
		}
		point, ok := p.distributionPoint(one)
		if !ok {
			return nil
		}
		points = append(points, point)
	}
	if len(points) == 0 {
		p.fault(FaultDistributionEmpty, e.off, "there is no distribution point")
	}
	return points
}

func (r *reader) distributionPoint(e element) (DistributionPoint, bool) {
	var d DistributionPoint
	s := e.span()
	if name, ok := r.expect(&s, idContextCons); ok {
		if d.FullName, d.RelativeName, ok = r.distributionPointName(name); !ok {
			return d, false
		}
	}
	if reasons, ok := r.expect(&s, idContext|1); ok {
		bits, unused, ok := r.bitString(reasons)
		if !ok {
			r.fault(FaultDistributionReasons, reasons.off, "the reasons of %d octets do not decode", reasons.length())
		}
		d.HasReasons, d.Reasons = true, reasonFlags(bits, unused)
	}
	if issuer, ok := r.expect(&s, idContextCons|2); ok {
		if d.CRLIssuer, ok = r.generalNames(issuer.span()); !ok {
			return d, false
		}
	}
	if !s.empty() {
		r.fault(FaultDistributionSyntax, s.pos, "an element with the identifier octet 0x%02x does not belong here", r.peek(s))
		return d, false
	}
	if d.FullName == nil && d.RelativeName == nil && d.CRLIssuer == nil {
		r.fault(FaultDistributionNoTarget, e.off, "a distribution point has neither a name nor a CRL issuer")
	}
	return d, true
}

// distributionPointName reads the CHOICE inside e, an explicit tag.
func (r *reader) distributionPointName(e element) (full []GeneralName, relative []Attribute, ok bool) {
	s := e.span()
	if list, ok := r.expect(&s, idContextCons); ok {
		full, ok = r.generalNames(list.span())
		return full, nil, ok
	}
	if rdn, ok := r.expect(&s, idContextCons|1); ok {
		relative, ok = r.rdn(rdn, make([]Attribute, 0, 1))
		return nil, relative, ok
	}
	r.fault(FaultDistributionSyntax, e.off, "the name of a distribution point is neither full nor relative")
	return nil, nil, false
}

// reasonFlags turns ReasonFlags into 1<<n for bit n.
func reasonFlags(bits []byte, unused int) (flags uint16) {
	for i := range min(len(bits)*8-unused, 16) {
		if bits[i/8]>>(7-i%8)&1 != 0 {
			flags |= 1 << i
		}
	}
	return flags
}

// ParseDistributionPoints reads the value of cRLDistributionPoints or
// freshestCRL, as a CRL's extension has it; false when it does not decode.
func ParseDistributionPoints(value []byte) ([]DistributionPoint, []Fault, bool) {
	p := parser{reader: newReader(value, "distributionPoints"), c: new(Certificate)}
	points := p.distributionPoints(span{0, len(value)})
	return points, p.faults, points != nil
}

// ParseDistributionPointName reads a DistributionPointName wrapped in its
// explicit tag, as issuingDistributionPoint has it (RFC 5280 section 5.2.5);
// false when it does not decode.
func ParseDistributionPointName(der []byte) (full []GeneralName, relative []Attribute, ok bool) {
	r := newReader(der, "distributionPoint")
	s := span{0, len(der)}
	e, ok := r.next(&s)
	if !ok {
		return nil, nil, false
	}
	return r.distributionPointName(e)
}

// authorityInfo reads authorityInfoAccess (RFC 5280 section 4.2.2.1).
func (p *parser) authorityInfo(s span) {
	e, ok := p.only(s, idSequence, FaultAuthorityInfoSyntax)
	if !ok {
		return
	}
	inner := e.span()
	access := make([]AccessDescription, 0, p.count(inner))
	for !inner.empty() {
		one, ok := p.expect(&inner, idSequence)
		fields := one.span()
		method, ok2 := p.expect(&fields, idOID)
		location, ok3 := p.next(&fields)
		if !ok || !ok2 || !ok3 || !fields.empty() {
			p.fault(FaultAuthorityInfoSyntax, inner.pos, "an entry is not a method and a location")
			return
		}
		a := AccessDescription{Method: p.objectID(method), Location: p.generalName(location, false)}
		if (a.Method == OIDAccessOCSP || a.Method == OIDAccessCAIssuers) && a.Location.Tag != TagURI {
			p.fault(FaultAuthorityInfoLocation, location.off, "the location of %s is a %s, a URI is wanted", a.Method.Name(), a.Location.Kind())
		}
		access = append(access, a)
	}
	if len(access) == 0 {
		p.fault(FaultAuthorityInfoEmpty, e.off, "there is no entry")
	}
	p.c.AuthorityInfo = access
}
