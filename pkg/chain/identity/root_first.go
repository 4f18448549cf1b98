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
		if leaf <= 0 {
			return nil
		}
		first := certificates(c, id)[0]
		if first == nil || first.BasicConstraints == nil || !first.BasicConstraints.CA {
			return nil
		}
		h := chain.Hit{Item: itemOf(c, id, leaf), Message: fmt.Sprintf("the certificate of the key is number %d of %d in the file; the first is a CA's", leaf+1, len(id.Certificates)),
			Evidence: []chain.Evid{{Field: "certificate 1", Got: first.Subject.String(), Want: subject(c, id, leaf)}}}
		if cmd := convert(id, newRecipe); isPKCS12(id) && cmd != "" {
			h.Fix = "write the file leaf first: `" + cmd + "`"
		}
		return []chain.Hit{h}
	}),
})
