package lint

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brRsaSize)

var brRsaSize = &chain.Rule{
	ID:      "lint-br-rsa-size",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "an RSA key has less than 2048 bits",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 6.1.5"}},
	Explain: "RSA keys of public CAs and their subscribers have 2048 bits at least; 1024 bits are within reach of well-equipped attackers. " +
		"Whoever factors the key of any CA on the path can issue for every name.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again for a larger key, RSA 2048 or P-256", Issue: &chain.Issuing{NewKey: true}}},
	InsteadOf: []string{"lint-br-rsa-multiple"},
	Check:     chain.PerCertificate(checkRSASize),
}

func checkRSASize(it *chain.Item, _ chain.Place) []chain.Hit {
	k := &it.Cert.PublicKey
	if k.Type != x509read.RSA && k.Type != x509read.RSAPSS || k.Bits >= 2048 {
		return nil
	}
	return one(it, fmt.Sprintf("{item} has an RSA key of %d bits, public CAs certify at least 2048", k.Bits), "subjectPublicKeyInfo", fmt.Sprintf("%d bits", k.Bits), "2048 bits or more")
}
