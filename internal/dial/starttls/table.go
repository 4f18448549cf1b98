package starttls

import (
	"bytes"
	"slices"
)

// clientName is what we call ourselves: a name that can belong to nobody
// (RFC 2606 section 2), so that nothing of this machine is told.
const clientName = "chainspect.invalid"

// The table. Verdicts that mean "no such command" are those of the protocols'
// own documents: RFC 5321 section 4.2.2 (500, 502, 504), RFC 959 section 4.2.1,
// RFC 3977 section 3.2.1, RFC 4511 section 4.1.9 (protocolError).
var table = []*Dialogue{
	{
		Name: "smtp", Title: "SMTP", Schemes: []Scheme{{"smtp", "25"}, {"submission", "587"}}, Ports: []string{"587", "2525"},
		Enable: "Postfix: smtpd_tls_security_level = may, with smtpd_tls_chain_files; Exim: tls_advertise_hosts = *",
		// RFC 3207 section 4
		greetings: []string{"220 ", "220-"},
		steps: []step{
			{read: coded, ok: []string{"220"}},
			{send: "EHLO " + clientName + "\r\n", asks: "EHLO", read: coded, ok: []string{"250"}, unknown: []string{"500", "502", "504"}, offers: "STARTTLS"},
			{send: "STARTTLS\r\n", asks: "STARTTLS", read: coded, ok: []string{"220"}, unknown: []string{"500", "502", "504"}},
		},
	},
	{
		Name: "lmtp", Title: "LMTP", Schemes: []Scheme{{"lmtp", "24"}},
		Enable: "Dovecot: ssl = yes, with ssl_cert and ssl_key",
		// RFC 2033 section 4.1
		steps: []step{
			{read: coded, ok: []string{"220"}},
			{send: "LHLO " + clientName + "\r\n", asks: "LHLO", read: coded, ok: []string{"250"}, unknown: []string{"500", "502", "504"}, offers: "STARTTLS"},
			{send: "STARTTLS\r\n", asks: "STARTTLS", read: coded, ok: []string{"220"}, unknown: []string{"500", "502", "504"}},
		},
	},
	{
		Name: "imap", Title: "IMAP", Schemes: []Scheme{{"imap", "143"}},
		Enable: "Dovecot: ssl = yes, with ssl_cert and ssl_key",
		// RFC 9051 section 6.2.1
		greetings: []string{"* OK", "* BYE", "* PREAUTH"},
		steps: []step{
			{read: func(t *talk) (answer, error) { return tagged(t, "*") }, ok: []string{"OK"}},
			{send: "a1 CAPABILITY\r\n", asks: "CAPABILITY", read: func(t *talk) (answer, error) { return tagged(t, "a1") }, ok: []string{"OK"}, offers: "STARTTLS"},
			{send: "a2 STARTTLS\r\n", asks: "STARTTLS", read: func(t *talk) (answer, error) { return tagged(t, "a2") }, ok: []string{"OK"}, unknown: []string{"BAD"}},
		},
	},
	{
		Name: "pop3", Title: "POP3", Schemes: []Scheme{{"pop3", "110"}, {"pop", "110"}},
		Enable: "Dovecot: ssl = yes, with ssl_cert and ssl_key",
		// RFC 2595 section 4; CAPA is an extension of its own (RFC 2449 section 5)
		greetings: []string{"+OK"},
		steps: []step{
			{read: signed, ok: []string{"+OK"}},
			{send: "CAPA\r\n", asks: "CAPA", read: signedList, ok: []string{"+OK"}, unknown: []string{"-ERR"}, optional: true, offers: "STLS"},
			{send: "STLS\r\n", asks: "STLS", read: signed, ok: []string{"+OK"}},
		},
	},
	{
		Name: "ftp", Title: "FTP", Schemes: []Scheme{{"ftp", "21"}},
		Enable: "vsftpd: ssl_enable=YES, with rsa_cert_file and rsa_private_key_file; ProFTPD: TLSEngine on",
		// RFC 4217 section 4; FEAT is an extension of its own (RFC 2389 section 3)
		steps: []step{
			{read: coded, ok: []string{"220"}},
			{send: "FEAT\r\n", asks: "FEAT", read: coded, ok: []string{"211"}, unknown: []string{"500", "502", "504", "530"}, optional: true, offers: "AUTH"},
			{send: "AUTH TLS\r\n", asks: "AUTH TLS", read: coded, ok: []string{"234"}, unknown: []string{"500", "502", "504"}},
		},
	},
	{
		Name: "nntp", Title: "NNTP", Schemes: []Scheme{{"nntp", "119"}, {"news", "119"}},
		Enable: "INN: tlscertfile and tlskeyfile in inn.conf",
		// RFC 4642 section 2
		greetings: []string{"200 ", "201 "},
		steps: []step{
			{read: numbered, ok: []string{"200", "201"}},
			{send: "CAPABILITIES\r\n", asks: "CAPABILITIES", read: numberedList, ok: []string{"101"}, unknown: []string{"500"}, optional: true, offers: "STARTTLS"},
			{send: "STARTTLS\r\n", asks: "STARTTLS", read: numbered, ok: []string{"382"}, unknown: []string{"500", "502"}},
		},
	},
	{
		Name: "sieve", Title: "ManageSieve", Schemes: []Scheme{{"sieve", "4190"}},
		Enable: "Dovecot: ssl = yes, with ssl_cert and ssl_key",
		// RFC 5804 section 2.2: the greeting lists what the server can do
		greetings: []string{`"IMPLEMENTATION"`},
		steps: []step{
			{read: sieve, ok: []string{"OK"}, offers: "STARTTLS"},
			{send: "STARTTLS\r\n", asks: "STARTTLS", read: sieve, ok: []string{"OK"}},
		},
	},
	{
		Name: "irc", Title: "IRC", Schemes: []Scheme{{"irc", "6667"}},
		Enable: "UnrealIRCd, InspIRCd: load the module starttls and name certificate and key",
		// IRCv3 tls extension: 670 goes on, 691 refuses, 421 knows no such command
		steps: []step{
			{send: "STARTTLS\r\n", asks: "STARTTLS", read: func(t *talk) (answer, error) { return numeric(t, "670", "691", "421", "451", "ERROR") }, ok: []string{"670"}, unknown: []string{"421", "451"}},
		},
	},
	{
		Name: "xmpp", Title: "XMPP", Schemes: []Scheme{{"xmpp", "5222"}},
		Enable: "Prosody: ssl = { certificate, key }, with c2s_require_encryption; ejabberd: starttls: true on the listener",
		// RFC 6120 section 5.4
		steps: xmppSteps("jabber:client"),
	},
	{
		Name: "xmpp-server", Title: "XMPP between servers", Schemes: []Scheme{{"xmpp-server", "5269"}},
		Enable: "Prosody: ssl = { certificate, key }, with s2s_require_encryption; ejabberd: s2s_use_starttls: optional",
		steps:  xmppSteps("jabber:server"),
	},
	{
		Name: "ldap", Title: "LDAP", Schemes: []Scheme{{"ldap", "389"}},
		Enable: "OpenLDAP: olcTLSCertificateFile and olcTLSCertificateKeyFile",
		// RFC 4511 section 4.14: an ExtendedRequest with message ID 1
		steps: []step{
			{send: "\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037", asks: "StartTLS", read: extended, ok: []string{"0"}, unknown: []string{"2"}},
		},
	},
	{
		Name: "mysql", Title: "MySQL", Schemes: []Scheme{{"mysql", "3306"}, {"mariadb", "3306"}},
		Enable: "MySQL, MariaDB: ssl_cert and ssl_key under [mysqld]",
		// MySQL documentation, Protocol::HandshakeV10 and Protocol::SSLRequest:
		// CLIENT_PROTOCOL_41, CLIENT_SSL, CLIENT_SECURE_CONNECTION; 16 MiB; utf8mb4
		steps: []step{
			{read: mysqlGreeting, ok: []string{"10"}, offers: "SSL"},
			{send: "\x20\x00\x00\x01\x00\x8a\x00\x00\x00\x00\x00\x01\x2d" + zeros23, asks: "SSLRequest"},
		},
	},
	{
		Name: "postgres", Title: "PostgreSQL", Schemes: []Scheme{{"postgres", "5432"}, {"postgresql", "5432"}},
		Enable: "PostgreSQL: ssl = on, with ssl_cert_file and ssl_key_file",
		// PostgreSQL documentation, section 54.7, SSLRequest: 80877103
		steps: []step{
			{send: "\x00\x00\x00\x08\x04\xd2\x16\x2f", asks: "SSLRequest", read: postgres, ok: []string{"S"}, unknown: []string{"N"}},
		},
	},
}

const zeros23 = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

func xmppSteps(namespace string) []step {
	return []step{
		{send: "<?xml version='1.0'?><stream:stream xmlns='" + namespace + "' xmlns:stream='http://etherx.jabber.org/streams' to='{name}' version='1.0'>",
			asks: "the stream header", read: xmpp, ok: []string{"features"}, offers: "STARTTLS"},
		{send: "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", asks: "starttls", read: xmpp, ok: []string{"proceed"}},
	}
}

// Auto stands for the dialogue that port and greeting tell.
var Auto = &Dialogue{Name: "auto"}

// Names lists what --starttls takes, `auto` last.
func Names() []string {
	out := make([]string, 0, len(table)+1)
	for _, d := range table {
		out = append(out, d.Name)
	}
	return append(out, Auto.Name)
}

// ByName finds a dialogue; nil: there is none.
func ByName(name string) *Dialogue {
	if name == Auto.Name {
		return Auto
	}
	return find(func(d *Dialogue) bool { return d.Name == name })
}

// ByScheme finds the dialogue of a URL scheme and its port; nil: there is none.
func ByScheme(scheme string) (d *Dialogue, port string) {
	d = find(func(d *Dialogue) bool {
		i := slices.IndexFunc(d.Schemes, func(s Scheme) bool { return s.Name == scheme })
		if i >= 0 {
			port = d.Schemes[i].Port
		}
		return i >= 0
	})
	return d, port
}

// ByPort finds the dialogue that is registered for a port; nil: there is none.
func ByPort(port string) *Dialogue {
	return find(func(d *Dialogue) bool {
		return slices.Contains(d.Ports, port) || slices.ContainsFunc(d.Schemes, func(s Scheme) bool { return s.Port == port })
	})
}

// ByGreeting finds the dialogue of a server that spoke first; nil: it said
// nothing that any of them begins with.
func ByGreeting(head []byte) *Dialogue {
	if len(head) > 4 && head[3] == 0 && (head[4] == 10 || head[4] == 0xff) {
		return ByName("mysql")
	}
	d := find(func(d *Dialogue) bool {
		return slices.ContainsFunc(d.greetings, func(g string) bool { return bytes.HasPrefix(head, []byte(g)) })
	})
	if d != nil && d.Name == "smtp" && bytes.Contains(bytes.ToUpper(head), []byte("FTP")) {
		return ByName("ftp")
	}
	return d
}

func find(is func(*Dialogue) bool) *Dialogue {
	if i := slices.IndexFunc(table, is); i >= 0 {
		return table[i]
	}
	return nil
}
