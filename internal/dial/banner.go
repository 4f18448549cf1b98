package dial

import (
	"bytes"
	"fmt"
	"strings"
)

// maxQuote is how many bytes of a stranger's text are shown.
const maxQuote = 60

// describeBanner says what a server that does not speak TLS sent, at most
// maxQuote printable bytes of it.
func describeBanner(head []byte) string {
	text := quote(head)
	for _, k := range []struct{ prefix, what string }{
		{"HTTP/", "answered in HTTP: "},
		{"SSH-", "sent an SSH banner: "},
		{"220 ", "sent an SMTP or FTP greeting: "},
		{"220-", "sent an SMTP or FTP greeting: "},
		{"* OK", "sent an IMAP greeting: "},
		{"+OK", "sent a POP3 greeting: "},
		{"RFB ", "sent a VNC greeting: "},
		{"<?xml", "answered in XML: "},
		{"<stream:", "answered in XMPP: "},
		{"<", "answered in HTML or XML: "},
		{"-ERR", "answered in a text protocol (POP3 or Redis): "},
	} {
		if bytes.HasPrefix(head, []byte(k.prefix)) {
			return k.what + text
		}
	}
	// MySQL protocol 10: three bytes of length, sequence number 0, version 10.
	if len(head) > 5 && head[2] == 0 && head[3] == 0 && head[4] == 10 {
		return "sent a MySQL or MariaDB greeting: " + quote(head[5:])
	}
	if len(head) > 2 && head[0]&0x80 != 0 && head[2] == 4 {
		return "answered in SSL 2.0"
	}
	return "sent bytes that are neither TLS nor HTTP: " + text
}

// quote shows the first line of b in quotes, everything but printable ASCII
// escaped, the result no longer than maxQuote bytes.
func quote(b []byte) string {
	if i := bytes.IndexAny(b, "\r\n"); i > 0 {
		b = b[:i]
	}
	var s strings.Builder
	for _, c := range b {
		piece := string(rune(c))
		switch {
		case c == '"' || c == '\\':
			piece = `\` + piece
		case c < 0x20 || c > 0x7e:
			piece = fmt.Sprintf(`\x%02x`, c)
		}
		if s.Len()+len(piece) > maxQuote {
			return `"` + s.String() + `"…`
		}
		s.WriteString(piece)
	}
	return `"` + s.String() + `"`
}
