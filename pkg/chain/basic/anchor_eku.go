package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(anchorEku)

var anchorEku = &chain.Rule{
	ID:    "basic-anchor-eku",
	Level: chain.LevelX509,
	Title: "trusted anchor is limited to another purpose",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 4.2.1.12"},
		{Doc: "RFC 5937", Section: "section 1"},
		{Doc: "SecPolicyServer.c", Section: "X-22", Confidence: chain.ConfidenceSource},
	},
	Explain: "A root that carries an extended key usage was made for those purposes only, and OpenSSL and Go hold the whole chain to it. The limit belongs to the name and key that are trusted, so that it cannot be shed by sending another certificate of the same CA. " +
		"Apple platforms do not look at the extended key usage of the anchor.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue the server's certificate under a root without extendedKeyUsage, or one that has the purpose"}},
	Apple:     chain.AppleError{Class: chain.ClassUsage, Sec: -67609},
	InsteadOf: []string{"lint-br-root-eku"},
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, place chain.Place) []chain.Hit {
		if place.Leaf {
			return nil
		}
		anchor := limitedTwin(c, it, place)
		if anchor == nil {
			return nil
		}
		have := anchor.ExtKeyUsage
		absent := absentPurposes(c.Question, have)
		on := it
		for _, x := range c.Items {
			if x.Anchor != nil && x.Cert.SHA256 == anchor.SHA256 {
				on = x // the anchor itself, so that all its certificates give one finding
			}
		}
		return []chain.Hit{{
			Item:     on,
			Message:  fmt.Sprintf("{item} is trusted as an anchor that is limited to other purposes than %s", purposeText(absent)),
			Evidence: []chain.Evid{{Field: "extendedKeyUsage", Got: purposeText(have), Want: purposeText(absent)}},
			Kinds:    purposeKinds(have),
			Advice: []chain.Advice{{Repair: chain.RepairReissue(on, func(x *x509read.Certificate) {
				x.ExtKeyUsage = nil
			})}},
		}}
	}),
}

// limitedTwin finds the trusted anchor with the name and key of an item, where its
// extended key usage does not allow what is asked: an anchor is a name and a key
// (RFC 5280 section 6.1.1 (d)), whichever certificate of them stands on the path.
func limitedTwin(c *chain.Case, it *chain.Item, place chain.Place) *x509read.Certificate {
	if place.Anchor {
		if it.Cert.ExtKeyUsage != nil && absentPurposes(c.Question, it.Cert.ExtKeyUsage) != nil {
			return it.Cert
		}
		return nil
	}
	var limited *x509read.Certificate
	for _, a := range c.Anchors.BySubject(it.Cert.Subject.Key()) {
		cert := a.Cert()
		if cert.PublicKey.SHA256 != it.Cert.PublicKey.SHA256 {
			continue
		}
		if cert.ExtKeyUsage == nil || absentPurposes(c.Question, cert.ExtKeyUsage) == nil {
			return nil // one of the anchors of this name and key allows it
		}
		limited = cert
	}
	return limited
}
