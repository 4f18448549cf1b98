package identity

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(rootFirstRule)

var rootFirstRule = &chain.Rule{
	ID: "identity-root-first", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title:   "the file's first certificate is not the key's",
	Sources: []chain.Source{{Doc: "RFC 7292", Section: "section 4.2"}, {Doc: "RFC 8446", Section: "section 4.4.2"}, {Doc: "SSL_CTX_use_certificate_chain_file(3)", Section: "description"}},
	Explain: "TLS libraries take the first certificate of a PEM file as the leaf: with a CA's in that place nginx and openssl stop with “key values mismatch”, and curl with exit code 58. PKCS#12 defines no order, but programs that take its order as the order to send, Envoy and ingress controllers among them, then send a CA certificate as item 0.",
	Advice:  []chain.Advice{{Who: "whoever made the file", Text: "write it leaf first: PEM as below; in PKCS#12 OpenSSL puts the certificate that fits the key first and keeps the order of the others", Commands: []string{"cat client.pem intermediate.pem client.key > identity.pem"}}},
	Needs:   func(c *chain.Case) bool { return c.Capture.Identity != nil || presentedIdentity(c) != nil },
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		if id := c.Capture.Identity; id != nil {
			return fileOrder(c, id)
		}
		if p := presentedIdentity(c); p != nil && p.Place > 0 {
			return []chain.Hit{{Message: fmt.Sprintf("the certificate of the key is number %d in the identity's PEM file; it was sent first here, other programs take the first of the file", p.Place+1),
				Evidence: []chain.Evid{{Field: "place of the leaf in the file", Got: fmt.Sprint(p.Place + 1), Want: "1"}}}}
		}
		return nil
	}),
}

// presentedIdentity is the identity that a server was shown; nil: none.
func presentedIdentity(c *chain.Case) *chain.Presented {
	for i := range c.Capture.Observations {
		if p := c.Capture.Observations[i].Presented; p != nil && len(p.Sent) > 0 {
			return p
		}
	}
	return nil
}

// fileOrder looks at the order of an identity file: PEM has to begin with the
// leaf, PKCS#12 had better not begin with a CA.
func fileOrder(c *chain.Case, id *chain.Identity) []chain.Hit {
	leaf, _ := leafOf(id)
	if leaf < 0 || id.Format == "JKS" || id.Format == "JCEKS" { // there each key entry has its own chain
		return nil
	}
	first := certificates(c, id)[0]
	ca := first != nil && first.IsCA()
	h := chain.Hit{Item: itemOf(c, id, leaf), Named: true}
	if leaf > 0 && (ca || id.Format == "PEM") {
		owner := "another one's"
		if ca {
			owner = "a CA's"
		}
		h.Message = fmt.Sprintf("the certificate of the key is number %d of %d in the file; the first is %s", leaf+1, len(id.Certificates), owner)
		h.Evidence = []chain.Evid{{Field: "first in the file", Got: subject(c, id, 0), Want: subject(c, id, leaf)}}
	} else if issuer, issued := issuerBefore(c, id); issuer >= 0 {
		h.Message = fmt.Sprintf("%s stands before %s, which it issued", subject(c, id, issuer), subject(c, id, issued))
		h.Evidence = []chain.Evid{{Field: "order", Got: fmt.Sprintf("%d before %d", issuer+1, issued+1), Want: "each certificate before its issuer"}}
		h.AtMost = chain.Note
	} else {
		return nil
	}
	switch {
	case leaf > 0 && isPKCS12(id):
		h.Advice = writeAgain(id, "write the file leaf first", newRecipe)
	case leaf > 0 && id.Format == "PEM":
		h.Advise("whoever made the file", "move "+subject(c, id, leaf)+line(id, leaf)+" to its beginning, before the other certificates")
	}
	return []chain.Hit{h}
}

// line says where certificate n begins; "" where that is not known.
func line(id *chain.Identity, n int) string {
	if b := bagOf(id, n); b != nil && b.Line > 0 {
		return fmt.Sprintf(", from line %d on,", b.Line)
	}
	return ""
}

// issuerBefore finds a certificate of the file that stands before one it issued; -1, -1 none.
func issuerBefore(c *chain.Case, id *chain.Identity) (issuer, issued int) {
	certs := certificates(c, id)
	if len(certs) > 64 || len(id.Keys) > 1 { // a trust store, or several chains, whose order means nothing
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
