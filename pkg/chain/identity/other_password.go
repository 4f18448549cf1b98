package identity

import "github.com/chainspect/chainspect/pkg/chain"

var _ = rules.Add(otherPassword)

var otherPassword = &chain.Rule{
	ID: "identity-other-password", Level: chain.LevelIdentity,
	Title:     "part of the file is encrypted with another password",
	Sources:   []chain.Source{{Doc: "RFC 7292", Section: "section 4.1"}, {Doc: "openssl-pkcs12(1)", Section: "-twopass"}},
	Explain:   "In PKCS#12 and in Java key stores the integrity of the file and the encryption of a key may have two passwords, as with `openssl pkcs12 -twopass` or `keytool -keypass`. The password given fits the file and not this part. Importers ask for one password only and report a wrong one, or a decode error.",
	Advice:    []chain.Advice{{Who: "whoever made the file", Text: "give file and key the same password: keytool -keypasswd for a Java key store, else export the identity again"}},
	InsteadOf: []string{"identity-certificate-only", "identity-key-only", "identity-no-key-fits"},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		return unusable(id, "password", "the password that opens the file")
	}),
}
