package dial

import (
	"context"
	"crypto/elliptic"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
)

func TestJudgeHTTP(t *testing.T) {
	for _, tt := range []struct {
		status   int
		body     string
		fate     chain.Fate
		sentence string
	}{
		{200, "ok", "accepted", ""},
		{404, "<html><title>404 Not Found</title>", "accepted", "404 Not Found"},
		{400, "<html><title>400 No required SSL certificate was sent</title>", "refused", nginxNone},
		{400, "<html><title>400 The SSL certificate error</title>", "refused", nginxWrong},
		{400, "<title>400 Bad Request</title> a client certificate is needed", "refused", "400 Bad Request"},
		{400, "<title>400 Bad Request</title>", "accepted", "400 Bad Request"},
		{495, "", "refused", ""},
		{496, "", "refused", ""},
		{401, "<title>Unauthorized</title>", "unknown", "Unauthorized"},
		{403, "Reason: Cannot perform Post-Handshake Authentication.<br />", "unknown", chain.SentencePostHandshake},
		{403, "<TITLE> forbidden \x1b[2J </TITLE>", "unknown", "forbidden  [2J"},
		{500, "<title>" + strings.Repeat("a", 500) + "</title>", "accepted", strings.Repeat("a", 120) + "…"},
		{500, "<title>without end", "accepted", ""},
		{401, "not authorized: CERT_HAS_EXPIRED\n", "unknown", "not authorized: CERT_HAS_EXPIRED"},
		{403, "1f\r\nno certificate of yours is known\r\n0\r\n\r\n", "unknown", "no certificate of yours is known"},
		{200, "ok", "accepted", ""},
	} {
		fate, sentence := judgeHTTP(httpAnswer{status: tt.status, body: []byte(tt.body)})
		if fate != tt.fate || sentence != tt.sentence {
			t.Errorf("%d %q: %s %q", tt.status, tt.body, fate, sentence)
		}
	}
}

// scripted answers whatever is asked and notes the request.
type scripted struct {
	io.Reader
	request strings.Builder
}

func (s *scripted) Write(p []byte) (int, error) { return s.request.Write(p) }

func TestGet(t *testing.T) {
	long := strings.Repeat("x", 2*maxHTTPAnswer)
	for _, tt := range []struct {
		answer   string
		status   int
		location string
		body     int
	}{
		{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokSECOND RESPONSE", 200, "", 17},
		{"HTTP/1.0 301 Moved\r\nlocation: https://example.com/\r\n\r\n", 301, "https://example.com/", 0},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200, "", 12},
		{"HTTP/1.1 204 No Content\r\n\r\n", 204, "", 0},
		{"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nok", 200, "", 2},
		{"HTTP/1.1 200 OK\r\n\r\n" + long, 200, "", maxHTTPAnswer - 19},
		{"HTTP/1.1 200 OK\r\nX: " + long, 200, "", 0},
		{"HTTP/1.1 200", 200, "", 0},
		{"HTTP/1.1 banana\r\n\r\n", 0, "", 0},
		{"HTTP/1.1 \r\n", 0, "", 0},
		{"SSH-2.0-x\r\n", 0, "", 0},
		{"", 0, "", 0},
	} {
		s := &scripted{Reader: strings.NewReader(tt.answer)}
		got, _ := get(s, ask.Target{Host: "www.example.com", Port: "443", Path: "/a b\r\nX: y"})
		if got.status != tt.status || got.location != tt.location || len(got.body) != tt.body {
			t.Errorf("%.40q: status %d, location %q, %d bytes", tt.answer, got.status, got.location, len(got.body))
		}
		head := "GET /a%20b%0D%0AX:%20y HTTP/1.1\r\nHost: www.example.com\r\n"
		if request := s.request.String(); !strings.HasPrefix(request, head) || strings.Count(request, "\r\n\r\n") != 1 {
			t.Errorf("request %q", request)
		}
	}
}

func TestHostHeader(t *testing.T) {
	for _, tt := range []struct {
		target ask.Target
		want   string
	}{
		{ask.Target{Host: "192.0.2.1", Port: "443", ServerName: "a.example"}, "a.example"},
		{ask.Target{Host: "a.example", Port: "8443"}, "a.example:8443"},
		{ask.Target{Host: "a.example", Port: "80", Scheme: "http"}, "a.example"},
		{ask.Target{Host: "2001:db8::1", Port: "443"}, "[2001:db8::1]"},
		{ask.Target{Host: "2001:db8::1", Port: "8443"}, "[2001:db8::1]:8443"},
		{ask.Target{Host: "a.example\r\nX y", Port: "443"}, "a.exampleXy"},
	} {
		if got := hostHeader(tt.target); got != tt.want {
			t.Errorf("%+v: %q", tt.target, got)
		}
	}
}

// A clear-text target is asked in HTTP, then the HTTPS server that its
// redirect names.
func TestClearTextTarget(t *testing.T) {
	ca := newTestCA(t, "clear")
	cert := ca.chain(t, "clear.test", ecKey(t, elliptic.P256(), "clear"), nil)
	secure := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}})
	target := serve(t, func(c net.Conn) {
		c.SetDeadline(time.Now().Add(5 * time.Second))
		c.Read(make([]byte, 4096))
		io.WriteString(c, "HTTP/1.1 301 Moved\r\nLocation: https://localhost:"+secure.Port+"/\r\nContent-Length: 0\r\n\r\n")
	})
	target.Scheme, target.HTTPS = "http", false
	d := dialer{Timeout: 5 * time.Second}
	observations, blobs := d.Probe(context.Background(), target, ask.Plan{})
	if len(observations) != 2 {
		t.Fatalf("%+v", observations)
	}
	clear, https := observations[0], observations[1]
	if clear.Transport != "http" || clear.Hello != "" || !clear.Outcome.OK || clear.Outcome.Stage != "http" ||
		clear.HTTP == nil || clear.HTTP.Status != 301 || !strings.HasPrefix(clear.HTTP.Location, "https://localhost:") {
		t.Errorf("%+v", clear)
	}
	if https.Transport != "tls" || !https.Outcome.OK {
		t.Errorf("%+v", https)
	}
	wantChain(t, https, blobs, cert.Certificate)
}

func TestClearTextTargetThatIsNot(t *testing.T) {
	target := serve(t, func(c net.Conn) {
		c.Read(make([]byte, 4096))
		io.WriteString(c, "SSH-2.0-OpenSSH_9.2\r\n")
	})
	// The HTTPS side, port 443 of the same host, is asked on a closed port here.
	target.Scheme, target.HTTPS = "http", false
	observations, _ := probed(target, ask.Plan{})
	o := observations[0].Outcome
	if o.OK || o.ErrorKind != "not_tls" || !strings.Contains(o.Error, `"SSH-2.0-OpenSSH_9.2"`) {
		t.Errorf("%+v", o)
	}
}
