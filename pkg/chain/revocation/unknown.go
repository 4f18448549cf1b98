package revocation

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = Rules.Add(&chain.Rule{
	ID:    "revocation-unknown",
	Level: chain.LevelX509,
	Title: "nothing says that the certificate is not revoked",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 6.3.3"},
		{Doc: "SecRevocationServer.c", Section: "R-03", Confidence: chain.ConfidenceTested},
	},
	Explain: "Where revocation is checked strictly, every certificate below the trusted anchor needs a valid answer from its CA: silence, a list that ran out or one for other certificates is no answer. " +
		"Devices are lenient by default and let silence pass; this finding appears where CRLs were handed in or an answer was demanded.",
	Remedy: chain.Remedy{
		Who:  "CA",
		Text: "publish a current CRL for every issuer of the chain: openssl ca -gencrl -crldays 30, with crlnumber set in openssl.cnf, and hand all of them in with --crl",
	},
	Apple:    chain.AppleError{Class: chain.ClassPinning, Sec: -67635},
	YieldsTo: []string{"revocation-revoked"},
	Needs:    func(c *chain.Case) bool { return bookOf(c).hardFail() },
	Check:    chain.PerPath(checkUnknown),
	Instants: instants,
})

func checkUnknown(c *chain.Case, p *chain.Path) (hits []chain.Hit) {
	b := bookOf(c)
	if p.End != chain.Anchored {
		return nil
	}
	for i := range p.Links {
		a := b.status(p, i)
		if a.state == revoked {
			return nil // silence about the others is not what is wrong here
		}
		if a.state != undetermined {
			continue
		}
		hits = append(hits, chain.Hit{
			Item:     p.Items[i],
			Message:  "no valid answer about revocation: " + a.why,
			Evidence: []chain.Evid{{Field: "revocation", Got: "none that counts", Want: fmt.Sprintf("a current CRL or OCSP response of %s", p.Items[i].Cert.Issuer)}},
			Fix:      fmt.Sprintf("CA: publish a current CRL of %s (openssl ca -gencrl -crldays 30 -out list.crl); then judge again with --crl list.crl", p.Items[i].Cert.Issuer),
		})
	}
	return hits
}
