package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = Rules.Add(&chain.Rule{
	ID: "identity-no-key-fits", Level: chain.LevelIdentity,
	Title:   "no private key of the file fits a certificate of it",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.4.3"}, {Doc: "RFC 7292", Section: "section 4.2"}},
	Explain: "Key and certificate belong together when the certificate's public key is the private key's. Names and localKeyIDs are what the writer of the file believed. A server would see a certificate and a signature that does not verify, and servers and web servers refuse to start with such a pair.",
	Remedy:  chain.Remedy{Who: "whoever made the file", Text: "find the key the certificate was issued for: `openssl pkey -in key.pem -pubout` and `openssl x509 -in cert.pem -pubkey -noout` must print the same; or have the CA issue a certificate for this key"},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		leaf, _ := leafOf(id)
		if leaf >= 0 || len(id.Keys) == 0 || len(id.Certificates) == 0 || unmatched(id) {
			return nil
		}
		var evidence []chain.Evid
		for i, k := range id.Keys {
			evidence = append(evidence, chain.Evid{Field: fmt.Sprintf("key %d", i+1), Got: keyName(k) + ", fits no certificate", Want: "the public key of one of " + plural(len(id.Certificates), "certificate")})
		}
		return []chain.Hit{{Message: fmt.Sprintf("%s, %s, and no key fits a certificate", plural(len(id.Keys), "private key"), plural(len(id.Certificates), "certificate")), Evidence: evidence}}
	}),
	YieldsTo: []string{"identity-locked", "identity-other-password", "identity-unsupported-content", "identity-damaged-content"},
})
