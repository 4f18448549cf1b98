package x509read

// generalNames reads a SEQUENCE OF GeneralName from the content of e. The
// result is not nil, even when it is empty.
func (r *reader) generalNames(s span) ([]GeneralName, bool) {
	names := room(&r.names, r.count(s))
	for p := s.pos; p < s.end; {
		e, ok := r.element(p, s.end)
		if !ok {
			r.fault(FaultGeneralNameSyntax, p, "the next name does not fit into the %d octets left", s.end-p)
			return names, false
		}
		p = e.next()
		names = append(names, r.generalName(e, false))
	}
	return names, true
}

// generalName reads one GeneralName (RFC 5280 section 4.2.1.6); in a subtree
// an iPAddress carries its mask and an empty name means every name.
func (r *reader) generalName(e element, subtree bool) GeneralName {
	g := GeneralName{Tag: int(e.id() & idHighTag), Value: r.bytes(e), text: r.str(e)}
	constructed := g.Tag == TagOtherName || g.Tag == TagX400 || g.Tag == TagDirectoryName || g.Tag == TagEDIParty
	if e.id()&0xc0 == idContext && g.Tag <= TagRegisteredID && constructed != (e.id()&idConstructed != 0) {
		r.fault(FaultGeneralNameSyntax, e.off, "the identifier octet 0x%02x does not fit a %s", e.id(), g.Kind())
		g.Tag = -1
		return g
	}
	if e.id()&0xc0 != idContext {
		g.Tag = -1
		r.fault(FaultGeneralNameTag, e.off, "the identifier octet 0x%02x is no alternative of GeneralName", e.id())
		return g
	}
	switch g.Tag {
	case TagEmail, TagDNS, TagURI:
		switch {
		case len(g.Value) == 0 && !subtree:
			r.fault(FaultGeneralNameEmpty, e.off, "the %s is empty", g.Kind())
		case !ascii(r.str(e)):
			r.fault(FaultGeneralNameString, e.off, "the %s has a character above 0x7f", g.Kind())
		}
	case TagIP:
		n := len(g.Value)
		switch {
		case subtree && n != 8 && n != 32:
			r.fault(FaultSubtreeIPLength, e.off, "the iPAddress has %d octets, 8 or 32 are wanted", n)
		case subtree && !contiguous(g.Value[n/2:]):
			r.fault(FaultSubtreeIPMask, e.off, "the mask % x of the iPAddress is not contiguous", g.Value[n/2:])
		case !subtree && n != 4 && n != 16:
			r.fault(FaultGeneralNameIPLength, e.off, "the iPAddress has %d octets, 4 or 16 are wanted", n)
		}
	case TagDirectoryName:
		s := e.span()
		inner, ok := r.next(&s)
		if !ok {
			r.fault(FaultGeneralNameSyntax, e.off, "the directoryName holds no Name")
			break
		}
		name := r.name(inner)
		g.Name = &name
		r.done(s, FaultTrailingField)
	case TagOtherName:
		s := e.span()
		id, ok := r.expect(&s, idOID)
		value, ok2 := r.expect(&s, idContextCons)
		if !ok || !ok2 {
			r.fault(FaultGeneralNameSyntax, e.off, "the otherName is not an identifier and a [0] value")
		}
		if ok {
			g.OtherName = r.objectID(id)
		}
		if ok2 {
			g.OtherValue = r.bytes(value)
			r.done(s, FaultTrailingField)
		}
	case TagRegisteredID:
		if !OID(r.str(e)).Valid() {
			r.fault(FaultOID, e.off, "the registeredID of %d octets is not an object identifier", len(g.Value))
		}
	case TagX400, TagEDIParty:
	default:
		r.fault(FaultGeneralNameTag, e.off, "the tag [%d] is no alternative of GeneralName", g.Tag)
	}
	return g
}

// contiguous reports whether a mask is a row of ones and then of zeros.
func contiguous(mask []byte) bool {
	ended := false
	for _, b := range mask {
		if ended && b != 0 {
			return false
		}
		if b != 0xff {
			if inv := ^b; inv&(inv+1) != 0 {
				return false
			}
			ended = true
		}
	}
	return true
}

// Kind names the alternative in the words of RFC 5280: "dNSName", "iPAddress" …
func (g GeneralName) Kind() string {
	switch g.Tag {
	case TagOtherName:
		return "otherName"
	case TagEmail:
		return "rfc822Name"
	case TagDNS:
		return "dNSName"
	case TagX400:
		return "x400Address"
	case TagDirectoryName:
		return "directoryName"
	case TagEDIParty:
		return "ediPartyName"
	case TagURI:
		return "uniformResourceIdentifier"
	case TagIP:
		return "iPAddress"
	case TagRegisteredID:
		return "registeredID"
	}
	return "unknown name"
}

// Text returns the value of an rfc822Name, dNSName or URI as a string.
func (g GeneralName) Text() string {
	if len(g.text) == len(g.Value) {
		return g.text
	}
	return string(g.Value)
}

// ParseGeneralNames reads a SEQUENCE OF GeneralName, tag and length included
// or replaced by an implicit tag, as CRLs and OCSP responses have it; false
// when it cannot be walked.
func ParseGeneralNames(der []byte) ([]GeneralName, []Fault, bool) {
	r := newReader(der, "generalNames")
	s := span{0, len(der)}
	e, ok := r.next(&s)
	if !ok || e.id()&idConstructed == 0 {
		return nil, nil, false
	}
	names, ok := r.generalNames(e.span())
	return names, r.faults, ok
}
