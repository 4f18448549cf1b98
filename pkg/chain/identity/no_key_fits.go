package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(noKeyFits)

var noKeyFits = &chain.Rule{
	ID: "identity-no-key-fits", Level: chain.LevelIdentity,
	Title:   "no private key of the file fits a certificate of it",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.4.3"}, {Doc: "RFC 7292", Section: "section 4.2"}},
	Explain: "Key and certificate belong together when the certificate's public key is the private key's. Names and localKeyIDs are what the writer of the file believed. A server would see a certificate and a signature that does not verify, and servers and web servers refuse to start with such a pair.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "find the key the certificate was issued for: the two commands must print the same; or have the CA issue a certificate for this key", Commands: []string{"openssl pkey -in key.pem -pubout", "openssl x509 -in cert.pem -pubkey -noout"}}},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		leaf, _ := leafOf(id)
		if leaf >= 0 || len(id.Keys) == 0 || len(id.Certificates) == 0 || unmatched(id) {
			return nil
		}
		var evidence []chain.Evid
		for i, k := range id.Keys {
			evidence = append(evidence, chain.Evid{Field: fmt.Sprintf("key %d", i+1), Got: keyName(k) + ", fits no certificate", Want: "the public key of one of " + plural(len(id.Certificates), "certificate")})
		}
		return []chain.Hit{{Item: keyless(c, id), Message: fmt.Sprintf("%s, %s, and no key fits a certificate", plural(len(id.Keys), "private key"), plural(len(id.Certificates), "certificate")), Evidence: evidence}}
	}),
	Reads: x509read.FieldPublicKey,
}

// Applies says whether keys and certificates can be matched: not where the only
// certificate a key could fit has a public key that cannot be read.
func Applies(c *chain.Case) (bool, string) {
	id := c.Capture.Identity
	if leaf, _ := leafOf(id); leaf >= 0 || len(id.Keys) == 0 || keyless(c, id) == nil {
		return true, ""
	}
	return false, "the public key of a certificate could not be read, so nothing tells whether a key fits"
}

// keyless is the item of a certificate whose public key could not be read; nil: none.
func keyless(c *chain.Case, id *chain.Identity) *chain.Item {
	for n := range id.Certificates {
		if it := itemOf(c, id, n); it != nil && it.Cert.Unread&x509read.FieldPublicKey != 0 {
			return it
		}
	}
	return nil
}
