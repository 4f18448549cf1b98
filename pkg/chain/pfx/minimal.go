package pfx

import (
	"fmt"
	"math/big"
)

// notDER walks BER content and names the first thing DER does not allow: an
// indefinite or long length, an INTEGER with a superfluous leading octet, a
// BOOLEAN that is not 00 or FF, a constructed string. "" means none was found.
// The contents of strings are not looked into; the text has the byte offset and
// never the content.
func notDER(b []byte) string {
	r := berReader{in: b}
	if what := r.notDER(len(b), 0); what != "" {
		return what
	}
	if r.pos < len(b) {
		return fmt.Sprintf("%d bytes after the end", len(b)-r.pos)
	}
	return ""
}

func (r *berReader) notDER(limit, depth int) string {
	at := r.pos
	if depth > maxDepth {
		return fmt.Sprintf("byte %d: nested deeper than %d levels", at, maxDepth)
	}
	h, err := r.header(limit)
	if err != nil {
		return err.(*DamagedError).Error()
	}
	if h.length < 0 {
		return fmt.Sprintf("byte %d: indefinite length", at)
	}
	if h.start-at != len(appendHeader(nil, h.id, h.length)) {
		return fmt.Sprintf("byte %d: length %d is not encoded in its shortest form", at, h.length)
	}
	if h.constructed() {
		if isString(h.id[0]) {
			return fmt.Sprintf("byte %d: constructed string", at)
		}
		for r.pos < h.end {
			if what := r.notDER(h.end, depth+1); what != "" {
				return what
			}
		}
		return ""
	}
	r.pos = h.end
	return badPrimitive(h.id[0], r.in[h.start:h.end], at)
}

// badPrimitive names what is wrong with a primitive universal element.
func badPrimitive(id byte, body []byte, at int) string {
	switch id {
	case idBoolean:
		if len(body) != 1 || body[0] != 0 && body[0] != 0xff {
			return fmt.Sprintf("byte %d: BOOLEAN is neither 00 nor FF", at)
		}
	case idInteger:
		switch {
		case len(body) == 0:
			return fmt.Sprintf("byte %d: INTEGER without content", at)
		case len(body) > 1 && (body[0] == 0 && body[1]&0x80 == 0 || body[0] == 0xff && body[1]&0x80 != 0):
			return fmt.Sprintf("byte %d: INTEGER of %d bytes has a superfluous leading %02x", at, len(body), body[0])
		}
	case idBitString:
		if len(body) == 0 || body[0] > 7 || len(body) == 1 && body[0] != 0 ||
			len(body) > 1 && body[len(body)-1]&(1<<body[0]-1) != 0 {
			return fmt.Sprintf("byte %d: BIT STRING with wrong unused bits", at)
		}
	}
	return ""
}

// MinimalKey rewrites a PKCS#8 key, and the RSA or EC key inside it, in DER
// with the shortest INTEGERs, as crypto/x509 and Apple's importers want them,
// and without attributes.
func MinimalKey(pkcs8 []byte) ([]byte, error) {
	p, ok := splitPrivateKeyInfo(pkcs8)
	if !ok {
		return nil, damaged("private key", "is not a PKCS#8 PrivateKeyInfo")
	}
	key := p.key
	if inner, err := ToDER(p.key); err == nil {
		key = shortest(inner)
	}
	body := append(derInteger(new(big.Int)), p.algorithm...)
	body = append(appendHeader(body, []byte{idOctetString}, len(key)), key...)
	return append(appendHeader(nil, []byte{idSequence}, len(body)), body...), nil
}

// shortest rewrites every non-negative INTEGER of DER, whose nesting ToDER has bounded.
func shortest(der []byte) []byte {
	var out []byte
	for in := (cursor{der}); !in.empty(); {
		id, body, full, ok := in.element()
		switch {
		case !ok:
			return append(out, in.rest...)
		case id == idInteger && len(body) > 0 && body[0]&0x80 == 0:
			out = append(out, derInteger(new(big.Int).SetBytes(body))...)
		case id&0x20 != 0:
			inner := shortest(body)
			out = append(appendHeader(out, []byte{id}, len(inner)), inner...)
		default:
			out = append(out, full...)
		}
	}
	return out
}
