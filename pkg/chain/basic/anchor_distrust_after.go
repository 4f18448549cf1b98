package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(anchorDistrustAfter)

var anchorDistrustAfter = &chain.Rule{
	ID:    "basic-anchor-distrust-after",
	Level: chain.LevelX509,
	Title: "root is trusted for older leaves only",
	Sources: []chain.Source{
		{Doc: "Mozilla certdata.txt", Section: "CKA_NSS_SERVER_DISTRUST_AFTER"},
		{Doc: "golang.org/x/crypto/x509roots", Section: "fallback/bundle, Root.Constraint"},
	},
	Explain: "The store still holds this root, but only for leaves issued before a date: its owner is being phased out, and certificates issued since then are refused. " +
		"Sites that were in order yesterday fail with the certificate they renewed today.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "get the certificate from another CA; renewing with the same one does not help"}},
	Apple:  chain.AppleError{Class: chain.ClassTrust, Sec: -67843},
	Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		if p.Anchor == nil || p.Anchor.NotAfter.IsZero() || len(p.Items) < 2 {
			return nil
		}
		leaf, limit := p.Leaf(), p.Anchor.NotAfter
		if leaf.Cert.NotBefore.Before(limit) {
			return nil
		}
		return []chain.Hit{{
			Item:     leaf,
			Message:  fmt.Sprintf("{item} was issued on %s; the root %s is trusted for leaves issued before %s", chain.Instant(leaf.Cert.NotBefore), p.Last().Cert.Subject.Short(), chain.Instant(limit)),
			Evidence: []chain.Evid{{Field: "notBefore", Got: chain.Stamp(leaf.Cert.NotBefore), Want: "before " + chain.Stamp(limit)}},
		}}
	}),
}
