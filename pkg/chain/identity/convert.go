package identity

import (
	"fmt"
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

// convert is the command that writes the identity anew; "" where none does. It
// goes through a PEM file, since two openssl processes in a pipe would both ask
// for a password. OpenSSL puts the certificate the key fits first, gives it and
// the key a localKeyID, and writes the key in DER. It writes one key: several
// are for keytool, which asks for its passwords as well.
func convert(id *chain.Identity, r recipe) string {
	if mismatch(id) != "" || unpairable(id) {
		return ""
	}
	switch file := fileWord(id.File); id.Format {
	case "JKS", "JCEKS":
		return keytool(file, id.Format, r)
	case "PKCS#12":
		if len(id.Keys) > 1 && id.KeyFile == "" && javaKeytool(id).ok && !unpaired(id) && aliasesDistinct(id) {
			return keytool(file, "PKCS12", r)
		}
		if !openSSL(id, true).ok {
			return ""
		}
		read, key := "", ""
		if !openSSL(id, false).ok {
			read = " -legacy"
		}
		if id.MAC != nil && id.MAC.PBMAC1 {
			read += " -nomacver" // compared here already; OpenSSL before 3.4 cannot
		}
		if id.KeyFile != "" {
			read, key = read+" -nokeys", " -inkey "+fileWord(id.KeyFile)
		}
		return "openssl pkcs12" + read + " -in " + file + " -nodes -out tmp.pem && openssl pkcs12 -export" + string(r) + " -in tmp.pem" + key + " -out new.p12; rm -f tmp.pem"
	default:
		key := ""
		if id.KeyFile != "" {
			key = " -inkey " + fileWord(id.KeyFile)
		}
		return "openssl pkcs12 -export" + string(r) + " -in " + file + key + " -out new.p12"
	}
}

// unpairable reports whether there are keys and certificates and none of them belong
// together: openssl refuses to write such a pair.
func unpairable(id *chain.Identity) bool {
	leaf, _ := leafOf(id)
	return leaf < 0 && len(id.Keys) > 0 && len(id.Certificates) > 0 && !unmatched(id)
}

// keytool converts a key store with all its keys.
func keytool(file, format string, r recipe) string {
	flag := ""
	if r == oldRecipe {
		flag = " -J-Dkeystore.pkcs12.legacy"
	}
	return "keytool" + flag + " -importkeystore -srckeystore " + file + " -srcstoretype " + format + " -destkeystore new.p12 -deststoretype PKCS12"
}

// leavesOut says what a command of convert does not take along; "" nothing.
func leavesOut(id *chain.Identity, command string) string {
	if len(id.Keys) < 2 || id.KeyFile != "" || !strings.HasPrefix(command, "openssl") {
		return ""
	}
	return fmt.Sprintf("the command writes the first of %d private keys only: make one file for each", len(id.Keys))
}

// writeAgain is the advice to write the file again; none where no command does.
func writeAgain(id *chain.Identity, why string, r recipe) []chain.Advice {
	command := convert(id, r)
	if command == "" {
		return nil
	}
	if omitted := leavesOut(id, command); omitted != "" {
		why += " (" + omitted + ")"
	}
	return []chain.Advice{{Who: "whoever made the file", Text: why, Commands: []string{command}}}
}

// forPlatform is the advice to write the file so that a platform imports it, with
// the password that it has; of several keys `fix` writes one, and anew does better.
func forPlatform(id *chain.Identity, why, platform string, r recipe) []chain.Advice {
	steps := writeAgain(id, why, r)
	if len(steps) == 0 || len(id.Keys) > 1 {
		return steps
	}
	command := "chainspect fix " + fileWord(id.File)
	if id.KeyFile != "" {
		command += " --key " + fileWord(id.KeyFile)
	}
	steps[0].Commands = []string{command + " --platform " + platform + " -o new.p12"}
	return steps
}

// aliasesDistinct reports whether Java, which names entries by friendlyName whatever
// the case of its letters, keeps all of the file's keys apart.
func aliasesDistinct(id *chain.Identity) bool {
	seen := map[string]bool{}
	for _, k := range id.Keys {
		b := bagOfKey(id, k)
		if b == nil || b.FriendlyName == nil || seen[strings.ToLower(*b.FriendlyName)] {
			return false
		}
		seen[strings.ToLower(*b.FriendlyName)] = true
	}
	return true
}

// fileWord is a file as a command names it; what was read from standard input has no name.
func fileWord(name string) string {
	if name == "" || name == "-" {
		return "FILE"
	}
	return chain.ShellFile(name)
}
