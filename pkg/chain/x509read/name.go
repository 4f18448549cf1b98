package x509read

import "bytes"

// name reads a Name: the element e has to be a SEQUENCE. RDNs stay nil where
// it does not decode.
func (r *reader) name(e element) Name {
	n := Name{Raw: r.whole(e)}
	if e.id() != idSequence {
		r.fault(FaultNameSyntax, e.off, "the identifier octet 0x%02x is not a SEQUENCE of RDNs", e.id())
		return n
	}
	total := r.countAttributes(e.span())
	rdns := room(&r.rdns, total)
	all := room(&r.attributes, total) // sub-slices of it are the RDNs
	for p := e.body; p < e.end; {
		set, ok := r.typed(p, e.end, idSet)
		if !ok {
			r.fault(FaultNameSyntax, p, "an RDN is not a SET")
			return n
		}
		p = set.next()
		from := len(all)
		if all, ok = r.rdn(set, all); !ok {
			return n
		}
		rdns = append(rdns, all[from:len(all):len(all)])
	}
	n.RDNs = rdns
	n.key = n.Key()
	return n
}

// rdn appends the attributes of a RelativeDistinguishedName.
func (r *reader) rdn(set element, to []Attribute) ([]Attribute, bool) {
	if set.length() == 0 {
		r.fault(FaultNameEmptyRDN, set.off, "an RDN has no attribute")
	}
	var previous []byte
	for p := set.body; p < set.end; {
		pair, ok := r.typed(p, set.end, idSequence)
		if !ok {
			r.fault(FaultNameSyntax, p, "an attribute is not a SEQUENCE")
			return to, false
		}
		p = pair.next()
		id, ok1 := r.typed(pair.body, pair.end, idOID)
		value, ok2 := r.element(id.next(), pair.end)
		if !ok1 || !ok2 {
			r.fault(FaultNameSyntax, pair.off, "an attribute is not a type and a value")
			return to, false
		}
		r.done(span{value.next(), pair.end}, FaultTrailingField)
		a := Attribute{OID: r.objectID(id), Tag: int(value.id()), Value: r.bytes(value)}
		a.Text = r.stringText(a.OID, value)
		if value.id() < idContext {
			a.Tag = int(value.id() &^ idConstructed)
		}
		if len(a.Value) == 0 {
			r.fault(FaultNameValueEmpty, value.off, "the attribute %s is empty", a.OID.Name())
		}
		to = append(to, a)
		whole := r.whole(pair)
		if previous != nil && bytes.Compare(previous, whole) > 0 {
			r.fault(FaultNameRDNOrder, pair.off, "the attributes of an RDN are not in the order of their encodings")
		}
		previous = whole
	}
	return to, true
}

// countAttributes returns the number of attributes, where RDNs have one each
// and lengths the short form; of unusual names it is an estimate.
func (r *reader) countAttributes(s span) int {
	total := 0
	for s.pos+2 <= s.end && r.raw[s.pos+1] < 0x80 {
		set := span{s.pos + 2, min(s.pos+2+int(r.raw[s.pos+1]), s.end)}
		total += r.count(set)
		s.pos = set.end
	}
	return total
}

// ParseName reads a DER Name, for names that stand outside a certificate: CRL
// issuers, acceptable certificate authorities. RDNs is nil where it does not
// decode, and the faults say why; offsets count from the start of raw.
func ParseName(raw []byte) (Name, []Fault) {
	r := newReader(raw, "name")
	s := span{0, len(raw)}
	e, ok := r.next(&s)
	if !ok {
		r.fault(FaultNameSyntax, 0, "%d octets are not one element", len(raw))
		return Name{Raw: raw}, r.faults
	}
	n := r.name(e)
	r.done(s, FaultTrailingField)
	return n, r.faults
}

// SubjectRaw returns the subject of a certificate, tag and length included,
// without reading anything else: the index over many anchors is built by it.
func SubjectRaw(der []byte) ([]byte, bool) {
	r := reader{raw: der}
	s := span{0, len(der)}
	for range 2 { // Certificate, TBSCertificate
		e, ok := r.expect(&s, idSequence)
		if !ok {
			return nil, false
		}
		s = e.span()
	}
	if r.peek(s) == idContextCons {
		r.next(&s)
	}
	for range 4 { // serialNumber, signature, issuer, validity
		if _, ok := r.next(&s); !ok {
			return nil, false
		}
	}
	e, ok := r.expect(&s, idSequence)
	if !ok {
		return nil, false
	}
	return r.whole(e), true
}

// Empty reports whether the name has no RDN at all; a name that does not
// decode is not empty.
func (n Name) Empty() bool { return n.RDNs != nil && len(n.RDNs) == 0 }

// All returns the texts of every attribute of a type, in order.
func (n Name) All(oid OID) []string {
	var out []string
	for _, rdn := range n.RDNs {
		for _, a := range rdn {
			if a.OID == oid {
				out = append(out, a.Text)
			}
		}
	}
	return out
}

// Count says how many attributes of a type there are.
func (n Name) Count(oid OID) int {
	count := 0
	for _, rdn := range n.RDNs {
		for i := range rdn {
			if rdn[i].OID == oid {
				count++
			}
		}
	}
	return count
}

// CommonName returns the last common name, the most specific one, or "".
func (n Name) CommonName() string {
	last := ""
	for _, rdn := range n.RDNs {
		for i := range rdn {
			if rdn[i].OID == OIDCommonName {
				last = rdn[i].Text
			}
		}
	}
	return last
}

// EmailAddresses returns the emailAddress attributes (RFC 5280 section
// 4.1.2.6: legacy, but name constraints of kind rfc822Name apply to them).
func (n Name) EmailAddresses() []string { return n.All(OIDEmailAddress) }
