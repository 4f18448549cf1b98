package x509read

// tlsFeature reads RFC 7633 section 4: a SEQUENCE OF INTEGER.
func (p *parser) tlsFeature(s span) {
	e, ok := p.only(s, idSequence, FaultTLSFeatureSyntax)
	if !ok {
		return
	}
	features := []int{}
	for inner := e.span(); !inner.empty(); {
		number, ok := p.expect(&inner, idInteger)
		var n int
		if ok {
			n, ok = p.integer(number)
		}
		if !ok {
			p.fault(FaultTLSFeatureSyntax, inner.pos, "a feature is not a non-negative INTEGER")
			return
		}
		features = append(features, n)
	}
	p.c.TLSFeatures = features
}

// sctList reads RFC 6962 section 3.3: an OCTET STRING with the TLS-encoded
// list; the list itself is for the rules on Certificate Transparency.
func (p *parser) sctList(s span) {
	if e, ok := p.only(s, idOctetString, FaultSCTListSyntax); ok {
		p.c.SCTList = p.bytes(e)
	}
}

// ctPoison reads RFC 6962 section 3.1. The poison counts as present whatever
// its value is.
func (p *parser) ctPoison(s span) {
	p.c.CTPoison = true
	if e, ok := p.only(s, idNull, FaultCTPoisonSyntax); ok && e.length() != 0 {
		p.fault(FaultCTPoisonSyntax, e.off, "the NULL has %d octets", e.length())
	}
}

// qcStatements checks the shape of RFC 3739 section 3.2.6: a SEQUENCE OF
// statements, each an object identifier and optionally one more element.
func (p *parser) qcStatements(s span) {
	e, ok := p.only(s, idSequence, FaultQCStatementsSyntax)
	if !ok {
		return
	}
	for inner := e.span(); !inner.empty(); {
		one, ok := p.expect(&inner, idSequence)
		fields := one.span()
		_, ok2 := p.expect(&fields, idOID)
		if ok && ok2 && !fields.empty() {
			_, ok2 = p.next(&fields)
		}
		if !ok || !ok2 || !fields.empty() {
			p.fault(FaultQCStatementsSyntax, inner.pos, "a statement is not an identifier and its information")
			return
		}
	}
}
