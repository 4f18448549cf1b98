package revocation

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(crlUnreadable)

var crlUnreadable = &chain.Rule{
	ID:      "revocation-crl-unreadable",
	Level:   chain.LevelX509,
	Title:   "a CRL that was handed in cannot be read",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 5.1"}},
	Explain: "A file that was meant to say which certificates are revoked is no CRL, or breaks off. " +
		"It is left aside: whatever it was to say about the chain of trust is not part of this verdict.",
	Advice: []chain.Advice{{Who: "whoever hands in the CRL", Text: "fetch the list again and look at it", Commands: []string{"openssl crl -inform DER -in list.crl -noout -text"}}},
	Needs:  func(c *chain.Case) bool { return evidenced(c) && len(bookOf(c).lists) > 0 },
	Check:  chain.PerList(checkUnreadable),
}

func checkUnreadable(c *chain.Case) (hits []chain.Hit) {
	for _, l := range bookOf(c).lists {
		if l.err != nil {
			hits = append(hits, chain.Hit{
				Message:  fmt.Sprintf("%s is left aside: %s", l.source, l.err.Error()),
				Evidence: []chain.Evid{{Field: "CRL", Got: l.err.Error(), Want: "a CertificateList"}},
				AtMost:   chain.Warning,
			})
		}
	}
	return hits
}
