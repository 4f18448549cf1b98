package lint

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(brKeyType)

var brKeyType = &chain.Rule{
	ID:      "lint-br-key-type",
	Level:   chain.LevelX509,
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Title:   "the key is neither RSA nor on P-256, P-384 or P-521",
	Sources: []chain.Source{{Doc: "CA/Browser Forum Baseline Requirements", Section: "sections 6.1.5 and 7.1.3.1"}},
	Explain: "Public CAs may certify RSA keys and keys on three NIST curves. " +
		"DSA has gone from TLS, small curves such as P-192 are too weak, and other kinds are unknown to most clients.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again for a key that all clients take, RSA 2048 or P-256", Issue: &chain.Issuing{NewKey: true}}},
	Reads:  x509read.FieldPublicKey,
	Check:  chain.PerCertificate(checkKeyType),
}

func checkKeyType(it *chain.Item, _ chain.Place) []chain.Hit {
	k := &it.Cert.PublicKey
	got := string(k.Type)
	switch k.Type {
	case x509read.RSA:
		return nil
	case x509read.ECDSA:
		if k.Curve == "P-256" || k.Curve == "P-384" || k.Curve == "P-521" {
			return nil
		}
		got += " on " + k.Curve
	}
	return one(it, fmt.Sprintf("the key of {item} is %s, which public CAs may not certify", got), "subjectPublicKeyInfo", got, "RSA, or ECDSA on P-256, P-384 or P-521")
}
