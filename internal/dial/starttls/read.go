package starttls

import (
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// maxTalk bounds all that a server says before TLS; long greetings have 4 kB.
const maxTalk = 16 << 10

// maxQuote is how many octets of the server's words are shown.
const maxQuote = 80

var (
	errTooMuch = errors.New("more than is read")
	errForeign = errors.New("another protocol")
)

// A talk is the clear-text half of a connection.
type talk struct {
	stream io.ReadWriter
	left   int
	one    [1]byte
}

// ReadByte reads one octet: what follows belongs to the next reader.
func (t *talk) ReadByte() (byte, error) {
	if t.left == 0 {
		return 0, errTooMuch
	}
	_, err := io.ReadFull(t.stream, t.one[:])
	t.left--
	return t.one[0], err
}

// Read makes a talk an io.Reader for the XML decoder, which takes single octets.
func (t *talk) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := t.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

func (t *talk) take(n int) ([]byte, error) {
	if n > t.left {
		return nil, errTooMuch
	}
	t.left -= n
	out := make([]byte, n)
	_, err := io.ReadFull(t.stream, out)
	return out, err
}

// line reads up to LF, without the line's end.
func (t *talk) line() (string, error) {
	var out []byte
	for {
		b, err := t.ReadByte()
		if err != nil {
			return string(out), err
		}
		if b == '\n' {
			return strings.TrimSuffix(string(out), "\r"), nil
		}
		out = append(out, b)
	}
}

// coded reads a reply of SMTP and FTP: `250-text` and so on until a line with
// the same code and no hyphen (RFC 5321 section 4.2.1, RFC 959 section 4.2). Its
// first line is a greeting or a title, and offers nothing.
func coded(t *talk) (answer, error) {
	var a answer
	for {
		l, err := t.line()
		if err != nil {
			return a, err
		}
		code, ok := number(l)
		switch {
		case a.verdict == "" && !ok:
			return answer{said: l}, errForeign
		case a.verdict == "":
			a.verdict = code
		case ok && code == a.verdict:
			a.text += l[3:] + "\n"
		default: // in FTP a line between need not have the code
			a.text += l + "\n"
		}
		if a.said = l; ok && code == a.verdict && (len(l) == 3 || l[3] != '-') {
			return a, nil
		}
	}
}

// numbered reads one line that begins with a code (RFC 3977 section 3.2).
func numbered(t *talk) (answer, error) {
	l, err := t.line()
	if err != nil {
		return answer{}, err
	}
	code, ok := number(l)
	if !ok {
		return answer{said: l}, errForeign
	}
	return answer{verdict: code, said: l}, nil
}

func number(line string) (string, bool) {
	if len(line) < 3 || len(line) > 3 && line[3] != ' ' && line[3] != '-' {
		return "", false
	}
	for _, c := range []byte(line[:3]) {
		if c < '0' || c > '9' {
			return "", false
		}
	}
	return line[:3], true
}

func numberedList(t *talk) (answer, error) {
	a, err := numbered(t)
	if err == nil && strings.HasPrefix(a.verdict, "1") {
		err = dotted(t, &a)
	}
	return a, err
}

// signed reads one line of POP3 (RFC 1939 section 3).
func signed(t *talk) (answer, error) {
	l, err := t.line()
	if err != nil {
		return answer{}, err
	}
	for _, sign := range []string{"+OK", "-ERR"} {
		if strings.HasPrefix(l, sign) {
			return answer{verdict: sign, said: l}, nil
		}
	}
	return answer{said: l}, errForeign
}

func signedList(t *talk) (answer, error) {
	a, err := signed(t)
	if err == nil && a.verdict == "+OK" {
		err = dotted(t, &a)
	}
	return a, err
}

// dotted reads lines until one that is a single dot.
func dotted(t *talk, a *answer) error {
	for {
		l, err := t.line()
		if err != nil || l == "." {
			return err
		}
		a.text += l + "\n"
	}
}

// tagged reads lines of IMAP until the one that answers a tag (RFC 9051
// section 2.2.2), or with which the server takes its leave.
func tagged(t *talk, tag string) (answer, error) {
	var a answer
	for {
		l, err := t.line()
		if err != nil {
			return a, err
		}
		head, rest, _ := strings.Cut(l, " ")
		word, _, _ := strings.Cut(rest, " ")
		word = strings.ToUpper(word)
		switch {
		case head == tag || head == "*" && word == "BYE":
			a.verdict, a.said = word, l
			return a, nil
		case head != "*" && head != "+":
			return answer{said: l}, errForeign
		}
		a.text += rest + "\n"
	}
}

// sieve reads the lines of ManageSieve up to OK, NO or BYE (RFC 5804 section 1.2).
func sieve(t *talk) (answer, error) {
	var a answer
	for {
		l, err := t.line()
		if err != nil {
			return a, err
		}
		word := ""
		if w := words(l); len(w) > 0 {
			word = w[0]
		}
		switch {
		case strings.HasPrefix(l, `"`):
			a.text += l + "\n"
		case word == "OK" || word == "NO" || word == "BYE":
			a.verdict, a.said = word, l
			return a, nil
		default:
			return answer{said: l}, errForeign
		}
	}
}

// numeric reads lines of IRC until one whose command is among those given:
// notices come before it (RFC 2812 section 2.3.1).
func numeric(t *talk, ends ...string) (answer, error) {
	for {
		l, err := t.line()
		if err != nil {
			return answer{}, err
		}
		f := strings.Fields(l)
		if len(f) > 0 && strings.HasPrefix(f[0], ":") {
			f = f[1:]
		}
		if len(f) == 0 || strings.ToUpper(f[0]) != f[0] {
			return answer{said: l}, errForeign
		}
		if slices.Contains(ends, f[0]) {
			return answer{verdict: f[0], said: l}, nil
		}
	}
}

// xmpp reads the next child of the stream (RFC 6120 section 4.2); text holds
// the names of its own children.
func xmpp(t *talk) (answer, error) {
	var a answer
	d := xml.NewDecoder(t)
	d.Strict = false // the stream's end tag never comes, and its namespaces are declared once
	depth := 0
	for {
		token, err := d.RawToken()
		if err != nil {
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) && !errors.Is(err, io.ErrUnexpectedEOF) && !strings.Contains(syntax.Msg, "unexpected EOF") {
				return answer{said: syntax.Msg}, errForeign
			}
			return a, err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch {
			case e.Name.Local == "stream" && depth == 0:
				continue
			case depth == 0:
				a.verdict, a.said = e.Name.Local, "<"+e.Name.Local+">"
			case depth == 1:
				a.text += e.Name.Local + "\n"
				if a.verdict != "features" {
					a.said += "<" + e.Name.Local + ">"
				}
			}
			depth++
		case xml.EndElement:
			if depth--; depth <= 0 {
				if a.verdict == "" {
					a.verdict, a.said = "end", "</stream>"
				}
				return a, nil
			}
		case xml.CharData:
			if text := strings.TrimSpace(string(e)); depth == 0 && text != "" {
				return answer{said: text}, errForeign
			}
		}
	}
}

// extended reads one LDAPMessage and gives the result code of the
// ExtendedResponse in it (RFC 4511 sections 4.1.1, 4.1.9, 4.12).
func extended(t *talk) (answer, error) {
	head, err := t.take(2)
	if err != nil {
		return answer{}, err
	}
	size := int(head[1])
	if head[0] != 0x30 {
		return answer{said: string(head)}, errForeign
	}
	if n := size & 0x7f; size&0x80 != 0 {
		if n == 0 || n > 3 {
			return answer{said: string(head)}, errForeign
		}
		long, err := t.take(n)
		if err != nil {
			return answer{}, err
		}
		size = 0
		for _, b := range long {
			size = size<<8 | int(b)
		}
	}
	data, err := t.take(size)
	if err != nil {
		return answer{}, err
	}
	body := cryptobyte.String(data)
	var id, code int
	var response, dn, text cryptobyte.String
	if !body.ReadASN1Integer(&id) || !body.ReadASN1(&response, asn1.Tag(0x78)) || !response.ReadASN1Enum(&code) ||
		!response.ReadASN1(&dn, asn1.OCTET_STRING) || !response.ReadASN1(&text, asn1.OCTET_STRING) {
		return answer{said: string(data)}, errForeign
	}
	a := answer{verdict: strconv.Itoa(code), said: "result " + strconv.Itoa(code)}
	if len(text) > 0 {
		a.said += ", " + string(text)
	}
	return a, nil
}

// mysqlGreeting reads the first packet of a MySQL server: protocol 10, or an
// error. text has SSL where the capabilities do.
func mysqlGreeting(t *talk) (answer, error) {
	head, err := t.take(4)
	if err != nil {
		return answer{}, err
	}
	size := int(head[0]) | int(head[1])<<8 | int(head[2])<<16
	if head[3] != 0 || size < 2 || size > 4096 {
		return answer{said: string(head)}, errForeign
	}
	data, err := t.take(size)
	if err != nil {
		return answer{}, err
	}
	if data[0] == 0xff { // ERR_Packet: a code of two octets, and words
		return answer{verdict: "error", said: string(data[min(3, len(data)):])}, nil
	}
	a := answer{verdict: strconv.Itoa(int(data[0])), said: string(data)}
	version := slices.Index(data[1:], 0)
	// the thread's number, eight octets of a scramble and a zero stand before the capabilities
	if flags := 1 + version + 1 + 4 + 8 + 1; data[0] != 10 || version < 0 || len(data) < flags+2 {
		return a, errForeign
	} else if binary.LittleEndian.Uint16(data[flags:])&0x0800 != 0 {
		a.text = "SSL"
	}
	return a, nil
}

// postgres reads the one octet that answers SSLRequest, or an ErrorResponse.
func postgres(t *talk) (answer, error) {
	b, err := t.ReadByte()
	if err != nil {
		return answer{}, err
	}
	switch b {
	case 'S', 'N':
		return answer{verdict: string(rune(b)), said: string(rune(b))}, nil
	case 'E':
		head, err := t.take(4)
		if err != nil {
			return answer{}, err
		}
		size := binary.BigEndian.Uint32(head)
		if size < 5 || size > 4096 {
			return answer{said: "E" + string(head)}, errForeign
		}
		data, err := t.take(int(size) - 4)
		if err != nil {
			return answer{}, err
		}
		said := ""
		for _, field := range strings.Split(string(data), "\x00") {
			if strings.HasPrefix(field, "M") {
				said = field[1:]
			}
		}
		return answer{verdict: "E", said: said}, nil
	}
	return answer{said: string(rune(b))}, errForeign
}

// quote shows the server's words on one line, everything but printable ASCII escaped.
func quote(said string) string {
	if len(said) > maxQuote {
		return strconv.QuoteToASCII(said[:maxQuote]) + "…"
	}
	return strconv.QuoteToASCII(said)
}
