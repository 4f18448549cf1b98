package basic

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// policyCert is a certificate of a path on its way down from the anchor.
type policyCert struct {
	*x509read.Certificate
	selfIssued bool
}

// policyNode is a node of one depth of the policy graph. The graph of RFC 9618
// has one node per policy and depth, so that it grows with the certificates
// and not, as the tree of RFC 5280, with their product. Nodes above the present
// depth are not kept: whether a node has a way up that the user allows is
// settled when it is made.
type policyNode struct {
	policy   x509read.OID
	expected []x509read.OID
	allowed  bool // a way up leads through a policy of the user-initial-policy-set
}

const anyPolicy = x509read.OIDAnyPolicy

// policyLevel is one depth of the graph; nil is the NULL graph.
type policyLevel map[x509read.OID]*policyNode

// policyFault runs the policy part of RFC 5280 section 6.1 over the
// certificates below the anchor, the topmost first. message is empty where the path is valid; at is the index of
// the certificate at which it failed.
func policyFault(certs []policyCert, in chain.PolicyInput) (at int, message string) {
	n := len(certs)
	user := map[x509read.OID]bool{}
	for _, o := range in.Initial {
		user[o] = true
	}
	anyUser := len(user) == 0 || user[anyPolicy]
	explicit, mapping, inhibitAny := n+1, n+1, n+1
	if in.Explicit {
		explicit = 0
	}
	if in.InhibitMapping {
		mapping = 0
	}
	if in.InhibitAny {
		inhibitAny = 0
	}
	level := policyLevel{anyPolicy: {policy: anyPolicy, expected: []x509read.OID{anyPolicy}, allowed: true}}
	for i, c := range certs {
		last := i == n-1
		above := level
		level = above.down(c, inhibitAny > 0 || !last && c.selfIssued, func(o x509read.OID) bool { return anyUser || user[o] })
		if explicit == 0 && len(level) == 0 {
			return i, "no certificate policy is valid for {item}, and one is demanded"
		}
		if last {
			break
		}
		for _, m := range c.PolicyMappings {
			if m.IssuerDomain == anyPolicy || m.SubjectDomain == anyPolicy {
				return i, "{item} maps a policy from or to any-policy, which RFC 5280 section 6.1.4 (a) forbids"
			}
		}
		level.mapped(c, above[anyPolicy], mapping > 0, func(o x509read.OID) bool { return anyUser || user[o] })
		if !c.selfIssued {
			explicit, mapping, inhibitAny = max(0, explicit-1), max(0, mapping-1), max(0, inhibitAny-1)
		}
		if pc := c.PolicyConstraints; pc != nil {
			if pc.RequireExplicit >= 0 {
				explicit = min(explicit, pc.RequireExplicit)
			}
			if pc.InhibitMapping >= 0 {
				mapping = min(mapping, pc.InhibitMapping)
			}
		}
		if c.InhibitAnyPolicy != nil {
			inhibitAny = min(inhibitAny, *c.InhibitAnyPolicy)
		}
	}
	if n == 0 {
		return 0, ""
	}
	// Section 6.1.5 (a), (b), (g).
	explicit = max(0, explicit-1)
	if pc := certs[n-1].PolicyConstraints; pc != nil && pc.RequireExplicit == 0 {
		explicit = 0
	}
	if explicit > 0 {
		return 0, ""
	}
	for _, node := range level {
		if node.allowed {
			return 0, ""
		}
	}
	return n - 1, "no certificate policy that was asked for is valid for the chain of {item}, and one is demanded"
}

// down makes the next depth from a certificate's policies (section 6.1.3 (d), (e)).
func (above policyLevel) down(c policyCert, anyCounts bool, asked func(x509read.OID) bool) policyLevel {
	if c.Policies == nil || len(above) == 0 {
		return nil
	}
	parents := map[x509read.OID][]*policyNode{} // by expected policy
	for _, node := range above {
		for _, o := range node.expected {
			parents[o] = append(parents[o], node)
		}
	}
	level := policyLevel{}
	add := func(o x509read.OID, ups []*policyNode) {
		if level[o] != nil {
			return
		}
		node := &policyNode{policy: o, expected: []x509read.OID{o}}
		for _, up := range ups {
			node.allowed = node.allowed || allowedBelow(up, o, asked)
		}
		level[o] = node
	}
	hasAny := false
	for _, p := range c.Policies {
		if p.OID == anyPolicy {
			hasAny = true
			continue
		}
		ups := parents[p.OID]
		if len(ups) == 0 && above[anyPolicy] != nil {
			ups = []*policyNode{above[anyPolicy]}
		}
		if len(ups) > 0 {
			add(p.OID, ups)
		}
	}
	if hasAny && anyCounts {
		for o, ups := range parents {
			add(o, ups)
		}
	}
	return level
}

// allowedBelow: below any-policy a policy has to be asked for itself; below
// another it inherits the answer (section 6.1.5 (g)(iii)).
func allowedBelow(up *policyNode, o x509read.OID, asked func(x509read.OID) bool) bool {
	if up.policy == anyPolicy && o != anyPolicy {
		return asked(o)
	}
	return up.allowed
}

// mapped applies a CA's policy mappings (section 6.1.4 (b)).
func (level policyLevel) mapped(c policyCert, anyAbove *policyNode, allowed bool, asked func(x509read.OID) bool) {
	if len(level) == 0 {
		return
	}
	to := map[x509read.OID][]x509read.OID{}
	for _, m := range c.PolicyMappings {
		to[m.IssuerDomain] = append(to[m.IssuerDomain], m.SubjectDomain)
	}
	for from, subjects := range to {
		switch {
		case !allowed:
			delete(level, from)
		case level[from] != nil:
			level[from].expected = subjects
		case level[anyPolicy] != nil && anyAbove != nil:
			level[from] = &policyNode{policy: from, expected: subjects, allowed: asked(from)}
		}
	}
}
