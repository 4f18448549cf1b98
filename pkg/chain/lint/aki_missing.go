package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(akiMissing)

var akiMissing = &chain.Rule{
	ID:      "lint-aki-missing",
	Level:   chain.LevelX509,
	Title:   "authorityKeyIdentifier is missing",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.1"}},
	Explain: "authorityKeyIdentifier names the key that signed the certificate, so that a client finds the right one among several certificates of a CA. " +
		"Only a certificate that signed itself may leave it out.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with authorityKeyIdentifier=keyid", Issue: &chain.Issuing{With: []string{"authorityKeyIdentifier=keyid"}}}},
	Reads:  x509read.FieldAuthorityKeyID,
	Check:  chain.PerItem(checkAKIMissing),
}

func checkAKIMissing(c *chain.Case, it *chain.Item, _ chain.Place) []chain.Hit {
	aki := it.Cert.AuthorityKeyID
	if it.Cert.Version < 3 || aki != nil && aki.KeyID != nil || aki == nil && it.Cert.Extension(x509read.OIDExtAuthorityKeyID) != nil || ownSignature(c, it) {
		return nil
	}
	got := "none"
	if aki != nil {
		got = "no keyIdentifier in it"
	}
	return one(it, "{item} has no authorityKeyIdentifier and is not self-signed", "authorityKeyIdentifier", got, "the issuer's subjectKeyIdentifier")
}
