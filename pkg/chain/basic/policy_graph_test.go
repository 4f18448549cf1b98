package basic

import (
	"fmt"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

const (
	policyA = x509read.OID("\x2a\x03\x01")
	policyB = x509read.OID("\x2a\x03\x02")
)

// policyStep is a certificate with policies.
func policyStep(policies ...x509read.OID) policyCert {
	c := &x509read.Certificate{}
	for _, o := range policies {
		c.Policies = append(c.Policies, x509read.Policy{OID: o})
	}
	return policyCert{Certificate: c}
}

func maps(c policyCert, from, to x509read.OID) policyCert {
	c.PolicyMappings = append(c.PolicyMappings, x509read.PolicyMapping{IssuerDomain: from, SubjectDomain: to})
	return c
}

func demands(c policyCert, skip int) policyCert {
	c.PolicyConstraints = &x509read.PolicyConstraints{RequireExplicit: skip, InhibitMapping: -1}
	return c
}

// TestPolicies: RFC 5280 section 6.1 with each of its inputs.
func TestPolicies(t *testing.T) {
	a := chain.PolicyInput{Initial: []x509read.OID{policyA}, Explicit: true}
	explicit := chain.PolicyInput{Explicit: true}
	zero := 0
	inhibits := policyStep(policyA)
	inhibits.InhibitAnyPolicy = &zero
	for _, c := range []struct {
		about string
		certs []policyCert
		in    chain.PolicyInput
		ok    bool
	}{
		{"no policies, none demanded", []policyCert{policyStep(), policyStep()}, chain.PolicyInput{}, true},
		{"no policies, one demanded", []policyCert{policyStep(), policyStep()}, explicit, false},
		{"same policy", []policyCert{policyStep(policyA), policyStep(policyA)}, explicit, true},
		{"other policies", []policyCert{policyStep(policyA), policyStep(policyB)}, explicit, false},
		{"asked for and there", []policyCert{policyStep(policyA, policyB), policyStep(policyA)}, a, true},
		{"asked for and not there", []policyCert{policyStep(policyA, policyB), policyStep(policyB)}, a, false},
		{"any policy above", []policyCert{policyStep(anyPolicy), policyStep(policyA)}, a, true},
		{"any policy below", []policyCert{policyStep(policyA), policyStep(anyPolicy)}, a, true},
		{"any policy inhibited", []policyCert{policyStep(policyA), policyStep(anyPolicy)}, chain.PolicyInput{Explicit: true, InhibitAny: true}, false},
		{"any policy inhibited by a CA", []policyCert{inhibits, policyStep(anyPolicy)}, explicit, false},
		{"mapped", []policyCert{maps(policyStep(policyA), policyA, policyB), policyStep(policyB)}, a, true},
		{"mapped away", []policyCert{maps(policyStep(policyA), policyA, policyB), policyStep(policyA)}, a, false},
		{"mapping inhibited", []policyCert{maps(policyStep(policyA), policyA, policyB), policyStep(policyB)},
			chain.PolicyInput{Explicit: true, InhibitMapping: true}, false},
		{"mapped below any policy", []policyCert{maps(policyStep(anyPolicy), policyA, policyB), policyStep(policyB)}, a, true},
		{"mapped from any policy", []policyCert{maps(policyStep(policyA), anyPolicy, policyB), policyStep(policyB)}, chain.PolicyInput{}, false},
		{"demanded by a CA at once", []policyCert{demands(policyStep(policyA), 0), policyStep()}, chain.PolicyInput{}, false},
		{"demanded by a CA one later", []policyCert{demands(policyStep(policyA), 1), policyStep()}, chain.PolicyInput{}, false},
		{"demanded by a CA two later", []policyCert{demands(policyStep(policyA), 2), policyStep()}, chain.PolicyInput{}, true},
		{"demanded by the leaf", []policyCert{policyStep(), demands(policyStep(), 0)}, chain.PolicyInput{}, false},
		{"no certificate", nil, explicit, true},
	} {
		if _, why := policyFault(c.certs, c.in); (why == "") != c.ok {
			t.Errorf("%s: %q", c.about, why)
		}
	}
}

// TestPolicyGraphStaysSmall: each CA maps every policy to every other, which
// makes the tree of RFC 5280 grow with the power of the depth (RFC 9618 section 1).
func TestPolicyGraphStaysSmall(t *testing.T) {
	const width, depth = 40, 20
	var all []x509read.OID
	for i := range width {
		all = append(all, x509read.OID(fmt.Sprintf("\x2a\x03\x03%c", byte(i))))
	}
	var certs []policyCert
	for range depth {
		c := policyStep(all...)
		for _, from := range all {
			for _, to := range all {
				c = maps(c, from, to)
			}
		}
		certs = append(certs, c)
	}
	if at, why := policyFault(certs, chain.PolicyInput{Explicit: true, Initial: all[:1]}); why != "" {
		t.Errorf("certificate %d: %s", at, why)
	}
	level := policyLevel{anyPolicy: {policy: anyPolicy, expected: []x509read.OID{anyPolicy}, allowed: true}}
	for range depth {
		level = level.down(certs[0], false, func(x509read.OID) bool { return true })
		level.mapped(certs[0], nil, true, func(x509read.OID) bool { return true })
		if len(level) != width {
			t.Fatalf("%d nodes at one depth, want %d", len(level), width)
		}
	}
}
