package dial

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// readRecord takes one record off the stream: the ClientHello, in tests.
func readRecord(c net.Conn) []byte {
	head := make([]byte, 5)
	if _, err := io.ReadFull(c, head); err != nil {
		return nil
	}
	body := make([]byte, int(head[3])<<8|int(head[4]))
	io.ReadFull(c, body)
	return body
}

// Servers that do not speak TLS, or stop doing so.
func TestStrangers(t *testing.T) {
	noise := make([]byte, 10<<20)
	source := rand.NewChaCha8([32]byte{1})
	source.Read(noise)
	record := func(typ byte, body string) string {
		return string([]byte{typ, 3, 3, byte(len(body) >> 8), byte(len(body))}) + body
	}
	for _, tt := range []struct {
		name, answer string
		kind         chain.ErrorKind
		text         string
	}{
		{"HTTP", "HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n", "not_tls", `answered in HTTP: "HTTP/1.1 400 Bad Request"`},
		{"SSH", "SSH-2.0-OpenSSH_9.2\r\n", "not_tls", `sent an SSH banner: "SSH-2.0-OpenSSH_9.2"`},
		{"SMTP", "220 mail.example.com ESMTP\r\n", "not_tls", `sent an SMTP or FTP greeting: "220 mail.example.com ESMTP"`},
		{"IMAP", "* OK ready\r\n", "not_tls", `sent an IMAP greeting: "* OK ready"`},
		{"POP3", "+OK ready\r\n", "not_tls", `sent a POP3 greeting: "+OK ready"`},
		{"MySQL", "\x4a\x00\x00\x00\x0a8.0.36\x00", "not_tls", `sent a MySQL or MariaDB greeting: "8.0.36\x00"`},
		{"zeros", strings.Repeat("\x00", 100), "not_tls", `sent bytes that are neither TLS nor HTTP: "` + strings.Repeat(`\x00`, 15) + `"…`},
		{"escape", "\x1b[31mred\x1b[0m", "not_tls", `sent bytes that are neither TLS nor HTTP: "\x1b[31mred\x1b[0m"`},
		{"10 MB of noise", "N" + string(noise), "not_tls", ""},
		{"10 MB of noise behind a header", "\x16\x03\x03\x40\x00" + string(noise), "tls", ""},
		{"one byte", "\x16", "tls", "ended the connection inside a record header"},
		{"truncated record", "\x16\x03\x03\x01\x00abc", "tls", "ended the connection inside a record"},
		{"oversized record", "\x16\x03\x03\xff\xff", "tls", "sent a record of 65535 bytes, longer than 16384"},
		{"application data", record(23, "hello"), "tls", "sent application data where a handshake message is due"},
		{"no server_hello", record(22, "\x0b\x00\x00\x03\x00\x00\x00"), "tls", "sent certificate where server_hello is due"},
		{"malformed server_hello", record(22, "\x02\x00\x00\x03\x03\x03\x00"), "tls", "sent a malformed server_hello"},
		{"alert", record(21, "\x02\x28"), "tls", "the server sent alert 40 (handshake_failure)"},
		{"unknown alert", record(21, "\x02\xc8"), "tls", "the server sent alert 200"},
		{"close_notify", record(21, "\x01\x00"), "closed", "the server closed the connection after the ClientHello"},
		{"warnings without end", strings.Repeat(record(21, "\x01\x5a"), 1000), "tls", "sent warning alerts without end"},
		{"empty records without end", strings.Repeat(record(22, ""), 500_000), "tls", "sent records without content, without end"},
		{"hello requests without end", strings.Repeat(record(22, "\x00\x00\x00\x00"), 500_000), "tls", "sent hello_request where server_hello is due"},
		{"hello requests of almost 1 MiB",
			strings.Repeat(record(22, "\x00\x0f\xff\xfc")+strings.Repeat(record(22, strings.Repeat("\x00", 1<<14)), 63)+record(22,
				strings.Repeat("\x00", 1<<14-4)), 3), "tls", "sent hello_request where server_hello is due"},
		{"nothing", "", "closed", "the server closed the connection after the ClientHello"},
		{"a huge message", record(22, "\x02\xff\xff\xff"), "tls", "announced a server_hello of 16777219 bytes; clients read no more than 102400"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			target := serve(t, func(c net.Conn) {
				c.SetDeadline(time.Now().Add(5 * time.Second))
				readRecord(c)
				io.WriteString(c, tt.answer)
				c.(*net.TCPConn).CloseWrite()
				io.Copy(io.Discard, c)
			})
			obs, blobs := asked(t, target, tlsname.HelloSmall)
			o := obs.Outcome
			if o.OK || o.ErrorKind != tt.kind || tt.text != "" && o.Error != tt.text || len(blobs) != 0 {
				t.Errorf("%+v", o)
			}
			if len(o.Error) > 160 || strings.ContainsAny(o.Error, "\r\n\x1b\x00") {
				t.Errorf("not one short line: %q", o.Error)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	refused := ask.Target{Host: "127.0.0.1", Port: freePort(t)}
	for _, tt := range []struct {
		name      string
		target    ask.Target
		transport Transport
		stage     chain.Stage
		kind      chain.ErrorKind
	}{
		{"refused", refused, nil, "connect", "refused"},
		{"no such name", ask.Target{Host: "no-such-host.invalid", Port: "443"}, nil, "dns", "dns"},
		{"no IPv6 address", refused, TCP{Family: "tcp6"}, "dns", "dns"},
		{"elsewhere", ask.Target{Host: "192.0.2.1", Port: refused.Port, Connect: "127.0.0.1"}, nil, "connect", "refused"},
	} {
		d := dialer{Timeout: 5 * time.Second, Transport: tt.transport}
		observations, _ := d.Probe(context.Background(), tt.target, ask.Plan{Full: true})
		if len(observations) != 1 {
			t.Errorf("%s: asked %d times", tt.name, len(observations))
		}
		o := observations[0].Outcome
		if o.Stage != tt.stage || o.ErrorKind != tt.kind || o.Error == "" {
			t.Errorf("%s: %+v", tt.name, o)
		}
	}
}

func TestTargetAddress(t *testing.T) {
	for _, tt := range []struct{ connect, want string }{
		{"", "[2001:db8::1]:443"}, {"192.0.2.7", "192.0.2.7:443"}, {"192.0.2.7:8443", "192.0.2.7:8443"},
		{":8443", "[2001:db8::1]:8443"}, {"[::1]:9", "[::1]:9"}, {"[::1]", "[::1]:443"}, {"::1", "[::1]:443"},
		{"edge.example", "edge.example:443"},
	} {
		target := ask.Target{Host: "2001:db8::1", Port: "443", Connect: tt.connect}
		if got := target.Address(); got != tt.want {
			t.Errorf("--connect %q: %s, want %s", tt.connect, got, tt.want)
		}
	}
}

// A server that accepts and is silent gets both hellos and costs the timeout,
// no more.
func TestSilentServer(t *testing.T) {
	target := serve(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	const timeout = 400 * time.Millisecond
	d := dialer{Timeout: timeout}
	began := time.Now()
	observations, _ := d.Probe(context.Background(), target, ask.Plan{Full: true})
	if took := time.Since(began); took < timeout {
		t.Errorf("gave up after %v", took)
	}
	if len(observations) != 2 || observations[0].Hello != tlsname.HelloATS || observations[1].Hello != tlsname.HelloSmall {
		t.Fatalf("%+v", observations)
	}
	for _, obs := range observations {
		if obs.Outcome.ErrorKind != "timeout" || obs.Outcome.Stage != "hello" {
			t.Errorf("%+v", obs.Outcome)
		}
	}
}

// A cancelled probe ends, though the server does not.
func TestCancelledProbe(t *testing.T) {
	reached := make(chan struct{}, 8)
	target := serve(t, func(c net.Conn) { reached <- struct{}{}; io.Copy(io.Discard, c) })
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-reached; cancel() }()
	d := dialer{Timeout: time.Hour}
	if observations, _ := d.Probe(ctx, target, ask.Plan{}); len(observations) == 0 {
		t.Error("no observation")
	}
}
