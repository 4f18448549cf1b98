package ats

import (
	"encoding/base64"
	"encoding/xml"
	"strconv"
	"strings"
)

// exceptionXML writes the entry as it stands in Info.plist, from
// NSAppTransportSecurity down, with keys in alphabetical order.
func exceptionXML(host string, entry map[string]any) string {
	return plistXML(keyATS, map[string]any{keyDomains: map[string]any{host: entry}})
}

// plistXML writes a key of a property list with its value.
func plistXML(key string, v any) string {
	var b strings.Builder
	writeXML(&b, "", key, v)
	return b.String()
}

func writeXML(b *strings.Builder, indent, key string, v any) {
	b.WriteString(indent + "<key>")
	escape(b, key)
	b.WriteString("</key>\n")
	writeValue(b, indent, v)
}

func writeValue(b *strings.Builder, indent string, v any) {
	text := func(element, s string) {
		b.WriteString(indent + "<" + element + ">")
		escape(b, s)
		b.WriteString("</" + element + ">\n")
	}
	switch x := v.(type) {
	case map[string]any:
		if len(x) == 0 {
			b.WriteString(indent + "<dict/>\n")
			return
		}
		b.WriteString(indent + "<dict>\n")
		for _, k := range sortedKeys(x) {
			writeXML(b, indent+"\t", k, x[k])
		}
		b.WriteString(indent + "</dict>\n")
	case []any:
		b.WriteString(indent + "<array>\n")
		for _, e := range x {
			writeValue(b, indent+"\t", e)
		}
		b.WriteString(indent + "</array>\n")
	case bool:
		b.WriteString(indent + "<" + strconv.FormatBool(x) + "/>\n")
	case string:
		text("string", x)
	case []byte:
		text("data", base64.StdEncoding.EncodeToString(x))
	case int64:
		text("integer", strconv.FormatInt(x, 10))
	case uint64:
		text("integer", strconv.FormatUint(x, 10))
	case float64:
		text("real", strconv.FormatFloat(x, 'g', -1, 64))
	}
}

func escape(b *strings.Builder, s string) {
	_ = xml.EscapeText(b, []byte(s)) // a strings.Builder never fails
}
