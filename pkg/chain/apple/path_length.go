package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(pathLength)

var pathLength = &chain.Rule{
	ID:    "apple-path-length",
	Level: chain.LevelX509,
	Title: "more intermediates than a CA's path length allows",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c", Section: "X-20", Confidence: chain.ConfidenceTested},
	},
	Explain: "A CA may limit how many further CAs stand between it and item 0. Apple platforms count the intermediates that are not self-issued and keep to the limit of the trusted anchor too, which RFC 5280 leaves open; a depth that the caller asks for is counted alike. " +
		"The log says that the certificate is not standards compliant.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue item 0 from a CA higher up, or issue the CA certificate again with a larger pathlen"}},
	Apple:  chain.AppleError{Class: chain.ClassCompliance, Sec: -67611},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		var hits []chain.Hit
		below := 0
		top := len(p.Items)
		if p.End == chain.Anchored || p.End == chain.SelfSigned {
			top--
		}
		for i := 1; i < len(p.Items); i++ {
			it := p.Items[i]
			if bc := it.Cert.BasicConstraints; bc != nil && bc.CA && bc.PathLen >= 0 && below > bc.PathLen {
				hits = append(hits, chain.Hit{Item: it, Message: fmt.Sprintf("pathLenConstraint of {item} is %d, and %d intermediates are below it", bc.PathLen, below),
					Advice: []chain.Advice{{Who: "CA", Text: fmt.Sprintf("issue {item} again with pathlen:%d, or item 0 from a CA higher up", below),
						Issue: &chain.Issuing{With: []string{fmt.Sprintf("basicConstraints=critical,CA:TRUE,pathlen:%d", below)}}, Repair: chain.RepairReissue(it, func(cert *x509read.Certificate) {
							cert.BasicConstraints = &x509read.BasicConstraints{CA: true, PathLen: -1, Critical: true}
						})}},
					Evidence: []chain.Evid{{Field: "basicConstraints.pathLenConstraint", Got: fmt.Sprint(bc.PathLen), Want: fmt.Sprintf("at least %d", below)}}})
			}
			if !it.Cert.Subject.EqualApple(it.Cert.Issuer) {
				below++
			}
			// The depth a caller asks for counts the intermediates alone.
			if limit := c.Question.MaxDepth; limit >= 0 && i == top-1 && below > limit {
				hits = append(hits, chain.Hit{Message: fmt.Sprintf("%d intermediates, the depth asked for is %d", below, limit),
					Evidence: []chain.Evid{{Field: "depth", Got: fmt.Sprint(below), Want: fmt.Sprintf("at most %d", limit)}}})
			}
		}
		return hits
	}),
}
