package dial

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// What servers do with an identity that is neither an alert nor a page about it.
func TestFates(t *testing.T) {
	lab := newMTLSLab(t)
	reset := func(s *tls.Conn) {
		if tcp, ok := s.NetConn().(*net.TCPConn); ok {
			tcp.SetLinger(0)
			tcp.Close()
		}
	}
	page := func(status string) func(*tls.Conn) {
		return func(s *tls.Conn) {
			if n, _ := s.Read(make([]byte, 4096)); n > 0 {
				io.WriteString(s, "HTTP/1.1 "+status+"\r\nContent-Length: 0\r\n\r\n")
			}
		}
	}
	for _, tt := range []struct {
		name string
		ask  tls.ClientAuthType
		then func(*tls.Conn)
		fate string // of TLS 1.3, with what is noted
	}{
		{"closes", tls.RequestClientCert, func(*tls.Conn) {}, "unknown: the connection was closed without an answer"},
		{"answers", tls.RequestClientCert, page("200 OK"), "accepted http 200: "},
		{"another error of HTTP", tls.RequestClientCert, page("500 Internal Server Error"), "accepted http 500: "},
		{"unauthorized", tls.RequestClientCert, page("401 Unauthorized"), "unknown http 401: "},
		{"forbidden", tls.RequestClientCert, page("403 Forbidden"), "unknown http 403: "},
		{"resets", tls.RequireAnyClientCert, func(s *tls.Conn) { s.Read(make([]byte, 1)); reset(s) }, "unknown: the connection was closed without an answer"},
		{"is silent", tls.RequireAnyClientCert, func(s *tls.Conn) { io.Copy(io.Discard, s.NetConn()) }, "unknown: no answer within the time"},
		{"does not ask", tls.NoClientCert, page("200 OK"), "unasked: the server asks for no client identity"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			config := &tls.Config{Certificates: []tls.Certificate{lab.server}, ClientAuth: tt.ask}
			target := serve(t, func(c net.Conn) {
				s := tls.Server(c, config)
				c.SetDeadline(time.Now().Add(5 * time.Second))
				if s.Handshake() == nil {
					tt.then(s)
				}
				s.Close()
			})
			d := dialer{Timeout: time.Second}
			observations, blobs := d.Probe(context.Background(), target, ask.Plan{Identity: lab.identities["right"]})
			var p *chain.Presented
			for _, o := range observations {
				if o.Hello == tlsname.HelloGo13 {
					p = o.Presented
				}
				if o.HTTP != nil && tt.ask == tls.NoClientCert {
					t.Errorf("%s: a request although no identity is asked for", o.Hello)
				}
			}
			if p == nil {
				t.Fatalf("nothing presented: %+v", observations)
			}
			got := string(p.Fate)
			if p.Status != 0 {
				got = fateOf(p)
			}
			if got += ": " + p.LocalNote; got != tt.fate {
				t.Errorf("%q, want %q", got, tt.fate)
			}
			for _, key := range append(p.Sent, p.Withheld...) {
				if blobs[key] == nil {
					t.Errorf("no certificate %s", key)
				}
			}
			if unasked := p.Fate == chain.FateUnasked; unasked != (len(p.Sent) == 0) || unasked != (len(p.Withheld) == 2) {
				t.Errorf("%d sent, %d withheld", len(p.Sent), len(p.Withheld))
			}
		})
	}
}

// An identity that no handshake came far enough for is told all the same.
func TestIdentityNotShown(t *testing.T) {
	lab := newMTLSLab(t)
	p := &probe{d: &dialer{}, plan: ask.Plan{Identity: lab.identities["right"]}}
	p.unshown(0)
	if got := p.made[0].obs.Presented; got.Fate != chain.FateUnknown || len(got.Withheld) != 2 || got.LocalNote != "there was no time left to show it" {
		t.Errorf("no attempt: %+v", got)
	}
	failed := newAttempt(ask.Target{}, "tls", tlsname.HelloGo12)
	failed.obs.Outcome.Error = "alert 40"
	p.made = []*attempt{failed}
	p.unshown(0)
	if got := failed.obs.Presented; got == nil || got.LocalNote != "the handshake to show it in failed: alert 40" {
		t.Errorf("failed: %+v", got)
	}
	p.unshown(0)
	if len(p.made) != 1 {
		t.Errorf("%d attempts", len(p.made))
	}
}

// A server that asks for an identity, finishes the handshake without one and hangs
// up on the request requires it: the JDK's HttpsServer does so. Where no request
// can be sent the end of the stream says nothing.
func TestHungUpWhenNoneCame(t *testing.T) {
	lab := newMTLSLab(t)
	for version, hello := range map[uint16]string{tls.VersionTLS13: tlsname.HelloATS, tls.VersionTLS12: tlsname.HelloOnly12} {
		for _, https := range []bool{true, false} {
			config := &tls.Config{Certificates: []tls.Certificate{lab.server}, ClientAuth: tls.RequestClientCert, MaxVersion: version}
			target := serve(t, func(c net.Conn) {
				s := tls.Server(c, config)
				c.SetDeadline(time.Now().Add(5 * time.Second))
				if s.Handshake() == nil && len(s.ConnectionState().PeerCertificates) > 0 {
					s.Read(make([]byte, 4096))
					io.WriteString(s, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				}
				s.Close()
			})
			if !https {
				target.Scheme, target.HTTPS = "ldaps", false
			}
			want := chain.ClientAuthRequested
			if https {
				want = chain.ClientAuthRequired
			}
			d := dialer{Timeout: 5 * time.Second}
			observations, _ := d.Probe(context.Background(), target, ask.Plan{})
			obs := observations[0]
			if obs.Outcome.Version != tls.VersionName(version) || obs.ClientAuth == nil || obs.ClientAuth.Mode != want {
				t.Errorf("%s, https %v: %+v %+v", hello, https, obs.Outcome, obs.ClientAuth)
			}
		}
	}
}
