package x509read

import "slices"

// only reads the single element a value consists of: id, and nothing after it.
func (r *reader) only(s span, id byte, code FaultCode) (element, bool) {
	e, ok := r.expect(&s, id)
	if !ok {
		r.fault(code, s.pos, "the value does not begin with the identifier octet 0x%02x, or goes beyond its end", id)
		return e, false
	}
	r.done(s, FaultTrailingExtension)
	return e, true
}

// keyUsage reads RFC 5280 section 4.2.1.3.
func (p *parser) keyUsage(ext Extension, s span) {
	e, ok := p.only(s, idBitString, FaultKeyUsageSyntax)
	if !ok {
		return
	}
	bits, unused, ok := p.bitString(e)
	if !ok {
		p.fault(FaultKeyUsageSyntax, e.off, "the BIT STRING of %d octets does not decode", e.length())
		return
	}
	usage := &p.memory.keyUsage
	*usage = KeyUsage{Critical: ext.Critical}
	p.c.KeyUsage = usage
	unknown := false
	for i := range len(bits)*8 - unused {
		if bits[i/8]>>(7-i%8)&1 == 0 {
			continue
		}
		if i > 8 {
			unknown = true
			continue
		}
		usage.Bits |= 1 << i
	}
	if unknown {
		p.fault(FaultKeyUsageUnknownBit, e.off, "a bit beyond decipherOnly (8) is set")
	}
	if len(bits) < 1 || len(bits) > 2 {
		p.fault(FaultKeyUsageLength, e.off, "the bits take %d octets, one or two are wanted", len(bits))
	}
	if usage.Bits == 0 {
		usage.Empty = true
		p.fault(FaultKeyUsageEmpty, e.off, "no bit is set")
	}
	if n := len(bits); n > 0 && bits[n-1]>>unused&1 == 0 {
		p.fault(FaultKeyUsageNotMinimal, e.off, "the bits end in zeros, DER leaves those out")
	}
}

// basicConstraints reads RFC 5280 section 4.2.1.9.
func (p *parser) basicConstraints(ext Extension, s span) {
	e, ok := p.only(s, idSequence, FaultBasicConstraintsSyntax)
	if !ok {
		return
	}
	b := &p.memory.basicConstraints
	*b = BasicConstraints{PathLen: -1, Critical: ext.Critical}
	inner := e.span()
	if flag, ok := p.expect(&inner, idBoolean); ok {
		if b.CA, ok = p.boolean(flag); !ok {
			p.fault(FaultBasicConstraintsSyntax, flag.off, "cA of %d octets is no BOOLEAN", flag.length())
			return
		}
		if !b.CA {
			p.fault(FaultCAFalseEncoded, flag.off, "cA FALSE is the default and must not be written out")
		}
	}
	if number, ok := p.expect(&inner, idInteger); ok {
		n, ok := p.integer(number)
		switch {
		case !ok && number.length() == 0:
			p.fault(FaultBasicConstraintsSyntax, number.off, "pathLenConstraint has no octet")
			return
		case !ok:
			p.fault(FaultPathLenNegative, number.off, "pathLenConstraint is negative")
		default:
			b.PathLen = n
			if !b.CA {
				p.fault(FaultPathLenWithoutCA, number.off, "pathLenConstraint %d stands beside cA FALSE", n)
			}
		}
	}
	if !inner.empty() {
		p.fault(FaultBasicConstraintsSyntax, inner.pos, "%d octets follow where the SEQUENCE should end", inner.end-inner.pos)
		return
	}
	p.c.BasicConstraints = b
}

// extKeyUsage reads RFC 5280 section 4.2.1.12.
func (p *parser) extKeyUsage(s span) {
	e, ok := p.only(s, idSequence, FaultExtKeyUsageSyntax)
	if !ok {
		return
	}
	inner := e.span()
	purposes := room(&p.purposes, p.count(inner))
	for !inner.empty() {
		id, ok := p.expect(&inner, idOID)
		if !ok {
			p.fault(FaultExtKeyUsageSyntax, inner.pos, "a key purpose is not an object identifier")
			return
		}
		purpose := p.objectID(id)
		if len(purposes) < 256 && slices.Contains(purposes, purpose) {
			p.fault(FaultExtKeyUsageDuplicate, id.off, "the key purpose %s occurs a second time", purpose.Name())
		}
		purposes = append(purposes, purpose)
	}
	if len(purposes) == 0 {
		p.fault(FaultExtKeyUsageEmpty, e.off, "there is no key purpose")
	}
	p.c.ExtKeyUsage = purposes
}

// subjectKeyID reads RFC 5280 section 4.2.1.2.
func (p *parser) subjectKeyID(s span) {
	e, ok := p.only(s, idOctetString, FaultSubjectKeyIDSyntax)
	if !ok {
		return
	}
	p.c.SubjectKeyID = p.bytes(e)
	if e.length() == 0 {
		p.fault(FaultSubjectKeyIDEmpty, e.off, "the key identifier has no octet")
	}
}

// authorityKeyID reads RFC 5280 section 4.2.1.1.
func (p *parser) authorityKeyID(s span) {
	e, ok := p.only(s, idSequence, FaultAuthorityKeyIDSyntax)
	if !ok {
		return
	}
	a := &p.memory.authorityKeyID
	*a = AuthorityKeyID{}
	inner := e.span()
	if id, ok := p.expect(&inner, idContext); ok {
		a.KeyID = p.bytes(id)
	}
	if names, ok := p.expect(&inner, idContextCons|1); ok {
		if a.Issuer, ok = p.generalNames(names.span()); !ok {
			return
		}
	}
	if serial, ok := p.expect(&inner, idContext|2); ok {
		a.Serial = p.bytes(serial)
	}
	if !inner.empty() {
		p.fault(FaultAuthorityKeyIDSyntax, inner.pos, "an element with the identifier octet 0x%02x does not belong here", p.peek(inner))
		return
	}
	if (a.Issuer == nil) != (a.Serial == nil) {
		p.fault(FaultAuthorityKeyIDPair, e.off, "authorityCertIssuer and authorityCertSerialNumber have to stand together")
	}
	if a.KeyID == nil && a.Issuer == nil && a.Serial == nil {
		p.fault(FaultAuthorityKeyIDEmpty, e.off, "the extension has no field")
	}
	p.c.AuthorityKeyID = a
}
