package x509read

// duplicateBySearch is the number of extensions up to which repeated ones are
// found by comparing each with all before it; real certificates have about ten.
const duplicateBySearch = 32

// extensions reads the [3] element (RFC 5280 section 4.1.2.9).
func (p *parser) extensions(outer element) {
	if p.c.Version != 3 {
		p.fault(FaultExtensionsVersion, outer.off, "extensions need version 3, the version is %d", p.c.Version)
	}
	s := outer.span()
	list, ok := p.expect(&s, idSequence)
	if !ok {
		p.fault(FaultExtensionsSyntax, outer.off, "the extensions are not a SEQUENCE")
		p.unread |= FieldExtensions
		return
	}
	if list.length() == 0 {
		p.fault(FaultExtensionsEmpty, list.off, "the list of extensions is empty")
	}
	inner := list.span()
	n := p.count(inner)
	if n > cap(p.c.Extensions) || p.c.Extensions == nil {
		p.c.Extensions = make([]Extension, 0, n)
	}
	var seen map[OID]bool
	if n > duplicateBySearch {
		seen = make(map[OID]bool, n)
	}
	whole := true
	for !inner.empty() {
		e, ok := p.next(&inner)
		if !ok {
			p.oid, p.field = "", "extensions"
			p.fault(FaultExtensionsSyntax, inner.pos, "the next extension does not fit into the %d octets left", inner.end-inner.pos)
			whole = false
			break
		}
		whole = p.extension(e, seen) && whole
	}
	if !whole {
		p.unread |= p.lostExtensions()
	}
	p.oid, p.field = "", "extensions"
	p.done(s, FaultTrailingField)
}

// extension reads one Extension, and its value if it is known and the first
// of its kind; false where nothing says which extension it is, or was meant to be.
func (p *parser) extension(e element, seen map[OID]bool) bool {
	p.oid, p.field = "", "extensions"
	id, ok := p.typed(e.body, e.end, idOID)
	at := id.next()
	if e.id() != idSequence || !ok {
		p.fault(FaultExtensionSyntax, e.off, "an extension is a SEQUENCE that begins with an object identifier")
		return false
	}
	ext := Extension{OID: OID(p.str(id))}
	p.oid = ext.OID
	p.objectID(id)
	if b, found := p.typed(at, e.end, idBoolean); found {
		at = b.next()
		if ext.Critical, ok = p.boolean(b); !ok {
			p.fault(FaultExtensionSyntax, e.off, "the critical flag does not decode")
		} else if !ext.Critical {
			p.fault(FaultCriticalFalseEncoded, e.off, "critical FALSE is the default and must not be written out")
		}
	}
	value, ok := p.typed(at, e.end, idOctetString)
	if !ok {
		p.fault(FaultExtensionSyntax, e.off, "the extension has no OCTET STRING")
		p.c.Extensions = append(p.c.Extensions, ext)
		return extensionField(ext.OID) != 0
	}
	ext.Value = p.bytes(value)
	p.done(span{value.next(), e.end}, FaultTrailingExtension)

	repeated := seen[ext.OID]
	if seen != nil {
		seen[ext.OID] = true
	} else {
		repeated = p.c.Extension(ext.OID) != nil
	}
	p.c.Extensions = append(p.c.Extensions, ext)
	if repeated {
		p.fault(FaultExtensionDuplicate, e.off, "the extension %s occurs a second time", ext.OID.Name())
		return true
	}
	p.known(ext, value.span())
	return true
}

// known decodes the value of an extension the reader knows.
func (p *parser) known(ext Extension, s span) {
	switch ext.OID {
	case OIDExtKeyUsage:
		p.keyUsage(ext, s)
	case OIDExtBasicConstraints:
		p.basicConstraints(ext, s)
	case OIDExtSubjectAltName:
		p.c.SubjectAltName = p.altName(s)
	case OIDExtIssuerAltName:
		p.c.IssuerAltName = p.altName(s)
	case OIDExtNameConstraints:
		p.nameConstraints(ext, s)
	case OIDExtExtKeyUsage:
		p.extKeyUsage(s)
	case OIDExtSubjectKeyID:
		p.subjectKeyID(s)
	case OIDExtAuthorityKeyID:
		p.authorityKeyID(s)
	case OIDExtCertificatePolicies:
		p.policies(s)
	case OIDExtPolicyMappings:
		p.policyMappings(s)
	case OIDExtPolicyConstraints:
		p.policyConstraints(s)
	case OIDExtInhibitAnyPolicy:
		p.inhibitAnyPolicy(s)
	case OIDExtCRLDistributionPoints:
		p.c.CRLDistribution = p.distributionPoints(s)
	case OIDExtFreshestCRL:
		p.c.FreshestCRL = p.distributionPoints(s)
	case OIDExtAuthorityInfoAccess:
		p.authorityInfo(s)
	case OIDExtTLSFeature:
		p.tlsFeature(s)
	case OIDExtSCTList:
		p.sctList(s)
	case OIDExtCTPoison:
		p.ctPoison(s)
	case OIDExtQCStatements:
		p.qcStatements(s)
	}
}

// Extension returns the first extension with the OID, or nil.
func (c *Certificate) Extension(oid OID) *Extension {
	for i := range c.Extensions {
		if c.Extensions[i].OID == oid {
			return &c.Extensions[i]
		}
	}
	return nil
}

// HasFault reports whether a fault with one of the codes is recorded.
func (c *Certificate) HasFault(codes ...FaultCode) bool {
	for i := range c.Faults {
		for _, code := range codes {
			if c.Faults[i].Code == code {
				return true
			}
		}
	}
	return false
}
