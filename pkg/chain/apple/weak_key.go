package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(weakKey)

var weakKey = &chain.Rule{
	ID:    "apple-weak-key",
	Level: chain.LevelX509,
	Title: "a key is too weak for any purpose",
	Sources: []chain.Source{
		{Doc: "SecCertificate.c SecCertificateIsWeakKey", Section: "K-01", Confidence: chain.ConfidenceTested},
	},
	Explain: "RSA below 1024 bits, elliptic curves below 160 bits and every key that is neither RSA, ECDSA, Ed25519 nor Ed448 count as broken on Apple platforms, in item 0, in intermediates and in the trusted anchor. " +
		"The failure is fatal: no override of the app and no trust setting of the user helps. The log says that the certificate is using a broken key size.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again for a new key, RSA 2048 or P-256", Issue: &chain.Issuing{NewKey: true}}},
	Apple:     chain.AppleError{Class: chain.ClassKeySize, Sec: -67735},
	InsteadOf: []string{"apple-key-size", "ats-key-size", "ats-signature-algorithm", "basic-signature-uncheckable"},
	Reads:     x509read.FieldPublicKey,
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, _ chain.Place) []chain.Hit {
		key := &it.Cert.PublicKey
		message, want := "", ""
		switch key.Type {
		case x509read.RSA:
			if key.Bits > 0 && key.BlockSize() < 128 {
				message, want = fmt.Sprintf("{item} has an RSA key of %d bits, fatal below 1024", key.Bits), "RSA of 2048 bits or more"
			}
		case x509read.ECDSA:
			if key.Bits > 0 && key.BlockSize() < 20 {
				message, want = fmt.Sprintf("{item} has an elliptic-curve key of %d bits, fatal below 160", key.Bits), "P-256 or larger"
			}
		case x509read.DSA, x509read.MLDSA, x509read.Unknown:
			message, want = fmt.Sprintf("{item} has a key of the algorithm %s, which is not supported", algorithmName(key)), "RSA or ECDSA"
		}
		if message == "" {
			return nil
		}
		return []chain.Hit{{Item: it, Message: message, Advice: []chain.Advice{{Repair: rekey(c, it)}}, Evidence: []chain.Evid{{Field: "subjectPublicKeyInfo", Got: keyName(key), Want: want}}}}
	}),
}

func algorithmName(key *x509read.PublicKey) string {
	if key.Type != x509read.Unknown && key.Type != "" {
		return string(key.Type)
	}
	return key.Algorithm.OID.Name()
}

func keyName(key *x509read.PublicKey) string {
	switch {
	case key.Type == x509read.ECDSA && key.Curve != "":
		return key.Curve
	case key.Bits > 0:
		return fmt.Sprintf("%s %d", algorithmName(key), key.Bits)
	}
	return algorithmName(key)
}
