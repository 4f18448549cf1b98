package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = Rules.Add(&chain.Rule{
	ID: "identity-root-first", Level: chain.LevelIdentity,
	Title:   "the file holds its certificates root first",
	Sources: []chain.Source{{Doc: "RFC 7292", Section: "section 4.2"}, {Doc: "RFC 8446", Section: "section 4.4.2"}},
	Explain: "PKCS#12 defines no order, so that a file with the root or an intermediate before the leaf is complete and valid. Programs that take the file's order as the order to send, Envoy and ingress controllers among them, then send a CA certificate as item 0, and the other side sees a chain that does not begin with the certificate of the key.",
	Remedy:  chain.Remedy{Who: "whoever made the file", Text: "write it leaf first; `openssl pkcs12 -export` puts the certificate that fits the key first and keeps the order of the others"},
	Check: chain.PerIdentity(func(c *chain.Case, id *chain.Identity) []chain.Hit {
		leaf, _ := leafOf(id)
		if leaf < 0 {
			return nil
		}
		first := certificates(c, id)[0]
		h := chain.Hit{Item: itemOf(c, id, leaf)}
		if leaf > 0 && first != nil && first.BasicConstraints != nil && first.BasicConstraints.CA {
			h.Message = fmt.Sprintf("the certificate of the key is number %d of %d in the file; the first is a CA's", leaf+1, len(id.Certificates))
			h.Evidence = []chain.Evid{{Field: "certificate 1", Got: first.Subject.String(), Want: subject(c, id, leaf)}}
		} else if issuer, issued := issuerBefore(c, id); issuer >= 0 {
			h.Message = subject(c, id, issuer) + " stands before " + subject(c, id, issued) + ", which it issued"
			h.Evidence = []chain.Evid{{Field: "order", Got: fmt.Sprintf("%d before %d", issuer+1, issued+1), Want: "each certificate before its issuer"}}
			h.AtMost = chain.Note
		} else {
			return nil
		}
		if cmd := convert(id, newRecipe); isPKCS12(id) && cmd != "" && leaf > 0 {
			h.Fix = "write the file leaf first: `" + cmd + "`"
		}
		return []chain.Hit{h}
	}),
})

// issuerBefore finds a certificate of the file that stands before one it issued; -1, -1 none.
func issuerBefore(c *chain.Case, id *chain.Identity) (issuer, issued int) {
	certs := certificates(c, id)
	if len(certs) > 64 { // a trust store, whose order means nothing
		return -1, -1
	}
	for j, child := range certs {
		for i, parent := range certs[:j] {
			if child != nil && parent != nil && child.Issuer.Equal5280(parent.Subject) && !child.Issuer.Equal5280(child.Subject) {
				return i, j
			}
		}
	}
	return -1, -1
}
