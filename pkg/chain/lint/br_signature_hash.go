package lint

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brSignatureHash)

var brSignatureHash = &chain.Rule{
	ID:      "lint-br-signature-hash",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "the signature uses a hash public CAs may not use",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 7.1.3.2"}},
	Explain: "Public CAs sign with SHA-256, SHA-384 or SHA-512, with RSASSA-PSS in one shape for each: MGF1 over the same hash, and a salt as long as the hash. Two certificates with the same MD5 or SHA-1 digest have been made in practice, and other hashes and shapes are refused by Go and some browsers. " +
		"The signature of a trusted anchor on itself proves nothing and is left out.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with SHA-256; for RSASSA-PSS add -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest", Issue: &chain.Issuing{}}},
	Reads:  x509read.FieldSignature,
	Check:  chain.PerCertificate(checkSignatureHash),
}

func checkSignatureHash(it *chain.Item, at chain.Place) []chain.Hit {
	hash := it.Cert.Signature.SignatureHash()
	if at.Anchor || hash == "" { // another kind of signature is the rule of the issuer's key
		return nil
	}
	size := map[string]int{"SHA-256": 32, "SHA-384": 48, "SHA-512": 64}[hash]
	if size == 0 {
		return one(it, fmt.Sprintf("{item} is signed over %s, public CAs may use SHA-256, SHA-384 or SHA-512", hash), "signatureAlgorithm", hash, "SHA-256, SHA-384 or SHA-512")
	}
	if mgf, salt, ok := it.Cert.Signature.SignaturePSS(); ok && (mgf != hash || salt != size) {
		got := fmt.Sprintf("%s, MGF1 with %s, salt of %d octets", hash, quoted(mgf), salt)
		return one(it, fmt.Sprintf("{item} is signed with RSASSA-PSS and %s, which public CAs may not use", got), "signatureAlgorithm", got, fmt.Sprintf("%s, MGF1 with %s, salt of %d octets", hash, hash, size))
	}
	return nil
}
