package basic

import (
	"strconv"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(policyRule)

var policyRule = &chain.Rule{
	ID:    "basic-policy",
	Level: chain.LevelX509,
	Title: "chain has no valid certificate policy",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "sections 6.1.2 to 6.1.5"},
		{Doc: "RFC 9618", Section: "section 5"},
		{Doc: "SecPolicyServer.c", Section: "X-23", Confidence: chain.ConfidenceSource},
	},
	Explain: "A CA, or the one who asks, can demand that a chain be valid under a certificate policy: a document that says how carefully its owners were checked. Every certificate then has to carry that policy, or one that a CA above it mapped to it. " +
		"Here the demand is made and no policy runs through the whole chain.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue the certificates with the policy the chain asks for in certificatePolicies, or without requireExplicitPolicy in the CA certificate"}},
	Apple:  chain.AppleError{Class: chain.ClassCompliance, Sec: -67835},
	Reads:  x509read.FieldPolicies | x509read.FieldPolicyMappings | x509read.FieldPolicyConstraints | x509read.FieldInhibitAnyPolicy,
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		items := p.Items
		if p.End == chain.Anchored || p.End == chain.SelfSigned {
			items = items[:len(items)-1] // of the anchor only name and key are input
		}
		if !policyMatters(items, c.Question.Policy) {
			return nil
		}
		work := chain.Once(c, policyWork{}, func() *int { return new(int) })
		for _, it := range items {
			*work += len(it.Cert.Policies) + len(it.Cert.PolicyMappings)
		}
		if *work > maxPolicyWork {
			return []chain.Hit{{
				Message:  "the certificates have too many policies to be processed",
				Evidence: []chain.Evid{{Field: "policies and mappings on all paths", Got: strconv.Itoa(*work), Want: "at most " + strconv.Itoa(maxPolicyWork)}},
			}}
		}
		certs := make([]policyCert, len(items))
		for i, it := range items {
			certs[len(items)-1-i] = policyCert{it.Cert, it.SelfIssued()}
		}
		at, message := policyFault(certs, c.Question.Policy)
		if message == "" {
			return nil
		}
		it := items[len(items)-1-at]
		h := chain.Hit{Item: it, Message: message}
		want := "a policy that all items above it carry"
		if len(c.Question.Policy.Initial) > 0 {
			want = policyText(c.Question.Policy.Initial)
		}
		have := make([]x509read.OID, 0, len(it.Cert.Policies))
		for _, x := range it.Cert.Policies {
			have = append(have, x.OID)
		}
		h.Evidence = []chain.Evid{{Field: "certificatePolicies", Got: policyText(have), Want: want}}
		above := items[min(len(items)-at, len(items)-1)].Cert.Policies
		h.Try(chain.RepairReissue(it, func(x *x509read.Certificate) {
			x.Policies = above
			for _, o := range c.Question.Policy.Initial {
				x.Policies = append(x.Policies[:len(x.Policies):len(x.Policies)], x509read.Policy{OID: o})
			}
		}), "")
		return []chain.Hit{h}
	}),
}

// maxPolicyWork bounds the policies and mappings looked at in one case; honest
// certificates have a handful.
const maxPolicyWork = 1 << 17

type policyWork struct{}

// policyMatters reports whether the policies of a path can break it: only where
// one is demanded, or a mapping is not allowed (RFC 5280 section 6.1.4 (a)).
func policyMatters(items []*chain.Item, in chain.PolicyInput) bool {
	if in.Explicit {
		return true
	}
	for _, it := range items {
		if it.Cert.PolicyConstraints != nil && it.Cert.PolicyConstraints.RequireExplicit >= 0 || it.Cert.HasFault(x509read.FaultPolicyMappingAny) {
			return true
		}
	}
	return false
}

func policyText(list []x509read.OID) string {
	if len(list) == 0 {
		return "none"
	}
	var b strings.Builder
	for i, o := range list {
		if i == 8 {
			b.WriteString(", …")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(o.Name())
	}
	return b.String()
}
