package x509read

import (
	"bytes"
	"crypto/sha256"
	"fmt"
)

// A ReadError says that the outer structure of a certificate cannot be walked.
type ReadError struct {
	Field   string // the field that was expected, in the words of RFC 5280
	Offset  int    // bytes from the start
	Message string // lower case, no full stop
}

func (e *ReadError) Error() string {
	return fmt.Sprintf("%s at byte %d: %s", e.Field, e.Offset, e.Message)
}

// Parse reads one certificate. Whatever is not as RFC 5280 section 4 wants it
// becomes a Fault. The error, a *ReadError, is for an outer structure that
// cannot be walked: bytes that are cut off, or a field of Certificate or
// TBSCertificate that is absent or of another type. Even then the certificate
// holds what could be read; it is never nil.
//
// The certificate keeps der: it must not be modified afterwards.
func Parse(der []byte) (*Certificate, error) {
	if len(der) == 0 {
		return &Certificate{Raw: der, Unread: fieldsEnd - 1}, &ReadError{Field: "certificate", Message: "there are no bytes"}
	}
	memory := new(storage)
	p := parser{c: &memory.Certificate, memory: memory}
	p.attributes, p.rdns, p.names, p.purposes = memory.attributes[:0], memory.rdns[:0], memory.names[:0], memory.purposes[:0]
	p.c.Extensions = memory.extensions[:0]
	p.certificate(der)
	p.c.SHA256 = sha256.Sum256(p.c.Raw)
	if p.err != nil {
		// The signature is over other bytes than are here; and a key in which bytes
		// are lost may have the form of a key all the same.
		p.unread |= FieldSignature | FieldPublicKey
	}
	p.c.Faults, p.c.Unread = p.faults, p.unread
	sortFaults(p.c.Faults)
	if p.err != nil {
		return p.c, p.err
	}
	return p.c, nil
}

// storage is a certificate and room for what most leaves hold, in one allocation;
// longer lists are allocated by themselves.
type storage struct {
	Certificate
	attributes [4]Attribute
	rdns       [4][]Attribute
	extensions [10]Extension
	names      [4]GeneralName
	purposes   [2]OID

	keyUsage         KeyUsage
	basicConstraints BasicConstraints
	authorityKeyID   AuthorityKeyID
}

// parser is a reader that fills a certificate.
type parser struct {
	reader
	c      *Certificate
	memory *storage   // that c is part of
	err    *ReadError // the first that was met
}

// broken records that the outer structure is not as it should be.
func (p *parser) broken(code FaultCode, off int, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	p.fault(code, off, "%s", message)
	if p.err == nil {
		p.err = &ReadError{Field: p.field, Offset: off, Message: message}
	}
}

// certificate reads the outer SEQUENCE.
func (p *parser) certificate(der []byte) {
	p.raw, p.field = der, "certificate"
	p.c.Raw = der
	e, ok := p.header(span{0, len(der)})
	if !ok || e.id() != idSequence {
		p.broken(FaultStructure, 0, "the bytes do not begin with a SEQUENCE")
		p.unread = fieldsEnd - 1
		return
	}
	if e.end > len(der) {
		p.broken(FaultTruncated, 0, "the length says %d bytes, %d are there", e.end, len(der))
		e.end = len(der)
	}
	if e.next() < len(der) {
		p.fault(FaultTrailingData, e.next(), "%d bytes follow the certificate", len(der)-e.next())
	}
	p.c.Raw = der[:e.next():e.next()]
	p.raw, p.text = p.c.Raw, string(p.c.Raw)

	s := e.span()
	p.field = "tbsCertificate"
	tbs, ok := p.header(s)
	if !ok || tbs.id() != idSequence {
		p.broken(FaultStructure, s.pos, "a SEQUENCE is wanted")
		p.unread = fieldsEnd - 1
		return
	}
	if tbs.end > s.end {
		if p.err == nil {
			p.broken(FaultTruncated, s.pos, "the length goes %d bytes beyond the certificate", tbs.end-s.end)
		}
		tbs.end = s.end
	}
	s.pos = tbs.next()
	p.c.RawTBS = p.whole(tbs)
	p.tbs(tbs.span())

	p.field = "signatureAlgorithm"
	if alg, ok := p.mandatory(&s, idSequence, idBitString); ok {
		p.c.Signature = p.algorithm(alg)
		p.signatureParameters(p.c.Signature, alg.off)
		p.compareAlgorithms(alg.off)
	}
	p.field = "signatureValue"
	if sig, ok := p.mandatory(&s, idBitString, 0); ok {
		bits, unused, ok := p.bitString(sig)
		switch {
		case !ok:
			p.fault(FaultSignatureSyntax, sig.off, "the BIT STRING of %d octets does not decode", sig.length())
		case unused != 0:
			p.fault(FaultSignatureUnusedBits, sig.off, "%d bits of the signature are unused", unused)
		}
		p.c.SignatureBit = bits
	}
	p.field = "certificate"
	p.done(s, FaultTrailingOuter)
}

// mandatory reads the next field, which has to have the identifier octet id.
// If it has not, it counts as absent when the following field (identifier
// octet then) stands in its place, and as of another type otherwise.
func (p *parser) mandatory(s *span, id, then byte) (element, bool) {
	if p.err != nil && s.empty() { // the rest of a certificate that is cut off
		p.unread |= fieldOf(p.field, "")
		return element{}, false
	}
	off, found := s.pos, p.peek(*s)
	if found == id {
		if e, ok := p.next(s); ok {
			return e, true
		}
		p.broken(FaultTruncated, off, "the length goes beyond the %d bytes left", s.end-off)
		s.pos = s.end
		return element{}, false
	}
	if s.empty() {
		p.broken(FaultStructure, off, "the field is absent")
		return element{}, false
	}
	p.broken(FaultStructure, off, "the identifier octet is 0x%02x, 0x%02x is wanted", found, id)
	if found != then {
		if _, ok := p.next(s); !ok {
			s.pos = s.end
		}
	}
	return element{}, false
}

// tbs reads the fields of TBSCertificate (RFC 5280 section 4.1.2).
func (p *parser) tbs(s span) {
	c := p.c
	p.version(&s)
	p.field = "serialNumber"
	if e, ok := p.mandatory(&s, idInteger, idSequence); ok {
		p.serial(e)
	}
	p.field = "signature"
	if e, ok := p.mandatory(&s, idSequence, idSequence); ok {
		c.TBSSignature = p.algorithm(e)
	}
	p.field = "issuer"
	if e, ok := p.mandatory(&s, idSequence, idSequence); ok {
		c.Issuer = p.name(e)
	}
	p.field = "validity"
	if e, ok := p.mandatory(&s, idSequence, idSequence); ok {
		p.validity(e)
	}
	p.field = "subject"
	if e, ok := p.mandatory(&s, idSequence, idSequence); ok {
		c.Subject = p.name(e)
	}
	p.field = "subjectPublicKeyInfo"
	if e, ok := p.mandatory(&s, idSequence, idContextCons|3); ok {
		c.PublicKey = p.publicKey(e)
	}
	p.uniqueID(&s, "issuerUniqueID", 1)
	p.uniqueID(&s, "subjectUniqueID", 2)
	p.field = "extensions"
	if e, ok := p.expect(&s, idContextCons|3); ok {
		p.extensions(e)
	} else if p.err != nil || !s.empty() {
		p.unread |= FieldExtensions
	}
	p.field = "tbsCertificate"
	p.done(s, FaultTrailingTBS)
}

func (p *parser) version(s *span) {
	p.field = "version"
	p.c.Version = 1
	e, ok := p.expect(s, idContextCons)
	if !ok {
		return
	}
	inner := e.span()
	number, ok := p.expect(&inner, idInteger)
	var v int
	if ok {
		v, ok = p.integer(number)
	}
	switch {
	case !ok:
		p.c.Version = 0
		p.fault(FaultVersionSyntax, e.off, "the version is not a non-negative INTEGER")
	case v == 0:
		p.fault(FaultVersionExplicitV1, e.off, "version 1 is the default and must not be written out")
	case v > 2:
		p.fault(FaultVersionUnknown, e.off, "the version is %d (encoded as %d), 1, 2 or 3 is wanted", v+1, v)
	}
	if ok {
		p.c.Version = v + 1
		p.done(inner, FaultTrailingField)
	}
}

// serial reads the serial number (RFC 5280 section 4.1.2.2).
func (p *parser) serial(e element) {
	b := p.bytes(e)
	p.c.Serial = b
	if len(b) == 0 {
		p.fault(FaultSerialEmpty, e.off, "the serial number has no octet")
		return
	}
	if len(b) > 1 && (b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80) {
		p.fault(FaultSerialNotMinimal, e.off, "the serial number is written in %d octets, DER wants the shortest form", len(b))
	}
	if b[0] >= 0x80 {
		p.fault(FaultSerialNegative, e.off, "the serial number is negative")
	} else if len(bytes.Trim(b, "\x00")) == 0 {
		p.fault(FaultSerialZero, e.off, "the serial number is zero")
	}
	if len(b) > 20 {
		p.fault(FaultSerialTooLong, e.off, "the serial number has %d octets, at most 20 are allowed", len(b))
	}
}

func (p *parser) validity(e element) {
	s := e.span()
	p.field = "validity.notBefore"
	if t, ok := p.next(&s); ok {
		p.c.NotBefore = p.time(t)
	} else {
		p.fault(FaultTimeSyntax, s.pos, "the date is absent")
	}
	p.field = "validity.notAfter"
	if t, ok := p.next(&s); ok {
		p.c.NotAfter = p.time(t)
	} else {
		p.fault(FaultTimeSyntax, s.pos, "the date is absent")
	}
	p.field = "validity"
	p.done(s, FaultTrailingField)
}

// uniqueID reads issuerUniqueID or subjectUniqueID (RFC 5280 section 4.1.2.8).
func (p *parser) uniqueID(s *span, field string, tag byte) {
	id := p.peek(*s)
	if id&^idConstructed != idContext|tag {
		return
	}
	p.field = field
	e, ok := p.next(s)
	if !ok {
		return // the octets left are reported as trailing
	}
	if _, _, ok := p.bitString(e); !ok || id&idConstructed != 0 {
		p.fault(FaultUniqueIDSyntax, e.off, "the unique identifier is not a BIT STRING")
	}
	if p.c.Version == 1 {
		p.fault(FaultUniqueIDVersion, e.off, "a unique identifier needs version 2 or 3")
	}
	p.fault(FaultUniqueID, e.off, "a unique identifier is present")
}
