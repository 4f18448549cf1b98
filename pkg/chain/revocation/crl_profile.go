package revocation

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(crlProfile)

var crlProfile = &chain.Rule{
	ID:    "revocation-crl-profile",
	Level: chain.LevelX509, Severity: chain.Warning,
	Title: "a CRL counts that is not made as RFC 5280 wants",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "sections 5.1.2.1, 5.1.2.5 and 5.2.3"},
		{Doc: "Baseline Requirements", Section: "section 7.2"},
	},
	Explain: "A CA has to write version 2, a nextUpdate and a cRLNumber into its lists. Who reads one need not ask for them: the algorithm that looks a certificate up does not, and OpenSSL, GnuTLS and mbed TLS take such a list, which openssl ca makes wherever its configuration has no crlnumber. " +
		"Without a number nobody can tell an older list from a newer one of the same second, nor a replayed one from the present.",
	Advice: []chain.Advice{{Who: "CA", Text: "set crlnumber in openssl.cnf (crlnumber = crlnumber) and make the list again", Commands: []string{numbered, makeList + "list.crl"}}},
	Needs:  func(c *chain.Case) bool { return evidenced(c) && len(bookOf(c).lists) > 0 },
	Check:  chain.PerList(checkProfile),
}

func checkProfile(c *chain.Case) (hits []chain.Hit) {
	b := bookOf(c)
	for _, p := range c.Paths {
		for i := range p.Links {
			b.status(p, i)
		}
	}
	for _, l := range b.lists {
		if l.err == nil && l.use.counted && len(l.Lacks) > 0 {
			missing := strings.Join(l.Lacks, " and ")
			hits = append(hits, chain.Hit{Message: fmt.Sprintf("%s: %s lacks what RFC 5280 demands of every CRL: %s", l.source, l.name(), missing),
				Evidence: []chain.Evid{{Field: "CRL", Got: "without " + missing, Want: missing}}})
		}
	}
	return hits
}
