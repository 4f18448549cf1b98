package lint

import (
	"net/url"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = Rules.Add(&chain.Rule{
	ID:      "lint-san-uri",
	Level:   chain.LevelX509,
	Title:   "a URI in subjectAltName is not absolute",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.6"}},
	Explain: "A URI in a certificate needs a scheme and something behind it; a relative reference has no meaning outside the page it stands on. " +
		"Clients that know workloads by their URI cannot match it.",
	Remedy:   chain.Remedy{Who: "CA", Text: "issue the certificate again with an absolute URI: subjectAltName=URI:spiffe://example.org/service"},
	YieldsTo: []string{"lint-san-syntax"},
	Check:    chain.PerItem(checkURI),
})

func checkURI(_ *chain.Case, it *chain.Item, _ chain.Place) []chain.Hit {
	for _, g := range it.Cert.SubjectAltName {
		if g.Tag != x509read.TagURI {
			continue
		}
		if u, err := url.Parse(g.Text()); err != nil || u.Scheme == "" || u.Opaque == "" && u.Host == "" && u.Path == "" {
			return one(it, "the URI "+shown(g.Text())+" is not absolute", "subjectAltName", shown(g.Text()), "scheme:…")
		}
	}
	return nil
}
