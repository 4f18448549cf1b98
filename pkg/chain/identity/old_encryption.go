package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(oldEncryption)

var oldEncryption = &chain.Rule{
	ID: "identity-old-encryption", Level: chain.LevelIdentity, Severity: chain.Note,
	Title:   "OpenSSL 3 does not decrypt the file without -legacy",
	Sources: []chain.Source{{Doc: "OSSL_PROVIDER-legacy(7)", Section: "symmetric ciphers"}, {Doc: "RFC 7292", Section: "appendix C"}},
	Explain: "RC2, RC4, DES and Blowfish moved to OpenSSL's legacy provider, and Keychain Access still exports certificates in RC2-40. OpenSSL 3 then fails with “unsupported … inner_evp_generic_fetch”, which says nothing about the file. A 40-bit key also protects nobody.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "read it with -legacy, or write it anew with the present ciphers", Commands: []string{"openssl pkcs12 -legacy -in identity.p12 -nodes -out tmp.pem && openssl pkcs12 -export -in tmp.pem -out new.p12; rm -f tmp.pem"}}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		if !isPKCS12(id) {
			return nil
		}
		for _, e := range encryptions(id) {
			if !openSSLLegacy(e) {
				continue
			}
			h := chain.Hit{Message: fmt.Sprintf("%s is encrypted with %s", e.where, e.name()), Evidence: []chain.Evid{{Field: e.where, Got: e.Cipher, Want: "AES-256-CBC, or DES-EDE3-CBC for old importers"}}}
			h.Advice = writeAgain(id, "write it with the present ciphers", newRecipe)
			return []chain.Hit{h}
		}
		return nil
	}),
}
