package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

const (
	maxSubtrees    = 1024    // apple: N-08
	maxComparisons = 1 << 20 // of one path, and four times as many of all: a hostile certificate must not cost minutes
)

var _ = rules.Add(nameConstraintsRule)

var nameConstraintsRule = &chain.Rule{
	ID:    "apple-name-constraints",
	Level: chain.LevelX509,
	Title: "a name lies outside a CA's name constraints",
	Sources: []chain.Source{
		{Doc: "nameconstraints.c", Section: "N-01 to N-08", Confidence: chain.ConfidenceTested},
	},
	Explain: "A CA may be limited to some names, and every certificate below it is held to that, also below a trusted anchor that carries such limits itself. " +
		"Apple platforms have their own ways here: directory names are compared octet by octet and must be longer than the constraint, an empty dNSName matches nothing, and the permitted names of several CAs add up. " +
		"The log says that the certificate is not standards compliant.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue item 0 for names inside the constraints, or from a CA without them"}},
	Apple:  chain.AppleError{Class: chain.ClassCompliance, Sec: -67689},
	Reads:  x509read.FieldSubject | x509read.FieldSubjectAltName | x509read.FieldNameConstraints,
	Check:  chain.PerPath(constrainedNames),
}

// constrainedNames goes from the top down: each certificate is held against
// what the CAs above it have said, then adds its own constraints.
func constrainedNames(c *chain.Case, p *chain.Path) []chain.Hit {
	if !p.Constrained() {
		return nil
	}
	n := constraints{all: chain.Once(c, comparisonsKey{}, func() *int { return new(int) })}
	for i := len(p.Items) - 1; i >= 0; i-- {
		it := p.Items[i]
		selfIssued := it.Cert.Subject.EqualApple(it.Cert.Issuer)
		if n.any() && i < len(p.Items)-1 && (!selfIssued || i == 0) {
			if h, bad := n.judge(it); bad {
				return []chain.Hit{h}
			}
		}
		nc := it.Cert.NameConstraints
		if nc == nil || i == 0 {
			continue
		}
		if len(nc.Permitted) >= maxSubtrees || len(nc.Excluded) >= maxSubtrees {
			return []chain.Hit{{Item: it, Message: fmt.Sprintf("{item} has name constraints of %d subtrees, want fewer than %d", max(len(nc.Permitted), len(nc.Excluded)), maxSubtrees),
				Evidence: []chain.Evid{{Field: "nameConstraints", Got: fmt.Sprint(len(nc.Permitted) + len(nc.Excluded)), Want: fmt.Sprintf("fewer than %d", maxSubtrees)}}}}
		}
		if kind, ok := unsupportedSubtree(nc); ok && nc.Critical && i < len(p.Items)-1 {
			return []chain.Hit{{Item: it, Message: fmt.Sprintf("{item} has critical name constraints for %s names, which are not supported", kind),
				Evidence: []chain.Evid{{Field: "nameConstraints", Got: kind, Want: "dNSName, directoryName, rfc822Name, iPAddress or URI"}}}}
		}
		n.add(it, nc)
	}
	return nil
}

func unsupportedSubtree(nc *x509read.NameConstraints) (string, bool) {
	for _, list := range [...][]x509read.Subtree{nc.Permitted, nc.Excluded} {
		for _, s := range list {
			switch s.Base.Tag {
			case x509read.TagDNS, x509read.TagDirectoryName, x509read.TagEmail, x509read.TagIP, x509read.TagURI:
			default:
				return s.Base.Kind(), true
			}
		}
	}
	return "", false
}
