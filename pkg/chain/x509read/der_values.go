package x509read

// objectID returns an element's content as OID and records one that is malformed.
func (r *reader) objectID(e element) OID {
	oid := OID(r.str(e))
	if !oid.Valid() {
		r.fault(FaultOID, e.off, "%d octets are not an object identifier", e.length())
	}
	return oid
}

// boolean reads a BOOLEAN; DER allows 0x00 and 0xff (X.690 section 11.1).
func (r *reader) boolean(e element) (value, ok bool) {
	if e.length() != 1 {
		return false, false
	}
	b := r.raw[e.body]
	if b != 0 && b != 0xff {
		r.fault(FaultBooleanNotDER, e.off, "the BOOLEAN is 0x%02x, DER wants 0x00 or 0xff", b)
	}
	return b != 0, true
}

// integer reads a small non-negative INTEGER; more than 2³¹ − 1 counts as
// that, since no limit of a certificate goes so far.
func (r *reader) integer(e element) (value int, ok bool) {
	b := r.bytes(e)
	if len(b) == 0 || b[0]&0x80 != 0 {
		return 0, false
	}
	if len(b) > 1 && b[0] == 0 && b[1]&0x80 == 0 {
		r.fault(FaultIntegerNotMinimal, e.off, "the INTEGER is written in %d octets, DER wants the shortest form", len(b))
	}
	for _, c := range b {
		if value = value<<8 | int(c); value > 1<<31-1 {
			return 1<<31 - 1, true
		}
	}
	return value, true
}

// bitString returns the bits of a BIT STRING and the number of unused ones, which
// DER wants to be zero (X.690 section 11.2.1).
func (r *reader) bitString(e element) (bits []byte, unused int, ok bool) {
	b := r.bytes(e)
	if len(b) == 0 || b[0] > 7 || len(b) == 1 && b[0] != 0 {
		return nil, 0, false
	}
	if b[len(b)-1]&(1<<b[0]-1) != 0 {
		r.fault(FaultBitsPadding, e.off, "the %d unused bits of the BIT STRING are not all zero", b[0])
	}
	return b[1:], int(b[0]), true
}

// count returns the number of elements in s; lists are made that long. Forms
// other than short lengths and low tags are worth no effort here.
func (r *reader) count(s span) int {
	n := 0
	for ; s.pos+2 <= s.end; n++ {
		if length := int(r.raw[s.pos+1]); length < 0x80 {
			s.pos += 2 + length
			continue
		}
		quiet := reader{raw: r.raw}
		if _, ok := quiet.next(&s); !ok {
			break
		}
	}
	return n
}

// room returns an empty slice of capacity n, out of the free part of a slab if
// it fits there.
func room[T any](slab *[]T, n int) []T {
	free := *slab
	from := len(free)
	if n > cap(free)-from || free == nil { // never nil: a list may be there and empty
		return make([]T, 0, n)
	}
	*slab = free[:from+n]
	return free[from : from : from+n]
}
