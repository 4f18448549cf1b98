package revocation

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(unknownRule)

var unknownRule = &chain.Rule{
	ID:    "revocation-unknown",
	Level: chain.LevelX509,
	Title: "nothing says that the certificate is not revoked",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 6.3.3"},
		{Doc: "SecRevocationServer.c", Section: "R-03", Confidence: chain.ConfidenceTested},
	},
	Explain: "Where revocation is checked strictly, every certificate below the trusted anchor needs a valid answer from its CA: silence, a list that ran out or one for other certificates is no answer. " +
		"Devices are lenient by default and let silence pass; this finding appears where CRLs were handed in or an answer was demanded.",
	Advice:    []chain.Advice{{Who: "CA", Text: "publish a current CRL for every issuer of the chain, with crlnumber set in openssl.cnf (crlnumber = crlnumber), and hand all of them in with --crl", Commands: []string{numbered, makeList + "list.crl"}}},
	Apple:     chain.AppleError{Class: chain.ClassPinning, Sec: -67635},
	InsteadOf: []string{"revocation-evidence-ignored"}, EvenUnknown: true,
	Needs: func(c *chain.Case) bool {
		return (evidenced(c) || c.Question.Revocation == chain.RevocationRequire) && bookOf(c).hardFail()
	},
	Check:    chain.PerPath(checkUnknown),
	Instants: instants,
}

func checkUnknown(c *chain.Case, p *chain.Path) (hits []chain.Hit) {
	b := bookOf(c)
	if p.End != chain.Anchored {
		return nil
	}
	revokedSeen, open := false, 0 // a revoked certificate is what decides
	for i := range p.Links {
		switch b.status(p, i).state {
		case revoked:
			revokedSeen = true
		case undetermined:
			open++
		}
	}
	besides := ""
	if len(b.lists) > 0 {
		besides = " in addition to the CRLs given"
	}
	for i := range p.Links {
		a := b.status(p, i)
		if a.state != undetermined {
			continue
		}
		list := "list.crl"
		if open > 1 { // each CA makes its own
			list = fmt.Sprintf("list-%d.crl", i)
		}
		h := chain.Hit{
			Item:     p.Items[i],
			Message:  fmt.Sprintf("no valid answer about the revocation of {item}: %s", a.why),
			Evidence: []chain.Evid{{Field: "revocation", Got: "none that counts", Want: fmt.Sprintf("a current CRL or OCSP response of %s", p.Items[i].Cert.Issuer)}},
			Advice: []chain.Advice{{Who: "CA", Text: fmt.Sprintf("publish a current CRL of %s; then judge again with --crl %s%s", p.Items[i].Cert.Issuer, list, besides),
				Commands: []string{numbered, makeList + list}}},
		}
		if a.uncheckable {
			h.Status = chain.Unknown
		}
		if revokedSeen {
			h.AtMost, h.Message = chain.Note, fmt.Sprintf("no valid answer about the revocation of {item} either: %s", a.why)
		}
		hits = append(hits, h)
	}
	return hits
}

// A list of version 2, for which openssl ca wants the file of the next number.
const (
	numbered = "test -s crlnumber || echo 1000 > crlnumber"
	makeList = "openssl ca -gencrl -crldays 30 -out "
)
