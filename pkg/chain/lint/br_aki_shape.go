package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brAkiShape)

var brAkiShape = &chain.Rule{
	ID:      "lint-br-aki-shape",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "authorityKeyIdentifier has more than a key identifier",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "sections 7.1.2.1.3 and 7.1.2.11.1"}},
	Explain: "In certificates of public CAs authorityKeyIdentifier holds the identifier of the issuer's key and nothing else. " +
		"Issuer name and serial number would tie the certificate to one certificate of the CA, and the chain would break when the CA renews it.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with authorityKeyIdentifier=keyid (not keyid,issuer:always)", Issue: &chain.Issuing{With: []string{"authorityKeyIdentifier=keyid"}}}},
	InsteadOf: []string{"lint-br-root-aki"},
	Reads:     x509read.FieldAuthorityKeyID,
	Check:     chain.PerCertificate(checkAKIShape),
}

func checkAKIShape(it *chain.Item, _ chain.Place) []chain.Hit {
	aki := it.Cert.AuthorityKeyID
	switch {
	case aki == nil:
		return nil
	case aki.Issuer != nil:
		return one(it, "authorityKeyIdentifier of {item} has authorityCertIssuer", "authorityKeyIdentifier", "authorityCertIssuer", "keyIdentifier alone")
	case aki.Serial != nil:
		return one(it, "authorityKeyIdentifier of {item} has authorityCertSerialNumber", "authorityKeyIdentifier", "authorityCertSerialNumber", "keyIdentifier alone")
	}
	return nil
}
