package chain

import (
	"slices"
	"strings"
)

// advice lists the steps for a breach: those of the hit, else those of the rule.
// A hit that only knows how the rule's first step is tried has one without text.
func (e *Evaluator) advice(b *breach, p Purpose) []Advice {
	own, general := e.forReader(b.hit.Advice, p), e.forReader(b.rule.Advice, p)
	if len(own) == 0 {
		return general
	}
	if own[0].Text != "" || len(general) == 0 {
		return own
	}
	first := general[0]
	first.Repair, first.Assumes = own[0].Repair, own[0].Assumes
	if own[0].Issue != nil {
		first.Issue = own[0].Issue
	}
	steps := append([]Advice{first}, own[1:]...)
	return append(steps, general[1:]...)
}

// forReader picks the steps that hold for the reader: those for him alone, else
// those for everybody.
func (e *Evaluator) forReader(list []Advice, p Purpose) []Advice {
	if !slices.ContainsFunc(list, func(a Advice) bool { return a.For != "" }) {
		return list
	}
	for _, whom := range []string{ForClient, ForOthers, ""} {
		if whom == ForClient && p != PurposeClient || whom == ForOthers && e.Strict != nil {
			continue
		}
		var steps []Advice
		for _, a := range list {
			if a.For == whom {
				steps = append(steps, a)
			}
		}
		if len(steps) > 0 {
			return steps
		}
	}
	return nil
}

// Line is the step as one line: who, and what to do.
func (a *AdviceReport) Line() string {
	if a.Who == "" {
		return a.Text
	}
	return a.Who + ": " + a.Text
}

// Advise gives a finding its steps, none of them tried.
func (f *Finding) Advise(steps []Advice) { f.advise(steps, nil, nil) }

// advise writes the steps for a certificate of a case.
func (f *Finding) advise(steps []Advice, c *Case, it *Item) {
	f.Advice = make([]AdviceReport, 0, len(steps))
	for i := range steps {
		f.Advice = append(f.Advice, steps[i].told(c, it))
	}
	if len(steps) > 0 {
		f.Fix = f.Advice[0].Line()
	}
}

// The commands that several rules advise. They run as pasted where the files
// they name are at hand: server.csr is the request, ca.pem and ca.key the CA.
const (
	// NewRequest makes a new key and a request for a client's certificate.
	NewRequest = "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj '/CN=Example Client' -keyout new.key -out new.csr"
	// FullChain puts a server's certificates into the order they are sent in.
	FullChain = "cat server.pem intermediate.pem > fullchain.pem"
	// IdentityChain does so for a client's.
	IdentityChain = "cat client.pem intermediate.pem > identity.pem"
	// RootAgain signs a root anew, with its key and name.
	RootAgain = "openssl x509 -in root.pem -signkey root.key -sha256 -days 3650 -out new-root.pem"
	// NewIdentity writes a PKCS#12 file as OpenSSL 3 does by itself.
	NewIdentity = "openssl pkcs12 -export -in fullchain.pem -inkey key.pem -out identity.p12"
)

// What a line of Advice.Config begins with for the two servers most people have.
const (
	Nginx  = "nginx: "
	Apache = "Apache: "
)

// SentFile names the file that a server sends its certificates from.
func SentFile() []string {
	return []string{Nginx + "ssl_certificate fullchain.pem;", Apache + "SSLCertificateFile fullchain.pem"}
}

// ClientCAs names the file of the CAs whose identities a server takes.
func ClientCAs() []string {
	return []string{Nginx + "ssl_client_certificate client-ca.pem;", Apache + "SSLCACertificateFile client-ca.pem"}
}

// The versions of TLS, and the suites of TLS 1.2, that every client of today has.
const (
	NginxVersions  = Nginx + "ssl_protocols TLSv1.2 TLSv1.3;"
	ApacheVersions = Apache + "SSLProtocol -all +TLSv1.2 +TLSv1.3"
	NginxSuites    = Nginx + "ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;"
	ApacheSuites   = Apache + "SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20"
)

// ModernVersions sets those versions.
func ModernVersions() []string { return []string{NginxVersions, ApacheVersions} }

// ModernSuites sets those suites.
func ModernSuites() []string { return []string{NginxSuites, ApacheSuites} }

// command writes a command for a POSIX shell, every word quoted where it has to be.
func command(name, first string, more ...string) string {
	words := []string{name, ShellWord(first)}
	for _, w := range more {
		words = append(words, ShellWord(w))
	}
	return strings.Join(words, " ")
}

// ShellWord quotes a word for a POSIX shell where it has to be.
func ShellWord(s string) string {
	plain := strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_./+,@%:=-", r))
	}) < 0
	if plain && s != "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// ShellFile is the name of a file as a command names it: one that begins with a
// hyphen is no option, and "-" alone stays standard input.
func ShellFile(name string) string {
	if strings.HasPrefix(name, "-") && name != "-" {
		name = "./" + name
	}
	return ShellWord(name)
}
