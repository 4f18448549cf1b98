package lint

import (
	"strconv"
	"strings"
)

// quoted quotes a value of a certificate, shortened.
func quoted(s string) string {
	if len(s) > 100 {
		s = s[:100] + "…"
	}
	return strconv.QuoteToASCII(s)
}

// hostName reports whether a string is in the preferred name syntax (RFC 1034
// section 3.5, RFC 1123 section 2.1), underscores let pass: they have a rule of
// their own.
func hostName(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := 0; i < len(label); i++ {
			switch c := label[i]; {
			case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
			default:
				return false
			}
		}
	}
	return true
}

// mailbox reports whether a string is local-part@host (RFC 5280 section 4.2.1.6).
func mailbox(s string) bool {
	local, host, ok := strings.Cut(s, "@")
	if !ok || local == "" || len(s) > 320 || strings.ContainsAny(local, " <>()[]\\,;:\r\n\x00") {
		return false
	}
	literal := strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]")
	return literal || hostName(host)
}
