package ats

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(keySize)

var keySize = &chain.Rule{
	ID:    "ats-key-size",
	Level: chain.LevelATS,
	Title: "the leaf's key is shorter than the minimum",
	Sources: []chain.Source{
		{Doc: "SecProtocolConfiguration.m", Section: "RSA 2048, ECDSA 256; ATS-02", Confidence: chain.ConfidenceTested},
		{Doc: "SecPolicyServer.c", Section: "K-02 (exempts a leaf the user trusts)", Confidence: chain.ConfidenceTested},
	},
	Explain: "A leaf that is itself installed as a trusted anchor is spared the key-size rule of default trust evaluation, but not the minimum App Transport Security gives to TLS: RSA 2048 bits or an elliptic curve of 256. A shorter key can be computed from the public one with effort that an attacker may have.",
	Advice:  []chain.Advice{{Who: "CA", Text: "issue {item} again for a larger key, RSA 2048 or P-256", Issue: &chain.Issuing{NewKey: true}}},
	Apple:   chain.AppleError{Class: chain.ClassTLS, URL: -1200, SSL: -9883},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if !judged(c) || !decision(c).Strength {
			return nil
		}
		return smallKey(p)
	}),
}

// smallKey is the breach of a path whose leaf is its anchor. Others are held to
// the table of default trust evaluation (apple-key-size).
func smallKey(p *chain.Path) []chain.Hit {
	leaf := p.Leaf()
	k := leaf.Cert.PublicKey
	want := map[x509read.KeyType]int{x509read.RSA: 2048, x509read.ECDSA: 256}[k.Type]
	if !p.AnchoredLeaf() || k.Bits == 0 || k.BlockSize()*8 >= want {
		return nil
	}
	return []chain.Hit{{Item: leaf,
		Message:  fmt.Sprintf("{item} has an %s key of %d bits, the minimum is %d", k.Type, k.Bits, want),
		Evidence: []chain.Evid{{Field: "key", Got: fmt.Sprintf("%s %d", k.Type, k.Bits), Want: fmt.Sprintf("%d bits or more", want)}}}}
}
