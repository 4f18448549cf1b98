package dial

import (
	"bytes"
	"fmt"
	"strings"
)

// maxQuote is how many bytes of a stranger's text are shown.
const maxQuote = 60

// A banner is what a server that does not speak TLS sent.
type banner struct {
	spoke string // chain.Outcome.Spoke
	text  string // at most maxQuote printable bytes of it
}

func readBanner(head []byte) banner {
	text := quote(head)
	for _, k := range []struct{ prefix, spoke, what string }{
		{"HTTP/", "http", "answered in HTTP: "},
		{"SSH-", "ssh", "sent an SSH banner: "},
		{"220 ", "smtp", "sent an SMTP or FTP greeting: "},
		{"220-", "smtp", "sent an SMTP or FTP greeting: "},
		{"* OK", "imap", "sent an IMAP greeting: "},
		{"+OK", "pop3", "sent a POP3 greeting: "},
		{"RFB ", "vnc", "sent a VNC greeting: "},
		{"<?xml", "xml", "answered in XML: "},
		{"<stream:", "xmpp", "answered in XMPP: "},
		{"<", "html", "answered in HTML or XML: "},
		{"-ERR", "", "answered in a text protocol (POP3 or Redis): "},
	} {
		if bytes.HasPrefix(head, []byte(k.prefix)) {
			return banner{k.spoke, k.what + text}
		}
	}
	// MySQL protocol 10: three bytes of length, sequence number 0, version 10.
	if len(head) > 5 && head[2] == 0 && head[3] == 0 && head[4] == 10 {
		return banner{"mysql", "sent a MySQL or MariaDB greeting: " + quote(head[5:])}
	}
	if len(head) > 2 && head[0]&0x80 != 0 && head[2] == 4 {
		return banner{"ssl2", "answered in SSL 2.0"}
	}
	return banner{"", "sent bytes that are neither TLS nor HTTP: " + text}
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
