package pfx

import "fmt"

const (
	// maxSize bounds the input of ToDER and Open, bytes.
	maxSize = 16 << 20
	// maxDepth bounds the nesting of elements; real files stay below 20.
	maxDepth = 48
)

// ToDER rewrites the first BER element of ber with definite, minimal lengths
// and primitive strings (X.690 sections 8.1.3, 8.7.3, 10.1, 10.2). The contents
// of strings and integers are left alone, and so is what stands inside an OCTET
// STRING; bytes after the element are ignored. Input is bounded to maxSize
// bytes and 48 levels; the error is a *DamagedError whose Offset is in ber.
func ToDER(ber []byte) (der []byte, err error) {
	der, _, err = toDER(ber)
	return der, err
}

// toDER also tells how many bytes of ber the element took.
func toDER(ber []byte) (der []byte, used int, err error) {
	if len(ber) > maxSize {
		return nil, 0, &DamagedError{Where: "BER", Offset: maxSize, What: fmt.Sprintf("%d bytes, limit %d", len(ber), maxSize)}
	}
	w := berReader{in: ber}
	der, err = w.element(make([]byte, 0, len(ber)), len(ber), 0)
	return der, w.pos, err
}

type berReader struct {
	in  []byte
	pos int
	cut bool // in may be the beginning of something longer
}

func (r *berReader) fail(at int, what string) error {
	return &DamagedError{Where: "BER", Offset: at, What: what}
}

// header is the identifier and length of one element.
type header struct {
	id         []byte // identifier octets
	length     int    // content octets; -1 indefinite
	start, end int    // of the content; end only when definite
}

func (h header) constructed() bool { return h.id[0]&0x20 != 0 }

// isString says whether a universal type is a string, which DER wants primitive.
func isString(id byte) bool {
	if id&0xc0 != 0 {
		return false
	}
	switch id & 0x1f {
	case 3, 4, 12, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30:
		return true
	}
	return false
}

func (r *berReader) header(limit int) (header, error) {
	at := r.pos
	if r.pos >= limit {
		return header{}, r.fail(at, "ends where an element should begin")
	}
	i := r.pos + 1
	if r.in[r.pos]&0x1f == 0x1f {
		for n := 0; ; n++ {
			if i >= limit || n == 4 {
				return header{}, r.fail(at, "tag number is cut off or too large")
			}
			i++
			if r.in[i-1]&0x80 == 0 {
				break
			}
		}
	}
	h := header{id: r.in[r.pos:i]}
	if i >= limit {
		return header{}, r.fail(at, "ends before the length")
	}
	l := r.in[i]
	i++
	switch {
	case l < 0x80:
		h.length = int(l)
	case l == 0x80:
		if !h.constructed() {
			return header{}, r.fail(at, "indefinite length on a primitive element")
		}
		h.length = -1
	default:
		n := int(l & 0x7f)
		if i+n > limit {
			return header{}, r.fail(at, "ends inside the length")
		}
		for _, b := range r.in[i : i+n] {
			if h.length >= 1<<23 {
				return header{}, r.fail(at, "length beyond the end of the file")
			}
			h.length = h.length<<8 | int(b)
		}
		i += n
	}
	if h.length > limit-i && !r.cut {
		return header{}, r.fail(at, fmt.Sprintf("length %d, but only %d bytes follow", h.length, limit-i))
	}
	h.start, h.end = i, i+h.length
	r.pos = i
	return h, nil
}

// element appends the DER of the element at r.pos to out.
func (r *berReader) element(out []byte, limit, depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, r.fail(r.pos, fmt.Sprintf("nested deeper than %d levels", maxDepth))
	}
	h, err := r.header(limit)
	if err != nil {
		return nil, err
	}
	if !h.constructed() {
		r.pos = h.end
		return append(appendHeader(out, h.id, h.length), r.in[h.start:h.end]...), nil
	}
	str := isString(h.id[0])
	body := make([]byte, 0, max(h.length, 0))
	err = r.children(h, limit, func(limit int) error {
		if str {
			body, err = r.segment(body, h.id[0]&0x1f, limit, depth+1)
		} else {
			body, err = r.element(body, limit, depth+1)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	id := h.id
	if str {
		id = []byte{h.id[0] &^ 0x20}
		if h.id[0]&0x1f == 3 && len(body) == 0 {
			body = []byte{0}
		}
	}
	return append(appendHeader(out, id, len(body)), body...), nil
}

// children calls each for every child of a constructed element until its end.
func (r *berReader) children(h header, limit int, each func(limit int) error) error {
	if h.length >= 0 {
		limit = h.end
	}
	for {
		switch {
		case h.length >= 0 && r.pos == limit:
			return nil
		case h.length < 0 && r.pos+2 <= limit && r.in[r.pos] == 0 && r.in[r.pos+1] == 0:
			r.pos += 2
			return nil
		case r.pos >= limit:
			return r.fail(r.pos, "indefinite length without end-of-contents octets")
		}
		if err := each(limit); err != nil {
			return err
		}
	}
}

// segment appends the content of one part of a constructed string, which may be
// constructed itself (X.690 section 8.7.3.2).
func (r *berReader) segment(body []byte, tag byte, limit, depth int) ([]byte, error) {
	at := r.pos
	if depth > maxDepth {
		return nil, r.fail(at, fmt.Sprintf("nested deeper than %d levels", maxDepth))
	}
	h, err := r.header(limit)
	if err != nil {
		return nil, err
	}
	// The parts of a character string may be typed OCTET STRING (X.690 section 8.23.6 by way of 8.7).
	if got := h.id[0] &^ 0x20; len(h.id) > 1 || got != tag && got != 4 || got != tag && tag == 3 {
		return nil, r.fail(at, fmt.Sprintf("part of a constructed string has identifier %#02x, want %#02x", h.id[0], tag))
	}
	if h.constructed() {
		err = r.children(h, limit, func(limit int) error {
			body, err = r.segment(body, tag, limit, depth+1)
			return err
		})
		return body, err
	}
	r.pos = h.end
	content := r.in[h.start:h.end]
	if tag == 3 { // BIT STRING: each part begins with its count of unused bits
		switch {
		case len(content) == 0:
			return nil, r.fail(at, "BIT STRING without its count of unused bits")
		case len(body) == 0:
			return append(body, content...), nil
		case body[0] != 0:
			return nil, r.fail(at, "unused bits before the last part of a BIT STRING")
		}
		body[0] = content[0]
		content = content[1:]
	}
	return append(body, content...), nil
}

// appendHeader appends identifier octets and a minimal definite length.
func appendHeader(out, id []byte, length int) []byte {
	out = append(out, id...)
	switch {
	case length < 0x80:
		return append(out, byte(length))
	case length < 0x100:
		return append(out, 0x81, byte(length))
	case length < 0x10000:
		return append(out, 0x82, byte(length>>8), byte(length))
	case length < 0x1000000:
		return append(out, 0x83, byte(length>>16), byte(length>>8), byte(length))
	}
	return append(out, 0x84, byte(length>>24), byte(length>>16), byte(length>>8), byte(length))
}
