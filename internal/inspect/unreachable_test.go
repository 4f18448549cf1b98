package inspect

import (
	"errors"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// Each failure says what was found, where, and what to do.
func TestUnreachable(t *testing.T) {
	alert := func(n tlsname.Alert) *tlsname.Alert { return &n }
	for _, tc := range []struct {
		name       string
		outcome    chain.Outcome
		serverName string
		kind       chain.ErrorKind
		want       string
	}{
		{"closed", chain.Outcome{ErrorKind: "closed", Error: "the server closed the connection after the ClientHello"}, "", "tls",
			"it does not speak TLS there"},
		{"no such address", chain.Outcome{Stage: "dns", ErrorKind: "dns", Error: `"h" has no IPv6 address`, NoFamily: "6"}, "", "dns", "leave -6 out"},
		{"no such name", chain.Outcome{Stage: "dns", ErrorKind: "dns", Error: `the name "h" does not exist`}, "", "dns", "; check the spelling"},
		{"silence", chain.Outcome{ErrorKind: "timeout", Error: "nothing"}, "", "timeout", "allow more with --timeout"},
		{"HTTP", chain.Outcome{ErrorKind: "not_tls", Error: "answered in HTTP"}, "", "not_tls", "does not begin with TLS"},
		{"SMTP", chain.Outcome{ErrorKind: "not_tls", Error: `sent an SMTP or FTP greeting: "220 h"`, Spoke: "smtp"}, "h", "not_tls",
			"ask again with --starttls smtp"},
		{"handshake_failure", chain.Outcome{ErrorKind: "tls", Alert: alert(40), Error: "alert 40"}, "", "tls", "no cipher suite with one"},
		{"handshake_failure to a name", chain.Outcome{ErrorKind: "tls", Alert: alert(40), Error: "alert 40"}, "www.example.com", "tls",
			`serve no host "www.example.com"`},
		{"protocol_version", chain.Outcome{ErrorKind: "tls", Alert: alert(70), Error: "alert 70"}, "", "tls", "or its key be one that they cannot use"},
		{"unrecognized_name", chain.Outcome{ErrorKind: "tls", Alert: alert(112), Error: "alert 112"}, "www.example.com", "tls",
			`it serves no host "www.example.com": give the name`},
		{"a name is wanted", chain.Outcome{ErrorKind: "tls", Alert: alert(112), Error: "alert 112"}, "", "tls", "wants to be told a name"},
		{"no certificate in the message", chain.Outcome{Stage: "certificate", ErrorKind: "tls", Error: "empty"}, "", "tls", "ssl_certificate"},
		{"our bound", chain.Outcome{Stage: "hello", ErrorKind: "tls", Error: "sent more than 2 MiB"}, "", "tls", "what answers on it"},
	} {
		c := &chain.Capture{Target: "h:443",
			Observations: []chain.Observation{{Transport: "tls", Address: "h:25", ServerName: tc.serverName, Outcome: tc.outcome}}}
		err := unreachable(c).(*reachFailure)
		if err.kind != tc.kind || !strings.HasPrefix(err.message, "h:443: "+tc.outcome.Error+"; ") || !strings.Contains(err.message, tc.want) {
			t.Errorf("%s: %s: %s", tc.name, err.kind, err.message)
		}
		if strings.Contains(err.message, "the server ended") {
			t.Errorf("%s: %s", tc.name, err.message)
		}
	}
}

// Where STARTTLS comes to nothing the remedy is for what happened.
func TestStartTLSRemedies(t *testing.T) {
	for want, o := range map[string]chain.Outcome{
		"h:25: no STARTTLS; server administrator: switch it on (Postfix:": {Stage: "connect",
			Error: "no STARTTLS", Dialogue: chain.StartTLSNotOffered},
		"h:25: 454; server administrator: its log says why; where it is not set up": {Stage: "connect",
			Error: "454", Dialogue: chain.StartTLSRefused},
		"h:25: 554; look into the server's log, ask again later": {Stage: "connect",
			Error: "554", Dialogue: chain.StartTLSTurnedAway},
		"h:25: no SMTP; that is IMAP: ask again with --starttls imap": {Stage: "connect",
			Error: "no SMTP", Spoke: "imap"},
		"h:25: no SMTP; check the port, and what --starttls says": {Stage: "connect", Error: "no SMTP"},
		"h:25: once SMTP had turned to TLS, the server answered in HTTP; look into its log, and at what stands before it": {Stage: "hello",
			Error: "answered in HTTP", Spoke: "http"},
	} {
		o.ErrorKind = chain.ErrorNotTLS
		c := &chain.Capture{Target: "h:25", Observations: []chain.Observation{{Transport: "tls", Address: "h:25", StartTLS: "smtp", Outcome: o}}}
		if err := unreachable(c).(*reachFailure); err.kind != chain.ErrorNotTLS || !strings.HasPrefix(err.message, want) {
			t.Errorf("%s, want %s", err.message, want)
		}
	}
}

// The list that Apple's own hello brought is the one judged, were it the second.
func TestJudgedList(t *testing.T) {
	seen := func(hello string, sent ...string) chain.Observation {
		return chain.Observation{Hello: hello, Sent: sent}
	}
	for name, tc := range map[string]struct {
		seen []chain.Observation
		want int
	}{
		"Apple's hello, said again": {[]chain.Observation{seen("apple-ats"), seen("apple-small", "a"), seen("apple-ats", "b")}, 2},
		"the first with a list":     {[]chain.Observation{seen("apple-ats"), seen("wide-tls13", "a"), seen("go-tls13", "b")}, 1},
		"none":                      {[]chain.Observation{seen("apple-ats")}, 0},
	} {
		if got := Judged(&chain.Capture{Observations: tc.seen}); got != tc.want {
			t.Errorf("%s: %d, want %d", name, got, tc.want)
		}
	}
}

// A URL names the protocol before TLS and its port; --starttls brings them too.
func TestStartTLSTargets(t *testing.T) {
	for target, want := range map[string][3]string{
		"smtp://mail.example.com":            {"smtp", "mail.example.com", "25"},
		"submission://mail.example.com":      {"smtp", "mail.example.com", "587"},
		"xmpp://[2001:db8::1]:5269/x":        {"xmpp", "2001:db8::1", "5269"},
		"postgres://u@db.example.com/orders": {"postgres", "db.example.com", "5432"},
	} {
		got, err := liveTarget(&Job{Target: target})
		if err != nil || got.HTTPS || [3]string{got.StartTLS.Name, got.Host, got.Port} != want {
			t.Errorf("%s: %+v, %v", target, got, err)
		}
	}
	if got, err := liveTarget(&Job{Target: "mail.example.com", StartTLS: "imap"}); err != nil || got.Port != "143" {
		t.Errorf("--starttls imap: %+v, %v", got, err)
	}
	if got, err := liveTarget(&Job{Target: "mail.example.com", StartTLS: "auto"}); err != nil || got.Port != "443" || !got.HTTPS {
		t.Errorf("--starttls auto: %+v, %v", got, err)
	}
	for target, want := range map[string]string{
		"gopher://example.com": `the scheme "gopher" is not known`,
		"smtp://":              "there is no host",
		"smtp://a b":           "a b",
		"ftp://host:0":         "is no port",
		"https://example.com":  `the scheme "https" does not begin in IMAP`,
		"dtls://example.com":   "leave --proxy and unix: out",
	} {
		j := &Job{Target: target}
		if strings.HasPrefix(target, "dtls") {
			j.Proxy = "env"
		}
		if strings.HasPrefix(target, "https") {
			j.StartTLS = "imap"
		}
		_, err := liveTarget(j)
		var u *UsageError
		if !errors.As(err, &u) || !strings.Contains(u.Message, want) || !strings.HasPrefix(u.Message, target) {
			t.Errorf("%s: %v", target, err)
		}
	}
}
