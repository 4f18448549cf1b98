package starttls

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// converse plays a server: what it says stands in lines "S: …", what it waits
// for in lines "C: …"; \x.. and CRLF are added by the caller where they belong.
// Behind the script it says afterTLS, which Speak must not have swallowed.
const afterTLS = "the server's half of the handshake"

func converse(t *testing.T, d *Dialogue, script []string) (said string, err error) {
	t.Helper()
	client, server := net.Pipe()
	deadline := time.Now().Add(5 * time.Second)
	client.SetDeadline(deadline)
	server.SetDeadline(deadline)
	done := make(chan string, 1)
	go func() {
		defer server.Close()
		var heard strings.Builder
		for _, line := range script {
			if want, ok := strings.CutPrefix(line, "C: "); ok {
				got := make([]byte, len(want))
				if _, err := io.ReadFull(server, got); err != nil {
					break
				}
				heard.Write(got)
				continue
			}
			if _, err := io.WriteString(server, strings.TrimPrefix(line, "S: ")); err != nil {
				break
			}
		}
		done <- heard.String()
	}()
	err = d.Speak(client, "host.example")
	if err == nil {
		rest := make([]byte, len(afterTLS))
		if _, err := io.ReadFull(client, rest); err != nil || string(rest) != afterTLS {
			t.Errorf("%s: what follows the dialogue is %q, %v", d.Name, rest, err)
		}
	}
	client.Close()
	return <-done, err
}

const (
	upgraded = Kind(-1)
	xmppOpen = "C: <?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='host.example' version='1.0'>"
	ldapAsk  = "C: \x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037"
	pgAsk    = "C: \x00\x00\x00\x08\x04\xd2\x16\x2f"
)

// The dialogues as real servers hold them, and their near misses.
func TestDialogues(t *testing.T) {
	mysql := func(flags byte) string { // MariaDB 10.11 on Debian 12, protocol 10; capabilities fe f7 with SSL, fe ff without compare bit 11
		body := "\n5.5.5-10.11.14-MariaDB-0+deb12u2\x00\x1e\x00\x00\x00abcdefgh\x00\xfe" + string([]byte{flags}) +
			"\x2d\x02\x00\xff\x81\x15\x00\x00\x00\x00\x00\x00\x1d\x00\x00\x00abcdefghijkl\x00mysql_native_password\x00"
		return "S: " + string([]byte{byte(len(body)), 0, 0, 0}) + body
	}
	for _, tt := range []struct {
		name, dialogue string
		script         []string
		want           Kind
		said           string // part of the error
	}{
		{"Postfix 3.7", "smtp", []string{"S: 220 mail.example.com ESMTP Postfix (Debian/GNU)\r\n", "C: EHLO chainspect.invalid\r\n",
			"S: 250-mail.example.com\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 CHUNKING\r\n", "C: STARTTLS\r\n",
			"S: 220 2.0.0 Ready to start TLS\r\n"}, upgraded, ""},
		{"a host of that name, a greeting of several lines", "smtp", []string{"S: 220-mail.example.com\r\n220 no spam\r\n", "C: EHLO chainspect.invalid\r\n",
			"S: 250 starttls\r\n"}, NotOffered, ""},
		{"Postfix without it", "smtp", []string{"S: 220 h ESMTP\r\n", "C: EHLO chainspect.invalid\r\n", "S: 250-h\r\n250 SIZE\r\n"}, NotOffered,
			"speaks SMTP and offers no STARTTLS"},
		{"before ESMTP", "smtp", []string{"S: 220 h\r\n", "C: EHLO chainspect.invalid\r\n", "S: 502 unimplemented\r\n"}, NotOffered,
			`it answered "502 unimplemented"`},
		{"RFC 3207 section 4", "smtp",
			[]string{"S: 220 h ESMTP\r\n", "C: EHLO chainspect.invalid\r\n", "S: 250-h\r\n250-STARTTLS\r\n250 SIZE\r\n", "C: STARTTLS\r\n",
				"S: 454 4.7.0 TLS not available due to local problem\r\n"}, Refused, `refuses STARTTLS: it answered "454 4.7.0`},
		{"RFC 5321 section 3.1", "smtp", []string{"S: 554 no SMTP service here\r\n"}, Refused, `turns this client away: "554 no`},
		{"a web server", "smtp", []string{"S: HTTP/1.1 400 Bad Request\r\n"}, Foreign, `greeting is no SMTP: "HTTP/1.1`},
		{"hangs up", "smtp", []string{"S: 220 h ESMTP\r\n", "C: EHLO chainspect.invalid\r\n"}, Broken, "closed the connection after EHLO"},
		{"an endless reply", "smtp", []string{"S: " + strings.Repeat("220-more\r\n", maxTalk/8)}, TooMuch, "more in SMTP"},
		{"an endless line", "smtp", []string{"S: 220 " + strings.Repeat("x", maxTalk)}, TooMuch, "more in SMTP"},

		{"Dovecot LMTP", "lmtp",
			[]string{"S: 220 h Dovecot ready.\r\n", "C: LHLO chainspect.invalid\r\n", "S: 250-h\r\n250-STARTTLS\r\n250 PIPELINING\r\n",
				"C: STARTTLS\r\n", "S: 220 2.0.0 Begin TLS negotiation now.\r\n"}, upgraded, ""},

		{"Dovecot 2.3", "imap", []string{"S: * OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot (Debian) ready.\r\n", "C: a1 CAPABILITY\r\n",
			"S: * CAPABILITY IMAP4rev1 SASL-IR STARTTLS LOGINDISABLED\r\na1 OK Pre-login capabilities listed.\r\n", "C: a2 STARTTLS\r\n",
			"S: a2 OK Begin TLS negotiation now.\r\n"}, upgraded, ""},
		{"without it", "imap", []string{"S: * OK ready\r\n", "C: a1 CAPABILITY\r\n", "S: * CAPABILITY IMAP4rev1\r\na1 OK done\r\n"}, NotOffered,
			"offers no STARTTLS"},
		{"logged in already (RFC 9051 section 7.1.4)", "imap", []string{"S: * PREAUTH IMAP4rev1 server logged in as Smith\r\n"}, Refused,
			"turns this client away"},
		{"full", "imap", []string{"S: * BYE Maximum number of connections\r\n"}, Refused, "BYE Maximum"},
		{"NO", "imap", []string{"S: * OK ready\r\n", "C: a1 CAPABILITY\r\n", "S: * CAPABILITY STARTTLS\r\na1 OK done\r\n", "C: a2 STARTTLS\r\n",
			"S: a2 NO TLS is not ready\r\n"}, Refused, "TLS is not ready"},
		{"an endless list", "imap",
			[]string{"S: " + strings.Repeat("* OK more\r\n", 1), "C: a1 CAPABILITY\r\n",
				"S: " + strings.Repeat("* CAPABILITY X\r\n", maxTalk/16)}, TooMuch, ""},

		{"Dovecot POP3", "pop3",
			[]string{"S: +OK Dovecot (Debian) ready.\r\n", "C: CAPA\r\n", "S: +OK\r\nCAPA\r\nTOP\r\nSTLS\r\nSASL\r\n.\r\n", "C: STLS\r\n",
				"S: +OK Begin TLS negotiation now.\r\n"}, upgraded, ""},
		{"without CAPA", "pop3", []string{"S: +OK ready\r\n", "C: CAPA\r\n", "S: -ERR what?\r\n", "C: STLS\r\n", "S: +OK\r\n"}, upgraded, ""},
		{"without STLS", "pop3", []string{"S: +OK ready\r\n", "C: CAPA\r\n", "S: +OK\r\nTOP\r\n.\r\n"}, NotOffered, ""},
		{"refused", "pop3", []string{"S: +OK ready\r\n", "C: CAPA\r\n", "S: +OK\r\nSTLS\r\n.\r\n", "C: STLS\r\n", "S: -ERR TLS not available\r\n"},
			Refused, ""},

		{"vsftpd 3.0", "ftp", []string{"S: 220 (vsFTPd 3.0.3)\r\n", "C: FEAT\r\n",
			"S: 211-Features:\r\n AUTH TLS\r\n EPRT\r\n PBSZ\r\n PROT\r\n211 End\r\n", "C: AUTH TLS\r\n", "S: 234 Proceed with negotiation.\r\n"},
			upgraded, ""},
		{"vsftpd, ssl_enable=NO", "ftp", []string{"S: 220 (vsFTPd 3.0.3)\r\n", "C: FEAT\r\n", "S: 211-Features:\r\n EPRT\r\n211 End\r\n"}, NotOffered, ""},
		{"no FEAT", "ftp", []string{"S: 220 ready\r\n", "C: FEAT\r\n", "S: 500 what?\r\n", "C: AUTH TLS\r\n", "S: 234 yes\r\n"}, upgraded, ""},
		{"RFC 4217 section 4", "ftp",
			[]string{"S: 220 ready\r\n", "C: FEAT\r\n", "S: 211-x\r\n AUTH SSL;TLS;\r\n211 End\r\n", "C: AUTH TLS\r\n",
				"S: 431 Need some unavailable resource to process security\r\n"}, Refused, "431 Need"},

		{"RFC 4642 section 2.2.2", "nntp",
			[]string{"S: 200 ready\r\n", "C: CAPABILITIES\r\n", "S: 101 list\r\nVERSION 2\r\nREADER\r\nSTARTTLS\r\n.\r\n", "C: STARTTLS\r\n",
				"S: 382 Continue with TLS negotiation\r\n"}, upgraded, ""},
		{"RFC 4642, cannot", "nntp",
			[]string{"S: 200 ready\r\n", "C: CAPABILITIES\r\n", "S: 101 list\r\nSTARTTLS\r\n.\r\n", "C: STARTTLS\r\n",
				"S: 580 Can not initiate TLS negotiation\r\n"}, Refused, ""},

		{"RFC 5804 section 2.2.1", "sieve",
			[]string{"S: \"IMPLEMENTATION\" \"Example1 ManageSieved v001\"\r\n\"STARTTLS\"\r\n\"VERSION\" \"1.0\"\r\nOK\r\n", "C: STARTTLS\r\n",
				"S: OK\r\n"}, upgraded, ""},
		{"sieve without it", "sieve", []string{"S: \"IMPLEMENTATION\" \"x\"\r\nOK \"ready\"\r\n"}, NotOffered, ""},

		{"IRCv3 tls", "irc", []string{"C: STARTTLS\r\n",
			"S: :irc.example NOTICE * :*** Looking up your hostname\r\n:irc.example 670 * :STARTTLS successful, go ahead with TLS handshake\r\n"},
			upgraded, ""},
		{"IRC without it", "irc", []string{"C: STARTTLS\r\n", "S: :irc.example 421 * STARTTLS :Unknown command\r\n"}, NotOffered, "Unknown command"},

		{"RFC 6120 section 9.1", "xmpp",
			[]string{xmppOpen,
				"S: <?xml version='1.0'?><stream:stream from='im.example.com' id='t7AMCin9zjMNwQKDnplntZPIDEI=' version='1.0' xml:lang='en' " +
					"xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
				"S: <stream:features>\n <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
				"C: <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "S: <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"}, upgraded, ""},
		{"xmpp without it", "xmpp", []string{xmppOpen, "S: <stream:stream version='1.0'><stream:features><mechanisms/></stream:features>"}, NotOffered, ""},
		{"RFC 6120 section 5.4.2.2", "xmpp",
			[]string{xmppOpen, "S: <stream:stream><stream:features><starttls/></stream:features>",
				"C: <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "S: <failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>"},
			Refused, "<failure>"},
		{"no such domain", "xmpp",
			[]string{xmppOpen,
				"S: <stream:stream><stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"},
			Refused, "host-unknown"},
		{"a web server, xmpp", "xmpp", []string{xmppOpen, "S: HTTP/1.1 400 Bad Request\r\n\r\n<html>"}, Foreign, "HTTP/1.1"},
		{"deep XML", "xmpp", []string{xmppOpen, "S: <stream:stream>" + strings.Repeat("<a>", maxTalk)}, TooMuch, ""},

		{"slapd 2.5", "ldap", []string{ldapAsk, "S: \x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"}, upgraded, ""},
		{"slapd without a certificate", "ldap",
			[]string{ldapAsk, "S: \x30\x2a\x02\x01\x01\x78\x25\x0a\x01\x02\x04\x00\x04\x1eunsupported extended operation"}, NotOffered,
			"unsupported extended operation"},
		{"RFC 4511 section 4.14.1", "ldap", []string{ldapAsk, "S: \x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x34\x04\x00\x04\x00"}, Refused, "result 52"},
		{"a long form of length", "ldap", []string{ldapAsk, "S: \x30\x84\x00\x00\x00"}, Foreign, ""},
		{"a huge message", "ldap", []string{ldapAsk, "S: \x30\x83\xff\xff\xff"}, TooMuch, ""},

		{"MariaDB 10.11", "mysql", []string{mysql(0xff), "C: \x20\x00\x00\x01\x00\x8a\x00\x00\x00\x00\x00\x01\x2d" + zeros23}, upgraded, ""},
		{"MariaDB without a certificate", "mysql", []string{mysql(0xf7)}, NotOffered, "offers no STARTTLS"},
		{"MySQL, host blocked", "mysql", []string{"S: \x1f\x00\x00\x00\xff\x69\x04Host is blocked because of it"}, Refused, "Host is blocked"},
		{"an SSH server", "mysql", []string{"S: SSH-2.0-OpenSSH_9.2\r\n"}, Foreign, "SSH"},

		{"PostgreSQL 15", "postgres", []string{pgAsk, "S: S"}, upgraded, ""},
		{"PostgreSQL, ssl = off", "postgres", []string{pgAsk, "S: N"}, NotOffered, ""},
		{"too many clients", "postgres", []string{pgAsk, "S: E\x00\x00\x00\x28SFATAL\x00C53300\x00Mtoo many clients\x00\x00..."}, Refused, "too many clients"},
	} {
		t.Run(tt.dialogue+" "+tt.name, func(t *testing.T) {
			heard, err := converse(t, ByName(tt.dialogue), append(slices.Clone(tt.script), "S: "+afterTLS))
			if tt.want == upgraded {
				var want strings.Builder
				for _, line := range tt.script {
					if c, ok := strings.CutPrefix(line, "C: "); ok {
						want.WriteString(c)
					}
				}
				if err != nil || heard != want.String() {
					t.Fatalf("%v; said %q, want %q", err, heard, want.String())
				}
				return
			}
			var e *Error
			if !errors.As(err, &e) || e.Kind != tt.want || !strings.Contains(err.Error(), tt.said) || strings.ContainsAny(err.Error(), "\r\n") ||
				len(err.Error()) > 600 {
				t.Errorf("%+v: %v", e, err)
			}
		})
	}
}

// Silence is told from the end of the connection.
func TestSilence(t *testing.T) {
	for _, d := range table {
		client, server := net.Pipe()
		go io.Copy(io.Discard, server)
		client.SetDeadline(time.Now().Add(20 * time.Millisecond))
		err := d.Speak(client, "host.example")
		server.Close()
		if !errors.Is(err, os.ErrDeadlineExceeded) || !strings.Contains(err.Error(), "within the time") {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
}

// Another protocol is named by its greeting, where that tells.
func TestForeignGreetings(t *testing.T) {
	for said, want := range map[string]string{"* OK IMAP4rev1\r\n": "imap", "+OK POP3\r\n": "pop3", "SSH-2.0-x\r\n": ""} {
		_, err := converse(t, ByName("smtp"), []string{"S: " + said})
		var e *Error
		if !errors.As(err, &e) || e.Kind != Foreign || e.Spoke != want {
			t.Errorf("%q: %+v", said, e)
		}
	}
}

// Port and greeting tell the protocol; no port has two.
func TestAuto(t *testing.T) {
	ports := map[string]string{}
	for _, d := range table {
		for _, s := range d.Schemes {
			if other, ok := ports[s.Port]; ok && other != d.Name {
				t.Errorf("port %s: %s and %s", s.Port, other, d.Name)
			}
			ports[s.Port] = d.Name
			if got, port := ByScheme(s.Name); got != d || port != s.Port || ByPort(s.Port) != d {
				t.Errorf("%s: %v", s.Name, got)
			}
		}
	}
	for greeting, want := range map[string]string{
		"220 mail.example.com ESMTP": "smtp", "220 (vsFTPd 3.0.3)": "ftp", "220-FTP server": "ftp", "* OK [CAPABILITY": "imap", "+OK POP3": "pop3",
		"200 news": "nntp", `"IMPLEMENTATION" "x"`: "sieve", "\x4a\x00\x00\x00\x0a5.5.5": "mysql",
		"HTTP/1.1 400": "", "SSH-2.0-x": "", "": "", "\x15\x03\x01\x00\x02": "",
	} {
		got := ""
		if d := ByGreeting([]byte(greeting)); d != nil {
			got = d.Name
		}
		if got != want {
			t.Errorf("%q: %q, want %q", greeting, got, want)
		}
	}
	if ByName("auto") != Auto || ByName("telnet") != nil {
		t.Error("names")
	}
}

// FuzzDialogue feeds each dialogue what a server may say.
func FuzzDialogue(f *testing.F) {
	f.Add(byte(0), []byte("220 h\r\n250-h\r\n250 STARTTLS\r\n220 go\r\n"))
	f.Add(byte(8), []byte("<stream:stream><stream:features><starttls/></stream:features><proceed/>"))
	f.Add(byte(10), []byte("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"))
	f.Add(byte(11), []byte("\x4a\x00\x00\x00\x0a5.5.5\x00"))
	f.Fuzz(func(t *testing.T, which byte, said []byte) {
		d := table[int(which)%len(table)]
		in := bytes.NewReader(said)
		err := d.Speak(struct {
			io.Reader
			io.Writer
		}{in, io.Discard}, "host.example")
		var e *Error
		if err != nil && (!errors.As(err, &e) || strings.ContainsAny(err.Error(), "\r\n\x00") || len(err.Error()) > 1000) {
			t.Errorf("%s: %v", d.Name, err)
		}
		if len(said)-in.Len() > maxTalk {
			t.Errorf("%s: %d octets were read", d.Name, len(said)-in.Len())
		}
	})
}
