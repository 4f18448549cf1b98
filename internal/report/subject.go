package report

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// shortName is what people call a certificate by: the common name, else the
// most telling other part of the subject, else its first name.
func shortName(it *chain.ItemReport) string {
	if s := shortSubject(it.Subject); s != "" {
		return s
	}
	if len(it.Names) > 0 {
		_, name, _ := strings.Cut(it.Names[0], ":")
		return name
	}
	if it.Unread&x509read.FieldSubject != 0 {
		return "(not readable)"
	}
	return "(empty subject)"
}

// shortSubject picks the part of an RFC 4514 string to show: CN, OU, O, or else
// the whole.
func shortSubject(dn string) string {
	parts := splitDN(dn)
	for _, want := range []string{"CN=", "OU=", "O="} {
		for _, p := range parts {
			if strings.HasPrefix(strings.ToUpper(p), want) && len(p) > len(want) {
				return unescapeDN(p[len(want):])
			}
		}
	}
	return dn
}

// splitDN cuts an RFC 4514 string at the commas and plus signs that are not escaped.
func splitDN(dn string) []string {
	var parts []string
	start := 0
	for i := 0; i < len(dn); i++ {
		switch dn[i] {
		case '\\':
			i++
		case ',', '+':
			parts = append(parts, strings.TrimSpace(dn[start:i]))
			start = i + 1
		}
	}
	return append(parts, strings.TrimSpace(dn[start:]))
}

// unescapeDN undoes the backslash before a special character (RFC 4514 section
// 2.4); pairs of hexadecimal digits stay, since what they stand for may not be text.
func unescapeDN(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte(` "#+,;<=>\`, s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// itemName is the short name of item i, for texts that point at it.
func itemName(r *chain.Report, i *int) string {
	if it := itemAt(r, i); it != nil {
		return shortName(it)
	}
	return ""
}

// itemAt is the item of that index; nil where there is none.
func itemAt(r *chain.Report, i *int) *chain.ItemReport {
	if i == nil {
		return nil
	}
	for k := range r.Items {
		if r.Items[k].Index == *i {
			return &r.Items[k]
		}
	}
	return nil
}

// listed reports whether an item belongs to the list that is judged, and so has a number.
func listed(it *chain.ItemReport) bool {
	return it.Origin == chain.OriginSent || it.Origin == chain.OriginFile
}
