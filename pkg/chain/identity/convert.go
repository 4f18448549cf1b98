package identity

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// recipe is how the new file is written.
type recipe string

// oldRecipe is read by everything (apple: P-09), newRecipe is what OpenSSL 3
// writes by itself: AES-256-CBC, PBKDF2-HMAC-SHA256, HMAC-SHA256.
const (
	oldRecipe recipe = " -legacy"
	newRecipe recipe = ""
)

// convert is the command that writes the identity anew. It goes through a PEM
// file, since two openssl processes in a pipe would both ask for a password.
// OpenSSL puts the certificate the key fits first, gives it and the key a
// localKeyID, and writes the key in DER. "" where no command reads the file.
func convert(id *chain.Identity, r recipe) string {
	file := shellWord(id.File)
	switch id.Format {
	case "JKS", "JCEKS":
		flag := ""
		if r == oldRecipe {
			flag = " -J-Dkeystore.pkcs12.legacy"
		}
		return "keytool" + flag + " -importkeystore -srckeystore " + file + " -srcstoretype " + id.Format + " -destkeystore new.p12 -deststoretype PKCS12"
	case "PKCS#12":
		from := ""
		if !openSSL(id, false).ok {
			from = " -legacy"
		}
		if !openSSL(id, true).ok {
			return ""
		}
		return "openssl pkcs12" + from + " -in " + file + " -nodes -out tmp.pem && openssl pkcs12 -export" + string(r) + " -in tmp.pem -out new.p12; rm -f tmp.pem"
	}
	key := ""
	if id.KeyFile != "" {
		key = " -inkey " + shellWord(id.KeyFile)
	}
	return "openssl pkcs12 -export" + string(r) + " -in " + file + key + " -out new.p12"
}

// shellWord quotes a file name for a POSIX shell where it has to be.
func shellWord(name string) string {
	if name == "" || name == "-" {
		return "FILE"
	}
	plain := strings.IndexFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_./+,@%:=~-", r))
	}) < 0
	if strings.HasPrefix(name, "-") {
		name = "./" + name
	}
	if plain && !strings.HasPrefix(name, "~") {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}
