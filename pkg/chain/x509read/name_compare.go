package x509read

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Key returns the loosest comparison key: two names that any procedure calls
// equal have the same one. String types are ignored; case, white space and
// compatibility forms are folded (RFC 4518 section 2); the attributes of an RDN
// are sorted. The key of a name that does not decode is made of its octets.
func (n Name) Key() string {
	if n.key != "" {
		return n.key
	}
	if n.RDNs == nil {
		return "\xff" + string(n.Raw)
	}
	var room [160]byte // most names fit
	key := room[:0]
	for _, rdn := range n.RDNs {
		if len(rdn) == 1 {
			key = rdn[0].appendKey(key)
		} else {
			parts := make([]string, len(rdn))
			for i, a := range rdn {
				parts[i] = string(a.appendKey(nil))
			}
			slices.Sort(parts)
			for _, part := range parts {
				key = append(key, part...)
			}
		}
		key = append(key, 0, 1) // ends an RDN
	}
	return string(key)
}

// appendKey appends type and folded text; 0 as octet occurs in neither
// unescaped, so that keys of different names differ.
func (a Attribute) appendKey(key []byte) []byte {
	key = binary.AppendUvarint(key, uint64(len(a.OID)))
	key = append(key, a.OID...)
	key = appendFolded(key, a.Text)
	return append(key, 0, 0)
}

// appendFolded prepares a string for comparison: case and compatibility forms
// folded, white space at the ends dropped and inside reduced to one space.
func appendFolded(key []byte, text string) []byte {
	if !ascii(text) {
		return appendFoldedUnicode(key, text)
	}
	start, space := len(key), false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == ' ' || c >= '\t' && c <= '\r':
			space = true
			continue
		case c < ' ' || c == 0x7f:
			if c != 0 {
				continue // control characters are mapped to nothing
			}
			c = 0x1f // keeps 0 free as separator
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		if space && len(key) > start {
			key = append(key, ' ')
		}
		space = false
		key = append(key, c)
	}
	return key
}

func appendFoldedUnicode(key []byte, text string) []byte {
	start, space := len(key), false
	for _, c := range norm.NFKC.String(text) {
		switch {
		case unicode.IsSpace(c):
			space = true
			continue
		case c == 0:
			c = 0x1f
		case c == 0xad, c >= 0xfe00 && c <= 0xfe0f, unicode.In(c, unicode.Cc, unicode.Cf):
			continue // RFC 4518 section 2.2: mapped to nothing
		}
		if space && len(key) > start {
			key = append(key, ' ')
		}
		space = false
		if c == 'ß' || c == 'ẞ' {
			key = append(key, "ss"...)
			continue
		}
		key = utf8.AppendRune(key, unicode.ToLower(unicode.ToUpper(c)))
	}
	// Folding may have made a new composition possible.
	return append(key[:start], norm.NFKC.String(string(key[start:]))...)
}

// NameKey is Name.Key for an encoded name.
func NameKey(raw []byte) string {
	n, _ := ParseName(raw)
	return n.Key()
}

// Equal5280 compares after RFC 5280 section 7.1: the same RDNs in the same
// order, the attributes of an RDN in any order, texts of the character string
// types by RFC 4518 whatever their type, other values octet by octet.
func (n Name) Equal5280(other Name) bool {
	if bytes.Equal(n.Raw, other.Raw) && n.Raw != nil {
		return true
	}
	key, ok := n.Key5280()
	second, ok2 := other.Key5280()
	return ok && ok2 && key == second
}

// Key5280 returns a comparison key after RFC 5280 section 7.1: names are equal
// where their keys are, and a name lies in the subtree of another (section
// 4.2.1.10) where its key begins with the other's. False where the name does not
// decode.
func (n Name) Key5280() (key string, ok bool) {
	b := make([]byte, 0, len(n.Raw)+16)
	for _, rdn := range n.RDNs {
		b = binary.AppendUvarint(b, uint64(len(rdn)))
		parts := make([]string, len(rdn))
		for i, a := range rdn {
			parts[i] = a.key5280()
		}
		slices.Sort(parts) // the order in a set does not count
		for _, part := range parts {
			b = binary.AppendUvarint(b, uint64(len(part)))
			b = append(b, part...)
		}
	}
	return string(b), n.RDNs != nil
}

func (a Attribute) key5280() string {
	switch a.Tag {
	case TagUTF8String, TagPrintableString, TagTeletexString, TagIA5String, TagVisibleString, TagUniversalString, TagBMPString, TagNumericString:
		return string(a.appendKey(nil))
	}
	return string(a.OID) + "\x00" + string(rune(a.Tag)) + "\x00" + string(a.Value)
}

// EqualApple compares as Apple platforms do (apple: X-05): only PrintableString
// is folded – upper case, blanks trimmed and collapsed – and the string types
// have to agree; everything else is compared octet by octet.
func (n Name) EqualApple(other Name) bool {
	if n.RDNs == nil || other.RDNs == nil {
		return bytes.Equal(n.Raw, other.Raw)
	}
	return slices.EqualFunc(n.RDNs, other.RDNs, func(a, b []Attribute) bool {
		return slices.EqualFunc(a, b, Attribute.equalApple)
	})
}

func (a Attribute) equalApple(b Attribute) bool {
	if a.OID != b.OID || a.Tag != b.Tag {
		return false
	}
	if a.Tag != TagPrintableString {
		return bytes.Equal(a.Value, b.Value)
	}
	return foldApple(a.Value) == foldApple(b.Value)
}

// foldApple upper-cases ASCII letters, trims blanks (space, tab) and collapses them.
func foldApple(value []byte) string {
	var b strings.Builder
	space := false
	for _, c := range value {
		if c == ' ' || c == '\t' {
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}
