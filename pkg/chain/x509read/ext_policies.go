package x509read

// policies reads certificatePolicies (RFC 5280 section 4.2.1.4).
func (p *parser) policies(s span) {
	e, ok := p.only(s, idSequence, FaultPoliciesSyntax)
	if !ok {
		return
	}
	inner := e.span()
	n := p.count(inner)
	policies := make([]Policy, 0, n)
	var seen map[OID]bool
	if n > duplicateBySearch {
		seen = make(map[OID]bool, n)
	}
	for !inner.empty() {
		info, ok := p.expect(&inner, idSequence)
		fields := info.span()
		id, ok2 := p.expect(&fields, idOID)
		if !ok || !ok2 {
			p.fault(FaultPoliciesSyntax, inner.pos, "a policy is not a SEQUENCE that begins with an object identifier")
			return
		}
		policy := Policy{OID: p.objectID(id)}
		if !fields.empty() {
			qualifiers, ok := p.expect(&fields, idSequence)
			if !ok || !fields.empty() {
				p.fault(FaultPoliciesSyntax, info.off, "the qualifiers of policy %s are not one SEQUENCE", policy.OID)
				return
			}
			policy.Qualifiers = p.whole(qualifiers)
		}
		repeated := seen[policy.OID]
		if seen != nil {
			seen[policy.OID] = true
		}
		for i := range policies {
			if seen != nil {
				break
			}
			repeated = repeated || policies[i].OID == policy.OID
		}
		if repeated {
			p.fault(FaultPolicyDuplicate, info.off, "the policy %s occurs a second time", policy.OID)
		}
		policies = append(policies, policy)
	}
	if len(policies) == 0 {
		p.fault(FaultPoliciesEmpty, e.off, "there is no policy")
	}
	p.c.Policies = policies
}

// policyMappings reads RFC 5280 section 4.2.1.5.
func (p *parser) policyMappings(s span) {
	e, ok := p.only(s, idSequence, FaultPolicyMappingsSyntax)
	if !ok {
		return
	}
	inner := e.span()
	mappings := make([]PolicyMapping, 0, p.count(inner))
	for !inner.empty() {
		pair, ok := p.expect(&inner, idSequence)
		fields := pair.span()
		from, ok2 := p.expect(&fields, idOID)
		to, ok3 := p.expect(&fields, idOID)
		if !ok || !ok2 || !ok3 || !fields.empty() {
			p.fault(FaultPolicyMappingsSyntax, inner.pos, "a mapping is not a pair of object identifiers")
			return
		}
		m := PolicyMapping{IssuerDomain: p.objectID(from), SubjectDomain: p.objectID(to)}
		if m.IssuerDomain == OIDAnyPolicy || m.SubjectDomain == OIDAnyPolicy {
			p.fault(FaultPolicyMappingAny, pair.off, "%s is mapped to %s, anyPolicy must not be mapped", m.IssuerDomain.Name(), m.SubjectDomain.Name())
		}
		mappings = append(mappings, m)
	}
	if len(mappings) == 0 {
		p.fault(FaultPolicyMappingsEmpty, e.off, "there is no mapping")
	}
	p.c.PolicyMappings = mappings
}

// policyConstraints reads RFC 5280 section 4.2.1.11.
func (p *parser) policyConstraints(s span) {
	e, ok := p.only(s, idSequence, FaultPolicyConstraintsSyntax)
	if !ok {
		return
	}
	c := &PolicyConstraints{RequireExplicit: -1, InhibitMapping: -1}
	inner := e.span()
	for i, to := range []*int{&c.RequireExplicit, &c.InhibitMapping} {
		number, ok := p.expect(&inner, idContext|byte(i))
		if !ok {
			continue
		}
		if *to, ok = p.integer(number); !ok {
			p.fault(FaultPolicyConstraintsSyntax, number.off, "the number of certificates to skip is not a non-negative INTEGER")
			return
		}
	}
	if !inner.empty() {
		p.fault(FaultPolicyConstraintsSyntax, inner.pos, "an element with the identifier octet 0x%02x does not belong here", p.peek(inner))
		return
	}
	if c.RequireExplicit < 0 && c.InhibitMapping < 0 {
		p.fault(FaultPolicyConstraintsEmpty, e.off, "the extension has no field")
	}
	p.c.PolicyConstraints = c
}

// inhibitAnyPolicy reads RFC 5280 section 4.2.1.14.
func (p *parser) inhibitAnyPolicy(s span) {
	e, ok := p.only(s, idInteger, FaultInhibitAnyPolicySyntax)
	if !ok {
		return
	}
	n, ok := p.integer(e)
	if !ok {
		p.fault(FaultInhibitAnyPolicySyntax, e.off, "the number of certificates to skip is not a non-negative INTEGER")
		return
	}
	p.c.InhibitAnyPolicy = &n
}
