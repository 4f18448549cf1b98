package strict

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(rootPolicy)

var rootPolicy = &chain.Rule{
	ID:       "strict-root-policy",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "root demands a certificate policy",
	Sources:  []chain.Source{{Doc: "RFC 5280", Section: "section 6.1.1"}, {Doc: "RFC 5937", Section: "section 3"}, {Doc: "BoringSSL pki", Section: "verify_certificate_chain.cc, ApplyTrustAnchorConstraints"}},
	Explain:  "What a root's own certificate says of policies is no input of RFC 5280's path validation. Chrome applies the policyConstraints of a root that an administrator added all the same, and refuses a chain in which a certificate has no policy.",
	Advice:   []chain.Advice{{Who: "CA", Text: "make the root again without policyConstraints, or issue what stands below it with certificate policies"}},
	Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		root := p.Last()
		if p.End != chain.Anchored || len(p.Items) < 2 || root.Cert.PolicyConstraints == nil {
			return nil
		}
		after := root.Cert.PolicyConstraints.RequireExplicit
		below := p.Items[:len(p.Items)-1]
		if after < 0 || after >= len(below) || !slices.ContainsFunc(below, func(it *chain.Item) bool { return it.Cert.Policies == nil }) {
			return nil
		}
		return []chain.Hit{one(root, "{item} demands a certificate policy in what is issued below it, and not all have one", "policyConstraints", "requireExplicitPolicy", "none, or policies throughout", "explicit")}
	}),
}
