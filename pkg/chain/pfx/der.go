package pfx

import (
	"math/big"
	"strconv"
	"strings"
)

// Identifier octets of the types a PKCS#12 file is made of.
const (
	idBoolean     = 0x01
	idInteger     = 0x02
	idBitString   = 0x03
	idOctetString = 0x04
	idNull        = 0x05
	idOID         = 0x06
	idBMPString   = 0x1e
	idSequence    = 0x30
	idSet         = 0x31
	idContext0    = 0x80
	idExplicit0   = 0xa0
	idExplicit1   = 0xa1
	idImplicit1   = 0x81
)

// cursor walks the elements of rewritten DER (see ToDER). Only low tag numbers
// occur in PKCS#12, so an identifier is one octet.
type cursor struct{ rest []byte }

func (c *cursor) empty() bool { return len(c.rest) == 0 }

// is reports whether the next element has this identifier.
func (c *cursor) is(id byte) bool { return len(c.rest) > 0 && c.rest[0] == id }

// element takes the next element: its content and all of it.
func (c *cursor) element() (id byte, body, full []byte, ok bool) {
	r := berReader{in: c.rest}
	h, err := r.header(len(c.rest))
	if err != nil || h.length < 0 || len(h.id) > 1 {
		return 0, nil, nil, false
	}
	full = c.rest[:h.end]
	c.rest = c.rest[h.end:]
	return h.id[0], full[h.start:], full, true
}

// take takes the next element's content if it has this identifier.
func (c *cursor) take(id byte) (body []byte, ok bool) {
	if !c.is(id) {
		return nil, false
	}
	_, body, _, ok = c.element()
	return body, ok
}

// sequence takes a SEQUENCE and gives a cursor over its content.
func (c *cursor) sequence() (cursor, bool) {
	body, ok := c.take(idSequence)
	return cursor{body}, ok
}

// integer takes an INTEGER that fits an int32 and is not negative.
func (c *cursor) integer() (int, bool) {
	body, ok := c.take(idInteger)
	if !ok || len(body) == 0 || len(body) > 8 || body[0]&0x80 != 0 {
		return 0, false
	}
	n := new(big.Int).SetBytes(body)
	if n.BitLen() > 31 {
		return 0, false
	}
	return int(n.Int64()), true
}

// oid takes an OBJECT IDENTIFIER in dotted form.
func (c *cursor) oid() (string, bool) {
	body, ok := c.take(idOID)
	if !ok {
		return "", false
	}
	return dotted(body)
}

// dotted decodes the content octets of an OBJECT IDENTIFIER.
func dotted(body []byte) (string, bool) {
	if len(body) == 0 || len(body) > 64 || body[len(body)-1]&0x80 != 0 {
		return "", false
	}
	var out strings.Builder
	var arc uint64
	first := true
	for _, b := range body {
		if arc > 1<<56 {
			return "", false
		}
		arc = arc<<7 | uint64(b&0x7f)
		if b&0x80 != 0 {
			continue
		}
		if first {
			root := min(arc/40, 2)
			out.WriteString(strconv.FormatUint(root, 10))
			arc -= root * 40
			first = false
		}
		out.WriteByte('.')
		out.WriteString(strconv.FormatUint(arc, 10))
		arc = 0
	}
	return out.String(), true
}

// algorithm takes an AlgorithmIdentifier: dotted OID and the parameters element
// (nil when absent).
func (c *cursor) algorithm() (oid string, params []byte, ok bool) {
	seq, ok := c.sequence()
	if !ok {
		return "", nil, false
	}
	oid, ok = seq.oid()
	return oid, seq.rest, ok
}
