package basic

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(nameConstraintsRule)

var nameConstraintsRule = &chain.Rule{
	ID:    "basic-name-constraints",
	Level: chain.LevelX509,
	Title: "name lies outside what a CA may certify",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "sections 4.2.1.10 and 6.1.3 (b), (c)"},
	},
	Explain: "A CA can be limited to certain names: a company's CA to the company's domains. Every certificate below it then has to keep to these names, in all of its subjectAltName and subject, not only in the name that is looked for. " +
		"A wildcard counts as every name it covers.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again without the name, or from a CA that may certify it"}},
	Apple:     chain.AppleError{Class: chain.ClassCompliance, Sec: -67689},
	InsteadOf: []string{"apple-name-constraints", "lint-name-constraints", "lint-name-constraints-subtree"},
	Reads:     x509read.FieldSubject | x509read.FieldSubjectAltName | x509read.FieldNameConstraints,
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if !p.Constrained() {
			return nil
		}
		memory := chain.OnceForAll(c, constraintKey{}, func() *constraintMemory { return &constraintMemory{pairs: map[constraintPair][]chain.Hit{}} })
		var hits []chain.Hit
		for i := len(p.Items) - 1; i > 0; i-- {
			ca := p.Items[i]
			nc := constraintsAt(p, i)
			if nc == nil || ca.Cert.HasFault(x509read.FaultSubtreeIPLength, x509read.FaultSubtreeIPMask) {
				continue // absent, or basic-unreadable
			}
			for k := i - 1; k >= 0; k-- {
				it := p.Items[k]
				if k > 0 && it.SelfIssued() {
					continue // RFC 5280 section 6.1.3 (b): but the final certificate
				}
				hits = append(hits, memory.judge(ca, nc, it, k == 0 && readsCommonName(c.Question))...)
			}
		}
		return hits
	}),
}

// constraintsAt are those of a CA of the path; those that a store imposes on its
// root are the initial-permitted-subtrees (RFC 5280 section 6.1.1 (h)).
func constraintsAt(p *chain.Path, i int) *x509read.NameConstraints {
	nc := p.Items[i].Cert.NameConstraints
	if i < len(p.Items)-1 || p.Anchor == nil || len(p.Anchor.Below) == 0 {
		return nc
	}
	imposed := x509read.NameConstraints{}
	if nc != nil {
		imposed = *nc
	}
	imposed.Permitted = slices.Clone(imposed.Permitted)
	for _, name := range p.Anchor.Below {
		imposed.Permitted = append(imposed.Permitted, x509read.Subtree{Base: x509read.GeneralName{Tag: x509read.TagDNS, Value: []byte(name)}, Maximum: -1})
	}
	return &imposed
}

// maxConstraintChecks bounds the comparisons of one certificate's names with one
// CA's subtrees, as OpenSSL does (NAME_CHECK_MAX); maxConstraintWork those of a case.
const (
	maxConstraintChecks = 1 << 20
	maxConstraintWork   = 1 << 22
)

type constraintKey struct{}

// constraintMemory keeps the answers for pairs that many paths share, and counts the work.
type constraintMemory struct {
	pairs map[constraintPair][]chain.Hit
	work  int
}

type constraintPair struct {
	ca, item    *chain.Item
	commonNames bool
}

func (m *constraintMemory) judge(ca *chain.Item, nc *x509read.NameConstraints, it *chain.Item, commonNames bool) []chain.Hit {
	key := constraintPair{ca, it, commonNames}
	if hits, ok := m.pairs[key]; ok {
		return hits
	}
	names := constrainedNames(it.Cert, commonNames)
	work := len(names) * (len(nc.Permitted) + len(nc.Excluded))
	m.work += work + len(names)
	var hits []chain.Hit
	if work > maxConstraintChecks || m.work > maxConstraintWork {
		hits = []chain.Hit{{
			Item:     it,
			Message:  fmt.Sprintf("{item} has too many names to compare with the constraints of %s", ca.Label()),
			Evidence: []chain.Evid{{Field: "nameConstraints", Got: fmt.Sprintf("%d names × %d subtrees", len(names), len(nc.Permitted)+len(nc.Excluded)), Want: fmt.Sprintf("at most %d comparisons", maxConstraintChecks)}},
		}}
	} else if b := constraintsOf(nc).breach(names); b != nil {
		h := chain.Hit{
			Item:     it,
			Message:  fmt.Sprintf(b.format, b.name.kind(), b.name.text, ca.Label()),
			Evidence: []chain.Evid{{Field: "nameConstraints", Got: b.name.text, Want: b.want}},
			Kinds:    []string{chain.Place{Anchor: ca.Anchor != nil}.String() + "-" + constraintKind(b, nc)},
		}
		if b.name.general != nil {
			h.Try(dropNames(it, nc), "")
		}
		hits = []chain.Hit{h}
	}
	m.pairs[key] = hits
	return hits
}

// readsCommonName: with a reference name, level 2 looks at subjectAltName only,
// and a common name can do no harm; without one, whoever uses the answer may read it.
func readsCommonName(q chain.Question) bool {
	return q.Purpose != chain.PurposeClient && (q.NameKind == chain.NameNone || q.NameKind == "")
}

// dropNames has the certificate issued again without the names that break the constraints.
func dropNames(it *chain.Item, nc *x509read.NameConstraints) chain.Repair {
	return chain.RepairReissue(it, func(x *x509read.Certificate) {
		keep, limits := []x509read.GeneralName{}, constraintsOf(nc)
		for i := range x.SubjectAltName {
			g := &x.SubjectAltName[i]
			if limits.breach([]constrainedName{alternativeName(g)}) == nil {
				keep = append(keep, *g)
			}
		}
		x.SubjectAltName = keep
	})
}

// constraintKind names the kind of name that breaks a constraint: few clients
// compare all of them.
func constraintKind(b *constraintBreach, nc *x509read.NameConstraints) string {
	if b.span {
		return "span" // minimum and maximum, which RFC 5280 does not use
	}
	switch b.name.tag {
	case x509read.TagDNS:
		switch {
		case b.wild:
			return "dns-wildcard"
		case b.dot:
			return "dns-final-dot"
		}
		return "dns"
	case x509read.TagIP:
		if !slices.ContainsFunc(nc.Permitted, func(s x509read.Subtree) bool {
			return s.Base.Tag == x509read.TagIP && len(s.Base.Value) == 2*len(b.name.general.Value)
		}) && len(nc.Excluded) == 0 {
			return "ip-family" // what is permitted is of the other version of IP
		}
		return "ip"
	case x509read.TagDirectoryName:
		return "directory-name"
	case x509read.TagEmail:
		return "email"
	case x509read.TagURI:
		return "uri"
	}
	return "other-name"
}
