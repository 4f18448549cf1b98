package x509read

import "fmt"

// Identifier octets (X.690 section 8.1.2) that certificates use.
const (
	idBoolean         = 0x01
	idInteger         = 0x02
	idBitString       = 0x03
	idOctetString     = 0x04
	idNull            = 0x05
	idOID             = 0x06
	idUTF8String      = 0x0c
	idUTCTime         = 0x17
	idGeneralizedTime = 0x18
	idSequence        = 0x30
	idSet             = 0x31
	idContext         = 0x80 // primitive [0]
	idContextCons     = 0xa0 // constructed [0]
	idConstructed     = 0x20
	idHighTag         = 0x1f
)

// maxIndefinite bounds the nesting of indefinite lengths: DER has none, and
// what real BER encoders write does not go deeper.
const maxIndefinite = 16

// maxFaultsPerCode bounds the faults of one kind, so that a hostile
// certificate cannot make a list longer than itself; no rule needs more.
const maxFaultsPerCode = 32

// element is one TLV; all numbers are positions in reader.raw. It has four
// fields since the compiler keeps no larger struct in registers.
type element struct {
	form uint16 // identifier octet; indefinite is added for that form of length
	off  int    // of the identifier octet
	body int    // of the content
	end  int    // past the content
}

// indefinite marks an element that ends in two end-of-contents octets.
const indefinite = 0x100

// id returns the identifier octet; its low bits are 31 for every high tag.
func (e element) id() byte { return byte(e.form) }

// next returns the position past the element.
func (e element) next() int { return e.end + int(e.form/indefinite)*2 }

// span is a region that is being read from the front.
type span struct{ pos, end int }

func (e element) span() span  { return span{e.body, e.end} }
func (e element) length() int { return e.end - e.body }
func (s span) empty() bool    { return s.pos >= s.end }

// reader walks DER, and BER where that is unambiguous, and collects faults.
type reader struct {
	raw    []byte
	text   string // the same octets: OIDs and texts are parts of it
	field  string // what is being read, in the words of RFC 5280
	oid    OID    // of the extension being read; it counts then, instead of field
	faults []Fault
	unread Fields // what the faults leave without a value
	counts map[FaultCode]int

	// Room for the lists of one certificate, used up from the front.
	attributes []Attribute
	rdns       [][]Attribute
	names      []GeneralName
	purposes   []OID
}

func newReader(raw []byte, field string) reader {
	return reader{raw: raw, text: string(raw), field: field}
}

func (r *reader) fault(code FaultCode, off int, format string, args ...any) {
	if code.unreadable() {
		r.unread |= fieldOf(r.field, r.oid)
	}
	if r.counts == nil {
		r.counts = make(map[FaultCode]int)
	}
	if r.counts[code]++; r.counts[code] > maxFaultsPerCode {
		return
	}
	field := r.field
	if r.oid != "" {
		field = "extensions." + r.oid.Name()
	}
	r.faults = append(r.faults, Fault{Code: code, Field: field, OID: r.oid, Offset: off, Message: fmt.Sprintf(format, args...)})
}

func (r *reader) bytes(e element) []byte { return r.raw[e.body:e.end:e.end] }
func (r *reader) whole(e element) []byte { return r.raw[e.off:e.next():e.next()] }
func (r *reader) str(e element) string   { return r.text[e.body:e.end] }

// next reads the element at the front of s; false, and s unmoved, when there
// is none or it does not fit into s.
func (r *reader) next(s *span) (element, bool) {
	e, ok := r.element(s.pos, s.end)
	if ok {
		s.pos = e.next()
	}
	return e, ok
}

// element is next by value, which the inner loops of names and extensions use:
// their positions stay in registers.
func (r *reader) element(p, end int) (element, bool) {
	// The short form with a low tag is nearly every element of a certificate.
	if p+2 <= end {
		id, n := r.raw[p], int(r.raw[p+1])
		if id&idHighTag != idHighTag && n < 0x80 && p+2+n <= end {
			return element{uint16(id), p, p + 2, p + 2 + n}, true
		}
	}
	return r.long(p, end)
}

// typed is expect by value.
func (r *reader) typed(p, end int, id byte) (element, bool) {
	if p+2 <= end && r.raw[p] == id {
		if n := int(r.raw[p+1]); n < 0x80 && p+2+n <= end {
			return element{uint16(id), p, p + 2, p + 2 + n}, true
		}
		return r.long(p, end)
	}
	return element{}, false
}

// long reads the forms that are not so short.
func (r *reader) long(p, end int) (element, bool) {
	if p+4 <= end && r.raw[p]&idHighTag != idHighTag {
		b := r.raw[p+1 : p+4]
		switch n := int(b[1])<<8 | int(b[2]); {
		case b[0] == 0x82 && n >= 0x100 && p+4+n <= end:
			return element{uint16(r.raw[p]), p, p + 4, p + 4 + n}, true
		case b[0] == 0x81 && b[1] >= 0x80 && p+3+n>>8 <= end:
			n >>= 8
			return element{uint16(r.raw[p]), p, p + 3, p + 3 + n}, true
		}
	}
	e, ok := r.header(span{p, end})
	if !ok || e.end > end {
		return element{}, false
	}
	return e, true
}

// header reads identifier and length octets in every form; end may lie beyond
// the span where the length says so.
func (r *reader) header(s span) (element, bool) {
	p := s.pos
	if p+2 > s.end {
		return element{}, false
	}
	e := element{form: uint16(r.raw[p]), off: p}
	p++
	if e.id()&idHighTag == idHighTag {
		for p < s.end && r.raw[p]&0x80 != 0 {
			p++
		}
		p++
	}
	if p >= s.end {
		return element{}, false
	}
	n := int(r.raw[p])
	p++
	switch {
	case n == 0x80:
		if e.id()&idConstructed == 0 {
			return element{}, false
		}
		end, ok := r.endOfContents(span{p, s.end}, 0)
		if !ok {
			return element{}, false
		}
		r.fault(FaultLengthIndefinite, e.off, "the length has the indefinite form, DER wants a definite one")
		e.form |= indefinite
		e.body, e.end = p, end
		return e, true
	case n > 0x80:
		size := n & 0x7f
		if size > s.end-p {
			return element{}, false
		}
		n = 0
		for _, b := range r.raw[p : p+size] {
			if n > 1<<40 {
				return element{}, false
			}
			n = n<<8 | int(b)
		}
		if n < 0x80 || r.raw[p] == 0 {
			r.fault(FaultLengthNotMinimal, e.off, "the length %d is written in %d octets, DER wants the shortest form", n, size+1)
		}
		p += size
	}
	e.body, e.end = p, p+n
	return e, true
}

// endOfContents returns the position of the end-of-contents octets that close
// an indefinite length whose content begins at s.
func (r *reader) endOfContents(s span, depth int) (int, bool) {
	if depth >= maxIndefinite {
		return 0, false
	}
	for s.pos+2 <= s.end {
		if r.raw[s.pos] == 0 && r.raw[s.pos+1] == 0 {
			return s.pos, true
		}
		p := s.pos + 1
		if r.raw[s.pos]&idHighTag == idHighTag {
			for p < s.end && r.raw[p]&0x80 != 0 {
				p++
			}
			p++
		}
		if p >= s.end {
			return 0, false
		}
		n := int(r.raw[p])
		p++
		switch {
		case n == 0x80:
			end, ok := r.endOfContents(span{p, s.end}, depth+1)
			if !ok {
				return 0, false
			}
			s.pos = end + 2
			continue
		case n > 0x80:
			size := n & 0x7f
			if size > s.end-p {
				return 0, false
			}
			n = 0
			for _, b := range r.raw[p : p+size] {
				if n > 1<<40 {
					return 0, false
				}
				n = n<<8 | int(b)
			}
			p += size
		}
		if n > s.end-p {
			return 0, false
		}
		s.pos = p + n
	}
	return 0, false
}

// peek returns the identifier octet at the front of s, 0 at its end.
func (r *reader) peek(s span) byte {
	if s.empty() {
		return 0
	}
	return r.raw[s.pos]
}

// expect reads the next element if its identifier octet is id; else s stays.
func (r *reader) expect(s *span, id byte) (element, bool) {
	e, ok := r.typed(s.pos, s.end, id)
	if ok {
		s.pos = e.next()
	}
	return e, ok
}

// done records octets that are left over in s.
func (r *reader) done(s span, code FaultCode) {
	if !s.empty() {
		r.fault(code, s.pos, "%d octets follow where the value should end", s.end-s.pos)
	}
}
