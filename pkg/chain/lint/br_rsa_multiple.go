package lint

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brRsaMultiple)

var brRsaMultiple = &chain.Rule{
	ID:      "lint-br-rsa-multiple",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "the size of an RSA key is not a multiple of 8",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 6.1.5"}},
	Explain: "The modulus of an RSA key has to fill whole octets. " +
		"Odd sizes come from home-made generators, and hardware and libraries differ in how they pad the signatures of such keys.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again for a key of a usual size, RSA 2048 or P-256", Issue: &chain.Issuing{NewKey: true}}},
	Check:  chain.PerCertificate(checkRSAMultiple),
}

func checkRSAMultiple(it *chain.Item, _ chain.Place) []chain.Hit {
	k := &it.Cert.PublicKey
	if k.Type != x509read.RSA && k.Type != x509read.RSAPSS || k.Bits%8 == 0 {
		return nil
	}
	return one(it, fmt.Sprintf("{item} has an RSA key of %d bits, not a multiple of 8", k.Bits), "subjectPublicKeyInfo", fmt.Sprintf("%d bits", k.Bits), "a multiple of 8")
}
