package x509read

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// String returns the name as RFC 4514 writes it, last RDN first: "CN=…,O=…,C=…".
// Characters that do not print are escaped by their UTF-8 octets. A name that
// does not decode is shown as "#" and its hexadecimal octets.
func (n Name) String() string {
	var room [160]byte // most names fit
	return string(n.Append(room[:0]))
}

// Append appends what String returns.
func (n Name) Append(to []byte) []byte {
	if n.RDNs == nil {
		if len(n.Raw) == 0 {
			return to
		}
		return hex.AppendEncode(append(to, '#'), n.Raw)
	}
	start := len(to)
	for i := len(n.RDNs) - 1; i >= 0; i-- {
		for j := range n.RDNs[i] {
			if j > 0 {
				to = append(to, '+')
			} else if len(to) > start {
				to = append(to, ',')
			}
			to = n.RDNs[i][j].append(to)
		}
	}
	return to
}

// maxShort bounds what a sentence shows of a name, in octets.
const maxShort = 200

// Short is the common name, or the whole name where it has none; of one that is
// made to fill a page its beginning and its length.
func (n Name) Short() string {
	if cn := n.CommonName(); cn != "" {
		return Shortened(cn, maxShort)
	}
	if n.Empty() {
		return "(empty name)"
	}
	return Shortened(n.String(), maxShort)
}

// Shortened is a text as it is, or its beginning and how long it was.
func Shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + fmt.Sprintf("… (%d characters)", utf8.RuneCountInString(text))
}

// String returns one attribute as RFC 4514 writes it: "CN=www.example.com".
func (a Attribute) String() string { return string(a.append(nil)) }

func (a *Attribute) append(to []byte) []byte {
	short := attributeName(a.OID)
	if short == "" || a.Tag >= idContext {
		// RFC 4514 section 2.4: the dotted form goes with the hexadecimal value.
		to = append(append(to, a.OID.String()...), "=#"...)
		return hex.AppendEncode(hex.AppendEncode(to, header(byte(a.Tag), len(a.Value))), a.Value)
	}
	to = append(append(to, short...), '=')
	for i, c := range a.Text {
		switch {
		case special(c), i == 0 && (c == ' ' || c == '#'), c == ' ' && i == len(a.Text)-1:
			to = utf8.AppendRune(append(to, '\\'), c)
		case c == ' ' || unicode.IsPrint(c):
			to = utf8.AppendRune(to, c)
		default:
			for _, octet := range []byte(string(c)) {
				to = fmt.Appendf(to, `\%02X`, octet)
			}
		}
	}
	return to
}

// special reports whether RFC 4514 wants a backslash before a character wherever it stands.
func special(c rune) bool {
	switch c {
	case ',', '+', '"', '\\', '<', '>', ';':
		return true
	}
	return false
}

// header returns identifier and length octets in DER.
func header(id byte, length int) []byte {
	if length < 0x80 {
		return []byte{id, byte(length)}
	}
	var digits []byte
	for n := length; n > 0; n >>= 8 {
		digits = append([]byte{byte(n)}, digits...)
	}
	return append([]byte{id, 0x80 | byte(len(digits))}, digits...)
}
