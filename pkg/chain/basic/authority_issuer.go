package basic

import (
	"bytes"
	"encoding/hex"
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(authorityIssuer)

var authorityIssuer = &chain.Rule{
	ID:    "basic-authority-issuer",
	Level: chain.LevelX509,
	Title: "authorityKeyIdentifier names another certificate of the CA",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 4.2.1.1"},
		{Doc: "OpenSSL", Section: "X509_check_akid"},
	},
	Explain: "Besides the issuer's key, authorityKeyIdentifier can name the very certificate that issued this one, by its issuer and serial number (openssl: keyid,issuer:always). Where the CA has made its certificate anew with the same key, the number is another, and what it issued before no longer fits. " +
		"OpenSSL, and with it nginx, Apache, HAProxy, curl, Python, Ruby and Node, does not take the new certificate for the issuer (error 20, or 2 for a root that names itself so); Apple platforms, Go and browsers look at the key.",
	Advice: []chain.Advice{
		{Who: "CA", Text: "issue {item} again with authorityKeyIdentifier=keyid, which a renewal of the CA's certificate does not break"},
		{Who: "server administrator", Text: "until then send and trust the CA's former certificate, whose serial number it names"},
		{For: chain.ForClient, Who: "CA", Text: "issue the identity again with authorityKeyIdentifier=keyid, which a renewal of the CA's certificate does not break"},
		{For: chain.ForClient, Who: "server administrator", Text: "until then keep the CA's former certificate among the client CAs", Config: chain.ClientCAs()},
	},
	Reads: x509read.FieldAuthorityKeyID | x509read.FieldIssuer | x509read.FieldSerial,
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) (hits []chain.Hit) {
		for _, l := range p.Links {
			hits = append(hits, otherIssuer(c, l.Child, l.Issuer)...)
		}
		if root := p.Last(); root.SelfIssued() {
			hits = append(hits, otherIssuer(c, root, root)...)
		}
		return hits
	}),
}

// otherIssuer compares issuer and serial number of the child's identifier with
// the certificate that issued it, each where it is there.
func otherIssuer(c *chain.Case, child, issuer *chain.Item) []chain.Hit {
	aki := child.Cert.AuthorityKeyID
	if aki == nil {
		return nil
	}
	var e chain.Evid
	switch name := aki.DirectoryName(); {
	case aki.Serial != nil && !bytes.Equal(aki.Serial, issuer.Cert.Serial):
		e.Got, e.Want = "serial "+hex.EncodeToString(aki.Serial), "serial "+hex.EncodeToString(issuer.Cert.Serial)
	case name != nil && !name.Equal5280(issuer.Cert.Issuer):
		e.Got, e.Want = "issuer "+name.String(), "issuer "+issuer.Cert.Issuer.String()
	default:
		return nil
	}
	e.Field = "authorityKeyIdentifier of " + c.Label(child)
	h := chain.Hit{Item: child, Evidence: []chain.Evid{e},
		Message: fmt.Sprintf("authorityKeyIdentifier of {item} names another certificate than %s: clients built on OpenSSL refuse the chain", c.Label(issuer))}
	if child == issuer {
		h.Message = "authorityKeyIdentifier of {item} names another certificate than itself: clients built on OpenSSL refuse the chain"
	}
	if clientIdentity(c) {
		h.Message = fmt.Sprintf("authorityKeyIdentifier of {item} names another certificate than %s: servers built on OpenSSL refuse the identity", c.Label(issuer))
	} else {
		h.AtMost = chain.Warning // the clients of a server are many, and most look at the key
	}
	h.Try(chain.RepairReissue(child, func(x *x509read.Certificate) {
		x.AuthorityKeyID = &x509read.AuthorityKeyID{KeyID: aki.KeyID}
	}), "")
	return []chain.Hit{h}
}
