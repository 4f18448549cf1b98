package dial

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
)

const (
	maxHTTPAnswer = 64 << 10 // bytes read of an answer, head and body
	maxSentence   = 120      // characters of a page that are quoted
)

// An httpAnswer is what a GET got: status 0 when it was no HTTP.
type httpAnswer struct {
	status   int
	location string
	body     []byte
}

func (h httpAnswer) observed() *chain.HTTPAnswer {
	return &chain.HTTPAnswer{Status: h.status, Location: h.location}
}

// get sends one GET in HTTP/1.1 (RFC 9112) and reads the answer, at most
// maxHTTPAnswer bytes. What came before an error is in the answer; a server that
// has hung up is still read, for the alert it may have sent before.
func get(conn io.ReadWriter, t ask.Target) (httpAnswer, error) {
	request := "GET " + requestPath(t.Path) + " HTTP/1.1\r\nHost: " + hostHeader(t) +
		"\r\nUser-Agent: chainspect\r\nAccept: */*\r\nConnection: close\r\n\r\n"
	var answer httpAnswer
	_, writeErr := io.WriteString(conn, request)
	r := bufio.NewReader(io.LimitReader(conn, maxHTTPAnswer))
	head, err := r.Peek(5)
	if len(head) < 5 {
		if err == io.EOF && writeErr != nil {
			err = writeErr
		}
		return answer, err
	}
	if string(head) != "HTTP/" {
		more, _ := r.Peek(min(r.Buffered(), maxBanner))
		return answer, &errNotTLS{head: append([]byte(nil), more...)}
	}
	length, err := answer.readHead(r)
	if err != nil {
		return answer, err
	}
	return answer, answer.readBody(r, length)
}

// readHead reads status line and fields; length is the Content-Length, -1
// when there is none, -2 for chunks.
func (h *httpAnswer) readHead(r *bufio.Reader) (length int, err error) {
	line, err := r.ReadString('\n')
	if _, rest, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
		code, _, _ := strings.Cut(rest, " ")
		if n, err := strconv.Atoi(code); err == nil && n >= 100 && n < 1000 {
			h.status = n
		}
	}
	if h.status == 0 {
		return 0, errors.Join(beyond("answered with a status line that has no status: %s", quote([]byte(line))), err)
	}
	length = -1
	for err == nil {
		line, err = r.ReadString('\n')
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "content-length":
			if n, err := strconv.Atoi(value); err == nil && n >= 0 {
				length = n
			}
		case "transfer-encoding":
			if strings.EqualFold(value, "chunked") {
				length = -2
			}
		case "location":
			h.location = printable(value, 2*maxSentence)
		}
	}
	return length, err
}

// readBody reads what the length says; for chunks it looks for the last one.
// The chunk heads stay in the text: it is searched, not shown.
func (h *httpAnswer) readBody(r *bufio.Reader, length int) error {
	if h.status == 204 || h.status == 304 || length == 0 {
		return nil
	}
	buf := make([]byte, 4096)
	for length < 0 || len(h.body) < length {
		n, err := r.Read(buf)
		h.body = append(h.body, buf[:n]...)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if length == -2 && bytes.HasSuffix(h.body, []byte("0\r\n\r\n")) {
			return nil
		}
	}
	return nil
}

// requestPath is a request target that cannot break out of its line.
func requestPath(path string) string {
	var b strings.Builder
	if !strings.HasPrefix(path, "/") {
		b.WriteByte('/')
	}
	for _, c := range []byte(path) {
		if c <= ' ' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// hostHeader is the name asked for, with the port where it is not the scheme's own.
func hostHeader(t ask.Target) string {
	host := t.ServerName
	if host == "" {
		host = t.Host
	}
	host = strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return -1
		}
		return r
	}, host)
	usual := "443"
	if t.Scheme == "http" {
		usual = "80"
	}
	if t.Port != usual {
		return net.JoinHostPort(host, t.Port)
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// Sentences by which servers say in HTTP that they want another certificate,
// or want one when it is too late.
const (
	nginxNone      = "No required SSL certificate was sent"
	nginxWrong     = "The SSL certificate error"
	nginxStatusBad = 495 // "SSL Certificate Error"
	nginxStatusNo  = 496 // "SSL Certificate Required"
)

// judgeHTTP says what an answer means for the identity shown: refused for the
// pages nginx and Apache have for it; unknown for 401 and 403, which may be
// about anything; accepted otherwise.
func judgeHTTP(h httpAnswer) (fate chain.Fate, sentence string) {
	text := string(h.body)
	for _, s := range []string{nginxNone, nginxWrong, chain.SentencePostHandshake} {
		if strings.Contains(text, s) {
			sentence = s
		}
	}
	if sentence == "" && h.status >= 400 {
		sentence = pageTitle(text)
		if sentence == "" {
			sentence = plainSentence(text)
		}
	}
	switch h.status {
	case nginxStatusBad, nginxStatusNo:
		return chain.FateRefused, sentence
	case 400:
		lower := strings.ToLower(text)
		if sentence == nginxNone || sentence == nginxWrong ||
			strings.Contains(lower, "ssl certificate") || strings.Contains(lower, "client certificate") {
			return chain.FateRefused, sentence
		}
	case 401, 403:
		return chain.FateUnknown, sentence
	}
	return chain.FateAccepted, sentence
}

// pageTitle is the text of the title element, shortened.
func pageTitle(page string) string {
	lower := strings.ToLower(page)
	from := strings.Index(lower, "<title>")
	if from < 0 || len(lower) != len(page) {
		return ""
	}
	from += len("<title>")
	to := strings.Index(lower[from:], "<")
	if to < 0 {
		return ""
	}
	return printable(strings.TrimSpace(page[from:from+to]), maxSentence)
}

// plainSentence is the first line of an answer that is no page, shortened. Heads
// of chunks, which are hexadecimal, are passed over.
func plainSentence(text string) string {
	if strings.Contains(text, "<") {
		return ""
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if _, err := strconv.ParseUint(line, 16, 64); line != "" && err != nil {
			return printable(line, maxSentence)
		}
	}
	return ""
}

// printable keeps printable ASCII and cuts the rest after n characters.
func printable(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return ' '
		}
		return r
	}, s)
	if len(s) > n {
		return s[:n] + "…"
	}
	return s
}
