package chain

import "strings"

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
