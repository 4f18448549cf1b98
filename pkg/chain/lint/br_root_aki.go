package lint

import (
	"bytes"
	"encoding/hex"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brRootAki)

var brRootAki = &chain.Rule{
	ID:      "lint-br-root-aki",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "the root's authorityKeyIdentifier is not its own",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.2.1.3"}},
	Explain: "A root signed itself, so where it has an authorityKeyIdentifier, that has to be its own subjectKeyIdentifier. " +
		"Another value sends the builder of the chain beyond the root, where there is nothing.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with subjectKeyIdentifier=hash and authorityKeyIdentifier=keyid, in this order"}},
	Reads:  x509read.FieldAuthorityKeyID,
	Check:  chain.PerItem(checkRootAKI),
}

func checkRootAKI(c *chain.Case, it *chain.Item, at chain.Place) []chain.Hit {
	aki := it.Cert.AuthorityKeyID
	if aki == nil || bytes.Equal(aki.KeyID, it.Cert.SubjectKeyID) && aki.KeyID != nil || !at.Anchor || !ownSignature(c, it) {
		return nil
	}
	got := "no keyIdentifier"
	if aki.KeyID != nil {
		got = hex.EncodeToString(aki.KeyID)
	}
	return one(it, "authorityKeyIdentifier of {item}, a root, is not its subjectKeyIdentifier", "authorityKeyIdentifier", got, hex.EncodeToString(it.Cert.SubjectKeyID))
}
