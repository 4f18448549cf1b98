package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(neverCritical)

var neverCritical = &chain.Rule{
	ID:      "lint-never-critical",
	Level:   chain.LevelX509,
	Title:   "an extension is critical that must not be",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "sections 4.2.1.8, 4.2.1.15, 4.2.2.1 and 4.2.2.2"}},
	Explain: "Extensions that only point somewhere – to the issuer's certificate, a responder, a newer CRL – or describe the holder must not be marked critical. " +
		"A client that has no use for them would be forced to refuse the certificate.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again without the word critical at the extension", Issue: &chain.Issuing{Anew: true}}},
	Check:  chain.PerCertificate(checkNeverCritical),
}

func checkNeverCritical(it *chain.Item, at chain.Place) (hits []chain.Hit) {
	for _, oid := range []x509read.OID{x509read.OIDExtAuthorityInfoAccess, x509read.OIDExtSubjectInfoAccess,
		x509read.OIDExtFreshestCRL, x509read.OIDExtSubjectDirectoryAttributes} {
		hits = append(hits, critical(it, oid, false)...)
	}
	return hits
}
