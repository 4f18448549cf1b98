package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(anchorNotTrusted)

var anchorNotTrusted = &chain.Rule{
	ID:    "basic-anchor-not-trusted",
	Level: chain.LevelX509,
	Title: "chain does not end at a trusted anchor",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 6.1.1 (d)"},
		{Doc: "SecTrustServer.c", Section: "X-04", Confidence: chain.ConfidenceSource},
	},
	Explain: "Trust has to start at a certificate the evaluating side trusts by itself. This chain of trust goes up to a CA that is not among the trusted anchors: a private CA whose root is not installed, a root that was removed from the store, or a store that is too old. Or that CA is no root but a further intermediate, and its certificate was not sent. " +
		"That the root is sent along changes nothing, since anybody can send one. For a test CA, `chainspect lab init` makes the root together with the configuration profile that installs it, and says how each kind of client gets it.",
	Advice: []chain.Advice{
		{Who: "server administrator", Text: "for a public server, get item 0 from a CA that the platform trusts"},
		{Who: "device owner", Text: "for a private CA, install its root (by a profile, then the switch under Settings, General, About, Certificate Trust Settings; other clients take it into their trust store)", Commands: []string{asClient, installInSimulator},
			Then: "the first command judges as such a client, the second installs it in the simulator"},
		{For: chain.ForClient, Who: "app developer", Text: "use an identity issued under a CA that the server trusts"},
		{For: chain.ForClient, Who: "server administrator", Text: "or add this chain's root to the client CAs; to judge as that server, give its CA with --anchor", Config: chain.ClientCAs()},
	},
	Apple: chain.AppleError{Class: chain.ClassTrust, Sec: -67843},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if len(p.Items) < 2 || p.End != chain.SelfSigned && p.End != chain.NoIssuer {
			return nil
		}
		last := p.Last()
		h := chain.Hit{Item: last, Evidence: []chain.Evid{{Field: "anchors", Got: fmt.Sprintf("%d, store %s", c.Anchors.Len(), c.Anchors.Store)}}}
		switch p.End {
		case chain.SelfSigned:
			h.Short = "the chain ends at the root {item}, which is not a trusted anchor"
			format := "the chain ends at {item}, the root %s, which is not a trusted anchor"
			h.Evidence[0].Want = "the root " + last.Cert.Subject.String()
			for _, a := range c.Anchors.BySubject(last.Cert.Subject.Key()) {
				if a.Cert().PublicKey.SHA256 != last.Cert.PublicKey.SHA256 {
					format = "the chain ends at {item}, the root %s, which is not a trusted anchor; an anchor of its name has another key"
					break
				}
			}
			h.Message = fmt.Sprintf(format, last.Cert.Subject.Short())
			if !clientIdentity(c) {
				h.Advice = trustRoot(c, last.Cert.Subject.Short(), chain.RepairInstall(last))
			}
		case chain.NoIssuer:
			h.Message = fmt.Sprintf("the issuer of {item}, %s, was not sent and is not a trusted anchor", last.Cert.Issuer.Short())
			h.Evidence[0].Want = "an anchor with the subject " + last.Cert.Issuer.String()
			h.IfFetched = c.Addresses(p)
			if !last.SelfIssued() {
				adviseOnIssuer(c, last, &h)
			}
			damagedInstead(c, last, &h)
		}
		return []chain.Hit{h}
	}),
}
