package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// The smallest keys that still cost an attacker about 2^80 (NIST SP 800-57
// part 1, table 2; OpenSSL security level 1; apple: K-01).
const (
	minModulusBits = 1024
	minCurveBits   = 160
)

var _ = rules.Add(weakKey)

var weakKey = &chain.Rule{
	ID:    "basic-weak-key",
	Level: chain.LevelX509,
	Title: "key is small enough to be broken",
	Sources: []chain.Source{
		{Doc: "NIST SP 800-57 part 1", Section: "table 2"},
		{Doc: "SecCertificate.c", Section: "K-01", Confidence: chain.ConfidenceTested},
	},
	Explain: "RSA keys under 1024 bits have been factored in public, and curves under 160 bits are no better: whoever breaks one key of the chain can sign in its owner's name. " +
		"Apple platforms refuse them anywhere in a chain, the root included, and no app and no user can override it. Public CAs have to use far larger keys; that is a rule of its own.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again for a new key, RSA 2048 or P-256", Issue: &chain.Issuing{NewKey: true}}},
	Apple:  chain.AppleError{Class: chain.ClassKeySize, Sec: -67735},
	InsteadOf: []string{"apple-key-size", "apple-key-unloadable", "apple-weak-key", "basic-signature-uncheckable", "lint-br-key-type", "lint-br-rsa-size",
		"mtls-security-level"},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		k := it.Cert.PublicKey
		limit := 0
		switch k.Type {
		case x509read.RSA, x509read.RSAPSS, x509read.DSA:
			limit = minModulusBits
		case x509read.ECDSA:
			limit = minCurveBits
		}
		if k.Bits == 0 || k.Bits >= limit {
			return nil
		}
		return []chain.Hit{{
			Item:     it,
			Message:  fmt.Sprintf("{item} has an %s key of %d bits; %d are the least that is not broken", k.Type, k.Bits, limit),
			Evidence: []chain.Evid{{Field: "subjectPublicKeyInfo", Got: fmt.Sprintf("%s, %d bits", k.Type, k.Bits), Want: fmt.Sprintf("at least %d bits", limit)}},
			Advice: []chain.Advice{{Repair: chain.RepairReissue(it, func(x *x509read.Certificate) {
				x.PublicKey.Bits = 2048
			})}},
		}}
	}),
}
