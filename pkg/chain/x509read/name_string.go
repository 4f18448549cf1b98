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
	if n.RDNs == nil {
		if len(n.Raw) == 0 {
			return ""
		}
		return "#" + hex.EncodeToString(n.Raw)
	}
	var b strings.Builder
	b.Grow(len(n.Raw))
	for i := len(n.RDNs) - 1; i >= 0; i-- {
		for j, a := range n.RDNs[i] {
			if j > 0 {
				b.WriteByte('+')
			} else if b.Len() > 0 {
				b.WriteByte(',')
			}
			a.write(&b)
		}
	}
	return b.String()
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
func (a Attribute) String() string {
	var b strings.Builder
	a.write(&b)
	return b.String()
}

func (a Attribute) write(b *strings.Builder) {
	short := attributeName(a.OID)
	if short == "" || a.Tag >= idContext {
		// RFC 4514 section 2.4: the dotted form goes with the hexadecimal value.
		b.WriteString(a.OID.String())
		b.WriteString("=#")
		b.WriteString(hex.EncodeToString(append(header(byte(a.Tag), len(a.Value)), a.Value...)))
		return
	}
	b.WriteString(short)
	b.WriteByte('=')
	for i, c := range a.Text {
		size := utf8.RuneLen(c)
		switch {
		case strings.ContainsRune(`,+"\<>;`, c),
			i == 0 && (c == ' ' || c == '#'),
			i > 0 && i == len(a.Text)-1 && c == ' ':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c == ' ' || size > 0 && unicode.IsPrint(c):
			b.WriteRune(c)
		default:
			for _, octet := range []byte(string(c)) {
				b.WriteByte('\\')
				b.WriteString(strings.ToUpper(hex.EncodeToString([]byte{octet})))
			}
		}
	}
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
