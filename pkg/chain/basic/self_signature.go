package basic

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(selfSignature)

var selfSignature = &chain.Rule{
	ID:      "basic-self-signature",
	Level:   chain.LevelX509,
	Title:   "trusted leaf names itself as issuer, falsely",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "sections 3.2 and 6.1"}},
	Explain: "Item 0 is a trusted anchor itself and names itself as its issuer, but its own key did not make its signature. It was issued by another key of the same name, which is not here, or it was changed after it was signed. " +
		"A self-signed leaf that is trusted by itself has at least to be what it says.",
	Advice: []chain.Advice{
		{Who: "device owner", Text: "trust the certificate of the CA that issued item 0 instead of item 0, or make the self-signed certificate again"},
		{For: chain.ForClient, Who: "server administrator", Text: "trust the CA that issued item 0 instead of item 0"},
		{For: chain.ForClient, Who: "whoever made the identity", Text: "or make the self-signed certificate again"},
	},
	Apple: chain.AppleError{Class: chain.ClassTrust, Sec: -67843},
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, place chain.Place) []chain.Hit {
		if !place.Leaf || !place.Anchor || !it.SelfIssued() {
			return nil
		}
		r := c.VerifySignature(it, it)
		if r.Status != x509read.Wrong {
			return nil
		}
		return []chain.Hit{{
			Item:     it,
			Message:  "{item} names itself as issuer and is not signed with its own key",
			Evidence: []chain.Evid{{Field: "signatureValue", Got: r.Reason, Want: "a signature with its own key"}},
			Advice:   []chain.Advice{{Repair: chain.RepairReissue(it, func(*x509read.Certificate) {})}},
		}}
	}),
}
