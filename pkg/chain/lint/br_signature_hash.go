package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = Rules.Add(&chain.Rule{
	ID:      "lint-br-signature-hash",
	Level:   chain.LevelX509,
	Applies: chain.Applies{NotFor: chain.PurposeClient},
	Title:   "the signature uses MD5 or SHA-1",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.3.2"}},
	Explain: "Two certificates with the same MD5 or SHA-1 digest have been made in practice, so a signature over such a digest no longer says which of them the CA meant. " +
		"The signature of a trusted anchor on itself proves nothing and is left out.",
	Remedy:   chain.Remedy{Who: "CA", Text: "issue the certificate again with SHA-256: openssl x509 -req -sha256 …"},
	YieldsTo: []string{"basic-weak-hash", "basic-sha1"},
	Reads:    x509read.FieldSignature,
	Check:    chain.PerItem(checkSignatureHash),
})

func checkSignatureHash(_ *chain.Case, it *chain.Item, at chain.Place) []chain.Hit {
	hash := it.Cert.Signature.SignatureHash()
	if at.Anchor || hash != "MD2" && hash != "MD4" && hash != "MD5" && hash != "SHA-1" {
		return nil
	}
	return one(it, "signed with "+hash, "signatureAlgorithm", hash, "SHA-256, SHA-384 or SHA-512")
}
