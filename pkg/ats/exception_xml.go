package ats

import (
	"encoding/xml"
	"strings"
)

// exceptionXML writes the entry as it stands in Info.plist, from
// NSAppTransportSecurity down, with keys in alphabetical order.
func exceptionXML(host string, entry map[string]any) string {
	var b strings.Builder
	b.WriteString("<key>" + keyATS + "</key>\n<dict>\n\t<key>" + keyDomains + "</key>\n\t<dict>\n\t\t<key>")
	escape(&b, host)
	b.WriteString("</key>\n")
	if len(entry) == 0 {
		b.WriteString("\t\t<dict/>\n\t</dict>\n</dict>\n")
		return b.String()
	}
	b.WriteString("\t\t<dict>\n")
	for _, k := range sortedKeys(entry) {
		b.WriteString("\t\t\t<key>" + k + "</key>\n\t\t\t")
		switch v := entry[k].(type) {
		case bool:
			if v {
				b.WriteString("<true/>\n")
			} else {
				b.WriteString("<false/>\n")
			}
		case string:
			b.WriteString("<string>")
			escape(&b, v)
			b.WriteString("</string>\n")
		}
	}
	b.WriteString("\t\t</dict>\n\t</dict>\n</dict>\n")
	return b.String()
}

func escape(b *strings.Builder, s string) {
	_ = xml.EscapeText(b, []byte(s)) // a strings.Builder never fails
}
