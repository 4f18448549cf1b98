package identity

import "github.com/chainspect/chainspect/pkg/chain"

var _ = rules.Add(unicodePassword)

var unicodePassword = &chain.Rule{
	ID: "identity-unicode-password", Level: chain.LevelIdentity, Severity: chain.Note,
	Title:   "the password has characters outside ASCII",
	Sources: []chain.Source{{Doc: "RFC 7292", Section: "appendix B.1"}, {Doc: "com.sun.crypto.provider.PBEKey", Section: "the characters it accepts"}},
	Explain: "PKCS#12 turns a password into UTF-16 in one place and into UTF-8 in another, and programs have disagreed about both; Java refuses to decrypt with such a password at all. The same characters typed elsewhere may be a wrong password.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "choose a long password of printable ASCII characters"}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		if !isPKCS12(id) || id.PasswordKind != chain.PasswordUnicode {
			return nil
		}
		got := "characters outside printable ASCII"
		if id.PasswordEncoding != "" {
			got += ", encoded as " + id.PasswordEncoding
		}
		return []chain.Hit{{Message: "the password has characters outside printable ASCII", Evidence: []chain.Evid{{Field: "password", Got: got, Want: "printable ASCII"}}}}
	}),
}
