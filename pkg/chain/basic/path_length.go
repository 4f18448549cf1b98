package basic

import (
	"fmt"
	"strconv"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(pathLength)

var pathLength = &chain.Rule{
	ID:    "basic-path-length",
	Level: chain.LevelX509,
	Title: "more intermediates than a CA allows",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "sections 4.2.1.9 and 6.1.4 (l), (m)"},
		{Doc: "SecPolicyServer.c", Section: "X-20", Confidence: chain.ConfidenceSource},
	},
	Explain: "A CA certificate can limit how many intermediates may stand between it and the leaf, so that a sub-CA cannot hand its power on. Certificates a CA issued to itself do not count, nor does the leaf. " +
		"This chain is longer than one of its CAs, or the depth that was asked for, allows.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue item 0 from a CA higher up, or issue the CA certificate again with a larger pathlen"}},
	Apple:     chain.AppleError{Class: chain.ClassCompliance, Sec: -67611},
	InsteadOf: []string{"apple-path-length"},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		for i := 1; i < len(p.Items); i++ {
			bc := p.Items[i].Cert.BasicConstraints
			if bc == nil || !bc.CA || bc.PathLen < 0 {
				continue
			}
			if n := intermediates(p, i); n > bc.PathLen {
				it := p.Items[i]
				return []chain.Hit{{ // one link too many is one fault, however many CAs mind it
					Item:     it,
					Message:  fmt.Sprintf("{item} allows %d intermediates below it, there are %d", bc.PathLen, n),
					Evidence: []chain.Evid{{Field: "pathLenConstraint", Got: strconv.Itoa(n), Want: "at most " + strconv.Itoa(bc.PathLen)}},
					Advice: []chain.Advice{{Who: "CA", Text: fmt.Sprintf("issue {item} again with pathlen:%d, or item 0 from a CA higher up", n),
						Issue: &chain.Issuing{With: []string{fmt.Sprintf("basicConstraints=critical,CA:TRUE,pathlen:%d", n)}}, Repair: chain.RepairReissue(it, func(x *x509read.Certificate) {
							x.BasicConstraints = &x509read.BasicConstraints{CA: true, PathLen: n, Critical: bc.Critical}
						})}},
				}}
			}
		}
		if limit := c.Question.MaxDepth; limit >= 0 && len(p.Items) > 1 {
			end := len(p.Items)
			if p.End == chain.Anchored || p.End == chain.SelfSigned {
				end--
			}
			if n := intermediates(p, end); n > limit {
				return []chain.Hit{{
					Message:  fmt.Sprintf("the path has %d intermediates, %d are allowed", n, limit),
					Evidence: []chain.Evid{{Field: "depth", Got: strconv.Itoa(n), Want: "at most " + strconv.Itoa(limit)}},
				}}
			}
		}
		return nil
	}),
}
