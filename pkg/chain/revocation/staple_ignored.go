package revocation

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(stapleIgnored)

var stapleIgnored = &chain.Rule{
	ID:    "revocation-staple-ignored",
	Level: chain.LevelX509,
	Title: "a stapled OCSP response is of no use",
	Sources: []chain.Source{
		{Doc: "RFC 6960", Section: "sections 3.2 and 4.2.2.2"},
		{Doc: "SecRevocationServer.c", Section: "R-07, R-08", Confidence: chain.ConfidenceSource},
	},
	Explain: "The server sent an OCSP response along with its certificates, to save the client the question, but the response is out of date, about another certificate, or signed by somebody who may not answer. " +
		"Clients drop such a response and go on as if there were none; an app or a profile that demands an answer does not.",
	Advice:   []chain.Advice{{Who: "server administrator", Text: "let the server renew it", Config: stapling()}},
	Needs:    func(c *chain.Case) bool { return c.Observation != nil && len(c.Observation.Staples) > 0 },
	Instants: instants,
	Check:    chain.PerPath(checkStaple),
}

func checkStaple(c *chain.Case, p *chain.Path) (hits []chain.Hit) {
	b := bookOf(c)
	for _, r := range b.replies {
		for i := range p.Links {
			it, issuer := p.Items[i], p.Items[i+1]
			if r.item != it.Index || !it.Sent() {
				continue
			}
			s, why := r.about(it.Cert, issuer.Cert)
			if s != nil {
				why = r.usable(s, issuer.Cert, c.Question.Time)
			}
			if why == "" {
				continue
			}
			kind := "alone"
			if slices.ContainsFunc(it.Cert.AuthorityInfo, func(a x509read.AccessDescription) bool { return a.Method == x509read.OIDAccessOCSP }) {
				kind = "responder" // who wants an answer can ask there
			}
			hits = append(hits, chain.Hit{
				Item: it, Kinds: []string{kind}, Message: fmt.Sprintf("%s, about {item}, is passed over by clients, since it %s", r.source, why), AtMost: chain.Warning,
				Evidence: []chain.Evid{{Field: "OCSP response", Got: why, Want: "a current answer signed by the issuer or its responder"}},
			})
		}
	}
	return hits
}
