package x509read

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The universal tag numbers of the string types (X.680 section 8.6).
const (
	TagUTF8String      = 12
	TagNumericString   = 18
	TagPrintableString = 19
	TagTeletexString   = 20
	TagIA5String       = 22
	TagVisibleString   = 26
	TagUniversalString = 28
	TagBMPString       = 30
)

// stringText decodes the value of an attribute to UTF-8 and records characters
// that its string type does not have; they are kept as they stand, or U+FFFD.
func (r *reader) stringText(of OID, e element) string {
	s := r.str(e)
	switch e.id() {
	case TagUTF8String:
		if !ascii(s) && !utf8.ValidString(s) {
			r.fault(FaultUTF8String, e.off, "the UTF8String is not valid UTF-8")
			return strings.ToValidUTF8(s, "\uFFFD")
		}
		return s
	case TagPrintableString:
		for i := 0; i < len(s); i++ {
			if !printable(s[i]) {
				r.fault(FaultPrintableString, e.off, "the PrintableString has the character 0x%02x at position %d", s[i], i)
				return latin1OrUTF8(s)
			}
		}
		return s
	case TagIA5String:
		if !ascii(s) {
			r.fault(FaultIA5String, e.off, "the IA5String has a character above 0x7f")
			return latin1OrUTF8(s)
		}
		return s
	case TagNumericString:
		for i := 0; i < len(s); i++ {
			if s[i] != ' ' && (s[i] < '0' || s[i] > '9') {
				r.fault(FaultNumericString, e.off, "the NumericString has the character 0x%02x at position %d", s[i], i)
				return latin1OrUTF8(s)
			}
		}
		return s
	case TagVisibleString:
		for i := 0; i < len(s); i++ {
			if s[i] < 0x20 || s[i] > 0x7e {
				r.fault(FaultVisibleString, e.off, "the VisibleString has the character 0x%02x at position %d", s[i], i)
				return latin1OrUTF8(s)
			}
		}
		return s
	case TagTeletexString:
		// T.61 proper is not in use: what writes this type writes Latin-1, or
		// UTF-8 by mistake.
		return latin1OrUTF8(s)
	case TagBMPString:
		return r.bmpText(e, s)
	case TagUniversalString:
		return r.universalText(e, s)
	}
	if stringSyntax(of) {
		r.fault(FaultNameStringType, e.off, "the value of %s has the identifier octet 0x%02x, a string type is wanted", of.Name(), e.id())
	}
	return latin1OrUTF8(s)
}

func (r *reader) bmpText(e element, s string) string {
	var units []uint16
	bad := len(s)%2 != 0
	for i := 0; i+1 < len(s); i += 2 {
		u := uint16(s[i])<<8 | uint16(s[i+1])
		bad = bad || utf16.IsSurrogate(rune(u))
		units = append(units, u)
	}
	if bad {
		r.fault(FaultBMPString, e.off, "the BMPString of %d octets is not a row of UCS-2 characters", len(s))
	}
	return string(utf16.Decode(units))
}

func (r *reader) universalText(e element, s string) string {
	var b strings.Builder
	bad := len(s)%4 != 0
	for i := 0; i+3 < len(s); i += 4 {
		c := uint32(s[i])<<24 | uint32(s[i+1])<<16 | uint32(s[i+2])<<8 | uint32(s[i+3])
		if c > utf8.MaxRune || !utf8.ValidRune(rune(c)) {
			bad, c = true, utf8.RuneError
		}
		b.WriteRune(rune(c))
	}
	if bad {
		r.fault(FaultUniversalString, e.off, "the UniversalString of %d octets is not a row of UCS-4 characters", len(s))
	}
	return b.String()
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func latin1OrUTF8(s string) string {
	if ascii(s) || utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

// printable reports whether PrintableString has the character (X.680 section
// 41.4): letters, digits, space and '()+,-./:=? – one bit for each octet.
func printable(c byte) bool {
	const low, high uint64 = 0xa7fffb8100000000, 0x07fffffe07fffffe
	switch {
	case c < 64:
		return low>>c&1 != 0
	case c < 128:
		return high>>(c-64)&1 != 0
	}
	return false
}
