package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(signatureHash)

var signatureHash = &chain.Rule{
	ID:    "ats-signature-hash",
	Level: chain.LevelATS,
	Title: "a certificate is signed with a hash below SHA-256",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "signature hash minimum; ATS-02", Confidence: chain.ConfidenceTested},
		{Doc: "SecPolicyServer.c", Section: "K-05, K-07 (SHA-224 passes there)", Confidence: chain.ConfidenceSource},
	},
	Explain: "Default trust evaluation refuses SHA-1 and older hashes but lets SHA-224 pass. App Transport Security sets the minimum at SHA-256 for every certificate that another one has signed, since a forged signature begins with a collision in the hash.",
	Advice:  []chain.Advice{{Who: "CA", Text: "issue {item} again, signed with SHA-256 or better", Issue: &chain.Issuing{}}},
	Apple:   chain.AppleError{Class: chain.ClassTLS, URL: -1200, SSL: -9885},
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, at chain.Place) []chain.Hit {
		if !judged(c) || !decision(c).Strength || at.Anchor {
			return nil
		}
		return shortHash(it)
	}),
}

// shortHash is the breach of a certificate that another one has signed.
func shortHash(it *chain.Item) []chain.Hit {
	hash := it.Cert.Signature.SignatureHash()
	if it.SelfIssued() || hash != "SHA-224" && hash != "SHA-1" && hash != "MD5" {
		return nil
	}
	return []chain.Hit{{Item: it,
		Message:  fmt.Sprintf("{item} is signed with %s, the minimum is SHA-256", hash),
		Evidence: []chain.Evid{{Field: "signature", Got: it.Cert.Signature.OID.Name(), Want: "SHA-256, SHA-384 or SHA-512"}},
		Advice: []chain.Advice{{Repair: chain.RepairReissue(it, func(x *x509read.Certificate) {
			alg := x509read.Algorithm{OID: x509read.OIDECDSAWithSHA256}
			x.Signature, x.TBSSignature = alg, alg
		})}}}}
}

// belowMinimum reports whether every path has a key or a hash below the minima.
func belowMinimum(c *chain.Case) bool {
	for _, p := range c.Paths {
		below := len(smallKey(p)) > 0
		for _, it := range p.Items {
			below = below || it.Anchor == nil && len(shortHash(it)) > 0
		}
		if !below {
			return false
		}
	}
	return len(c.Paths) > 0
}
