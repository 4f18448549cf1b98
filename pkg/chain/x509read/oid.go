package x509read

import (
	"encoding/hex"
	"math/big"
	"strconv"
	"strings"
)

// maxArcOctets bounds one arc that is still converted to decimal: the arcs of
// X.667 have 128 bits, and decimal conversion is quadratic.
const maxArcOctets = 40

// Valid reports whether the octets are an object identifier: not empty, every
// arc complete and without padding (X.690 section 8.19).
func (o OID) Valid() bool {
	if o == "" || o[len(o)-1]&0x80 != 0 {
		return false
	}
	if strings.IndexByte(string(o), 0x80) < 0 {
		return true // the usual case: padding needs this octet
	}
	start := true
	for i := 0; i < len(o); i++ {
		if start && o[i] == 0x80 {
			return false
		}
		start = o[i]&0x80 == 0
	}
	return true
}

// String returns the dotted form; octets that are no object identifier, or
// have an arc beyond all reason, as "#" and their hexadecimal digits.
func (o OID) String() string {
	if !o.Valid() {
		return "#" + hex.EncodeToString([]byte(o))
	}
	var b strings.Builder
	first := true
	for i := 0; i < len(o); {
		n := i
		for o[n]&0x80 != 0 {
			n++
		}
		n++
		if n-i > maxArcOctets {
			return "#" + hex.EncodeToString([]byte(o))
		}
		arc := string(o[i:n])
		i = n
		if first {
			first = false
			writeFirstArcs(&b, arc)
			continue
		}
		b.WriteByte('.')
		writeArc(&b, arc, 0)
	}
	return b.String()
}

// writeFirstArcs splits the first subidentifier, which is 40 × arc 1 + arc 2.
func writeFirstArcs(b *strings.Builder, arc string) {
	switch {
	case len(arc) == 1 && arc[0] < 40:
		b.WriteString("0.")
		writeArc(b, arc, 0)
	case len(arc) == 1 && arc[0] < 80:
		b.WriteString("1.")
		writeArc(b, arc, 40)
	default:
		b.WriteString("2.")
		writeArc(b, arc, 80)
	}
}

func writeArc(b *strings.Builder, arc string, less int64) {
	if len(arc) <= 9 {
		var v int64
		for i := 0; i < len(arc); i++ {
			v = v<<7 | int64(arc[i]&0x7f)
		}
		b.WriteString(strconv.FormatInt(v-less, 10))
		return
	}
	v := new(big.Int)
	for i := 0; i < len(arc); i++ {
		v.Lsh(v, 7)
		v.Or(v, big.NewInt(int64(arc[i]&0x7f)))
	}
	b.WriteString(v.Sub(v, big.NewInt(less)).String())
}

// ParseOID reads the dotted form; false when it is not one.
func ParseOID(dotted string) (OID, bool) {
	parts := strings.Split(dotted, ".")
	if len(parts) < 2 || len(dotted) > 1024 {
		return "", false
	}
	arcs := make([]*big.Int, len(parts))
	for i, part := range parts {
		if part == "" || part != "0" && part[0] == '0' {
			return "", false
		}
		for _, c := range []byte(part) {
			if c < '0' || c > '9' {
				return "", false
			}
		}
		arcs[i], _ = new(big.Int).SetString(part, 10)
	}
	if arcs[0].Cmp(big.NewInt(2)) > 0 || arcs[0].Cmp(big.NewInt(2)) < 0 && arcs[1].Cmp(big.NewInt(39)) > 0 {
		return "", false
	}
	first := new(big.Int).Mul(arcs[0], big.NewInt(40))
	arcs[1] = first.Add(first, arcs[1])
	var out []byte
	for _, arc := range arcs[1:] {
		groups := max(1, (arc.BitLen()+6)/7)
		for g := groups - 1; g >= 0; g-- {
			var v byte
			for bit := 6; bit >= 0; bit-- {
				v = v<<1 | byte(arc.Bit(g*7+bit))
			}
			if g > 0 {
				v |= 0x80
			}
			out = append(out, v)
		}
	}
	return OID(out), true
}

// Name returns the friendly name, or the dotted form where none is known.
func (o OID) Name() string {
	for _, lookup := range [...]func(OID) string{extensionName, purposeName, algorithmName, attributeName} {
		if name := lookup(o); name != "" {
			return name
		}
	}
	return o.String()
}

// HasPrefix reports whether o is arc or lies below it, as in
// oid.HasPrefix(OIDAppleCertificateExtensions).
func (o OID) HasPrefix(arc OID) bool {
	return len(o) >= len(arc) && o[:len(arc)] == arc
}
