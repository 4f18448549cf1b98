package lint

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brRsaExponent)

var brRsaExponent = &chain.Rule{
	ID:      "lint-br-rsa-exponent",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "the exponent of an RSA key is small or even",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "section 6.1.6"}, {Doc: "NIST SP 800-89", Section: "section 5.3.3"}},
	Explain: "The public exponent has to be odd and at least 3, and should be 65537 or more. " +
		"Small exponents are not broken in themselves, but they turn small mistakes in checking signatures into forgeries.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again for a new key; OpenSSL uses the exponent 65537 by itself", Issue: &chain.Issuing{NewKey: true}}},
	Check:  chain.PerCertificate(checkRSAExponent),
}

func checkRSAExponent(it *chain.Item, _ chain.Place) []chain.Hit {
	if it.Cert.PublicKey.Type != x509read.RSA {
		return nil
	}
	e, ok := it.Cert.PublicKey.RSAExponent()
	if !ok || e >= 65537 && e%2 == 1 {
		return nil
	}
	hits := one(it, fmt.Sprintf("the RSA exponent of {item} is %d, an odd number from 65537 on is wanted", e), "subjectPublicKeyInfo", fmt.Sprint(e), "65537")
	if e >= 3 && e%2 == 1 {
		hits[0].AtMost = chain.Warning // "SHOULD"
	}
	return hits
}
