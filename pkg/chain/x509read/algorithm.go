package x509read

import (
	"bytes"
	"slices"
)

// algorithm reads an AlgorithmIdentifier from the element e.
func (r *reader) algorithm(e element) (a Algorithm) {
	s := e.span()
	id, ok := r.expect(&s, idOID)
	if e.id() != idSequence || !ok {
		r.fault(FaultAlgorithmSyntax, e.off, "an AlgorithmIdentifier is a SEQUENCE that begins with an object identifier")
		return a
	}
	a.OID = r.objectID(id)
	if s.empty() {
		return a
	}
	params, ok := r.next(&s)
	if !ok {
		r.fault(FaultAlgorithmSyntax, s.pos, "the parameters go beyond the AlgorithmIdentifier")
		return a
	}
	if params.id() == idNull && params.length() != 0 {
		r.fault(FaultAlgorithmSyntax, params.off, "the NULL of the parameters has %d octets", params.length())
	}
	a.Params = r.whole(params)
	r.done(s, FaultTrailingField)
	return a
}

// ParseAlgorithm reads an AlgorithmIdentifier, tag and length included; false
// when it is not one.
func ParseAlgorithm(der []byte) (Algorithm, bool) {
	r := newReader(der, "algorithm")
	s := span{0, len(der)}
	e, ok := r.expect(&s, idSequence)
	if !ok || !s.empty() {
		return Algorithm{}, false
	}
	a := r.algorithm(e)
	return a, len(r.faults) == 0
}

// null reports whether the parameters are the NULL element.
func (a Algorithm) null() bool {
	return len(a.Params) == 2 && a.Params[0] == idNull && a.Params[1] == 0
}

// signatureParameters records parameters that are not as the algorithm's
// document wants them: NULL for RSA PKCS#1 v1.5 (RFC 4055 section 5), absent for
// ECDSA, DSA (RFC 5758 section 3), Edwards curves (RFC 8410 section 3) and
// ML-DSA (RFC 9881 section 2).
func (r *reader) signatureParameters(a Algorithm, off int) {
	scheme, ok := schemeOf(a.OID)
	if !ok {
		return
	}
	switch {
	case scheme.pss:
		if _, ok := parsePSS(a.Params); !ok {
			r.fault(FaultAlgorithmParameters, off, "the parameters of %s do not decode", a.OID.Name())
		}
	case scheme.key == RSA:
		if !a.null() {
			r.fault(FaultAlgorithmParameters, off, "the parameters of %s are not NULL", a.OID.Name())
		}
	case a.Params != nil:
		r.fault(FaultAlgorithmParameters, off, "%s has parameters, they must be absent", a.OID.Name())
	}
}

// compareAlgorithms compares the inner with the outer AlgorithmIdentifier,
// which have to be the same (RFC 5280 section 4.1.1.2).
func (p *parser) compareAlgorithms(off int) {
	inner, outer := p.c.TBSSignature, p.c.Signature
	switch {
	case inner.OID != outer.OID:
		p.fault(FaultAlgorithmMismatch, off, "the outer algorithm is %s, the inner one %s", outer.OID.Name(), inner.OID.Name())
	case !bytes.Equal(inner.Params, outer.Params):
		p.fault(FaultParametersMismatch, off, "the parameters of the outer %s differ from the inner ones", outer.OID.Name())
	}
}

// sortFaults brings the faults into order of position.
func sortFaults(faults []Fault) {
	if len(faults) > 1 {
		slices.SortStableFunc(faults, func(a, b Fault) int { return a.Offset - b.Offset })
	}
}
