package lint

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(sanEmail)

var sanEmail = &chain.Rule{
	ID:      "lint-san-email",
	Level:   chain.LevelX509,
	Title:   "an rfc822Name is no mailbox",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.6"}},
	Explain: "An rfc822Name is one mailbox, local part, @ and host, without a display name or brackets. " +
		"A name with two @ signs is cut in two places by different software, which is how name constraints on mailboxes are slipped.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with subjectAltName=email:user@example.com"}},
	Check:  chain.PerCertificate(checkEmail),
}

func checkEmail(it *chain.Item, _ chain.Place) []chain.Hit {
	for _, g := range it.Cert.SubjectAltName {
		if g.Tag == x509read.TagEmail && !mailbox(g.Text()) {
			return one(it, fmt.Sprintf("the rfc822Name %s of {item} is no mailbox", quoted(g.Text())), "subjectAltName", quoted(g.Text()), "local-part@host")
		}
	}
	return nil
}
