package chain

import (
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
	steps := append([]Advice{first}, own[1:]...)
	return append(steps, general[1:]...)
}

// forReader picks the steps that hold for the reader: those for him alone, else
// those for everybody.
func (e *Evaluator) forReader(list []Advice, p Purpose) []Advice {
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
func (a *Advice) Line() string { return line(a.Who, a.Text) }

// Line is the step as one line: who, and what to do.
func (a *AdviceReport) Line() string { return line(a.Who, a.Text) }

func line(who, text string) string {
	if who == "" {
		return text
	}
	return who + ": " + text
}

// Advise gives a finding its steps, none of them tried.
func (f *Finding) Advise(steps []Advice) {
	f.Advice = make([]AdviceReport, 0, len(steps))
	for _, a := range steps {
		f.Advice = append(f.Advice, AdviceReport{Who: a.Who, For: a.For, Text: a.Text, Commands: append([]string{}, a.Commands...),
			Then: a.Then, Lacks: a.Lacks, Assumes: a.Assumes})
	}
	if len(steps) > 0 {
		f.Fix = f.Advice[0].Line()
	}
}

// exampleNames is what a rule's commands say where they do not know the names.
const exampleNames = "subjectAltName=DNS:www.example.com"

// named puts the names of item 0, else the name that was asked for, into commands
// that issue a certificate again: pasted as they are, they must not issue another.
func (f *Finding) named(c *Case) {
	var names []string
	if leaf := c.Leaf(); leaf != nil {
		names = alternativeNames(leaf.Cert)
	}
	if len(names) == 0 && plainName(c.Question.Name) && (c.Question.NameKind == NameDNS || c.Question.NameKind == NameIP) {
		names = []string{strings.ToUpper(string(c.Question.NameKind)) + ":" + c.Question.Name}
	}
	if len(names) == 0 {
		return
	}
	word := ShellWord("subjectAltName=" + strings.Join(names, ","))
	for i := range f.Advice {
		for k, command := range f.Advice[i].Commands {
			f.Advice[i].Commands[k] = strings.ReplaceAll(command, exampleNames, word)
		}
	}
}

// The commands that several rules advise. They run as pasted where the files
// they name are at hand: server.csr is the request, ca.pem and ca.key the CA.
const (
	// NewKey makes a key that every client takes.
	NewKey = "openssl ecparam -name prime256v1 -genkey -noout -out server.key"
	// NewRequest makes a new key and a request for a client's certificate.
	NewRequest = "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj '/CN=Example Client' -keyout new.key -out new.csr"
	// FullChain puts a server's certificates into the order they are sent in.
	FullChain = "cat server.pem intermediate.pem > fullchain.pem"
	// UseFullChain is what a server is told of that file.
	UseFullChain = "then nginx: ssl_certificate fullchain.pem; Apache: SSLCertificateFile fullchain.pem; reload"
	// IdentityChain does so for a client's.
	IdentityChain = "cat client.pem intermediate.pem > identity.pem"
	// IssueAgain has a CA sign the request anew, with the extensions it asks for.
	IssueAgain = "openssl x509 -req -sha256 -days 90 -copy_extensions copy -in server.csr -CA ca.pem -CAkey ca.key -out server.pem"
	// RootAgain signs a root anew, with its key and name.
	RootAgain = "openssl x509 -in root.pem -signkey root.key -sha256 -days 3650 -out new-root.pem"
	// NewIdentity writes a PKCS#12 file as OpenSSL 3 does by itself.
	NewIdentity = "openssl pkcs12 -export -in fullchain.pem -inkey key.pem -out identity.p12"
)

// IssueWith has a CA sign the request with these extensions, each a line of an
// OpenSSL extension file, for some days.
func IssueWith(days string, lines ...string) []string {
	return []string{
		Command("printf", "%s\\n", lines...) + " > server.ext",
		"openssl x509 -req -sha256 -days " + days + " -in server.csr -CA ca.pem -CAkey ca.key -extfile server.ext -out server.pem",
	}
}

// Command writes a command for a POSIX shell, every word quoted where it has to be.
func Command(name, first string, more ...string) string {
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
