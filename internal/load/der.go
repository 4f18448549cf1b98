package load

import "math"

// header reads the identifier and length octets of an element (X.690 sections
// 8.1.2 and 8.1.3): where its content begins and how many octets of it are said
// to follow, -1 where its end is marked inside (BER). ok: the header is whole.
func header(b []byte) (begin int, n int64, ok bool) {
	if len(b) < 2 {
		return 0, 0, false
	}
	begin, n = 2, int64(b[1])
	switch octets := int(b[1]) - 0x80; {
	case octets == 0:
		n = -1
	case octets > 0:
		if begin += octets; len(b) < begin {
			return 0, 0, false
		}
		n = 0
		for _, c := range b[2:begin] {
			n = n<<8 | int64(c)
		}
		if octets > 4 {
			n = math.MaxInt64 // more than any file has
		}
	}
	return begin, n, true
}

// element cuts one DER element off the front.
func element(b []byte) (one, rest []byte, ok bool) {
	begin, n, ok := header(b)
	if !ok || n < 0 || n > int64(len(b)-begin) {
		return nil, nil, false
	}
	end := begin + int(n)
	return b[:end], b[end:], true
}

// content is what follows the header of an element; nil where that is cut off.
func content(b []byte) []byte {
	begin, _, ok := header(b)
	if !ok {
		return nil
	}
	return b[begin:]
}
