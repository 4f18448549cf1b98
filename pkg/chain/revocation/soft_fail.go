package revocation

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(softFail)

var softFail = &chain.Rule{
	ID:    "revocation-soft-fail",
	Level: chain.LevelX509, Severity: chain.Note,
	Title: "whether it is revoked could not be told",
	Sources: []chain.Source{
		{Doc: "RFC 6960", Section: "section 2.3"},
		{Doc: "SecRevocationServer.c", Section: "R-02, R-03", Confidence: chain.ConfidenceSource},
	},
	Explain: "The CA was asked whether it has taken the certificate back, and no answer came that counts. Apple platforms then go on as if it were good (soft-fail), and so do most browsers: whoever can keep the answer away can use a revoked certificate. " +
		"Only an app or a profile that wants a positive answer refuses the connection; --revocation require judges so.",
	Advice: []chain.Advice{{Who: "CA", Text: "answer again at the address that the certificate names; the answer has to be signed by the CA or a responder it named, and to be in date"},
		{Who: "server administrator", Text: "staple the answer, so that nobody has to ask", Config: stapling()}},
	Needs: func(c *chain.Case) bool { return evidenced(c) && bookOf(c).asked && !bookOf(c).hardFail() },
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) (hits []chain.Hit) {
		b := bookOf(c)
		for i := range p.Links {
			it := p.Items[i]
			a := b.status(p, i)
			if a.state != undetermined || !reachable(it.Cert) { // no address is no fault
				continue
			}
			hits = append(hits, chain.Hit{Item: it,
				Message:  fmt.Sprintf("could not tell whether {item} is revoked, and devices go on (soft-fail): %s", a.why),
				Evidence: []chain.Evid{{Field: "revocation", Got: a.why, Want: "a current answer of " + it.Cert.Issuer.Short()}}})
		}
		return hits
	}),
	Instants: instants,
}
